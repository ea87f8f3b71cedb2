#include "engine/dispatch/free-memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fd.h"

/* Left for what runs already: a twentieth of the machine, at most this. */
#define MOST_KEPT_BYTES (G_GINT64_CONSTANT (256) * 1024 * 1024)
#define READING_NS (G_GINT64_CONSTANT (100) * 1000000)

struct _KelvinFreeMemory {
  KelvinMemoryFunc read;
  gpointer user_data;
  KelvinMemoryReading last;
  gint64 read_ns; /* -1 before the first */
};

static gint64
find_kb (const char *text, const char *name)
{
  const char *at = strstr (text, name);

  return at != NULL ? strtoll (at + strlen (name), NULL, 10) : -1;
}

KelvinMemoryReading
kelvin_memory_read (gpointer unused)
{
  g_auto (KelvinFd) fd = open ("/proc/meminfo", O_RDONLY | O_CLOEXEC);
  char text[1024];
  gssize length = fd < 0 ? -1 : read (fd, text, sizeof text - 1);
  KelvinMemoryReading reading = { -1, -1 };

  if (length <= 0)
    return reading;
  text[length] = '\0';

  gint64 total_kb = find_kb (text, "MemTotal:");
  gint64 available_kb = find_kb (text, "MemAvailable:");

  if (total_kb < 0 || available_kb < 0)
    return reading;
  reading.total_bytes = total_kb * 1024;
  reading.available_bytes = available_kb * 1024;
  return reading;
}

KelvinFreeMemory *
kelvin_free_memory_new (KelvinMemoryFunc read_func, gpointer user_data)
{
  KelvinFreeMemory *self = g_new0 (KelvinFreeMemory, 1);

  self->read = read_func != NULL ? read_func : kelvin_memory_read;
  self->user_data = user_data;
  self->read_ns = -1;

  return self;
}

void
kelvin_free_memory_free (KelvinFreeMemory *self)
{
  g_free (self);
}

static gint64
kept_bytes (const KelvinMemoryReading *reading)
{
  return MIN (reading->total_bytes / 20, MOST_KEPT_BYTES);
}

gboolean
kelvin_free_memory_has_room (KelvinFreeMemory *self, gint64 now_ns)
{
  if (self->read_ns < 0 || now_ns - self->read_ns >= READING_NS)
    {
      self->last = self->read (self->user_data);
      self->read_ns = now_ns;
    }
  return self->last.available_bytes < 0 || self->last.available_bytes > kept_bytes (&self->last);
}

guint
kelvin_memory_carries (const KelvinMemoryReading *reading, guint memory_mb)
{
  gint64 usable = reading->available_bytes - kept_bytes (reading);

  return (guint) CLAMP (usable / ((gint64) memory_mb * 1024 * 1024), 1, G_MAXINT32);
}
