#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Is there memory for one more environment? New ones are refused before the machine begins to kill
 * what runs. Engine thread alone. */
typedef struct _KelvinFreeMemory KelvinFreeMemory;

/* Bytes that programs can still take without swapping, and all there are; -1 unknown. */
typedef struct {
  gint64 available_bytes;
  gint64 total_bytes;
} KelvinMemoryReading;
typedef KelvinMemoryReading (*KelvinMemoryFunc) (gpointer user_data);

/* @read is NULL for the machine's own memory. */
KelvinFreeMemory *kelvin_free_memory_new (KelvinMemoryFunc read, gpointer user_data);
void kelvin_free_memory_free (KelvinFreeMemory *self);

/* A reading lasts for 100 ms of @now_ns (monotonic). TRUE where nothing is known. */
gboolean kelvin_free_memory_has_room (KelvinFreeMemory *self, gint64 now_ns);

/* MemAvailable and MemTotal of /proc/meminfo; any thread. */
KelvinMemoryReading kelvin_memory_read (gpointer unused);
/* Environments of @memory_mb that this machine can carry at once, each using all that it may; at
 * least 1. */
guint kelvin_memory_carries (const KelvinMemoryReading *reading, guint memory_mb);

G_END_DECLS
