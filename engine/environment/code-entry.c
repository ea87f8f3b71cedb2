#include "engine/environment/code-entry.h"

#include <time.h>

#define FINE_STEP_NS (20 * G_GINT64_CONSTANT (1000000))
#define COARSE_STEP_NS (2 * G_GINT64_CONSTANT (1000000000))

static gint64
timespec_to_ns (struct timespec time)
{
  return (gint64) time.tv_sec * 1000000000 + time.tv_nsec;
}

KelvinCodeEntry *
kelvin_code_entry_new (const char *path, KelvinCodeEntryKind kind, const struct stat *info)
{
  KelvinCodeEntry *self = g_new0 (KelvinCodeEntry, 1);

  self->path = g_strdup (path);
  self->kind = kind;
  self->executable = kind == KELVIN_CODE_ENTRY_FILE && (info->st_mode & 0111) != 0;
  self->stamp = kelvin_code_stamp_of (info);
  return self;
}

void
kelvin_code_entry_free (KelvinCodeEntry *self)
{
  g_free (self->path);
  g_free (self->target);
  g_free (self);
}

KelvinCodeStamp
kelvin_code_stamp_of (const struct stat *info)
{
  return (KelvinCodeStamp){
    .size = (guint64) info->st_size,
    .mtime_ns = timespec_to_ns (info->st_mtim),
    .ctime_ns = timespec_to_ns (info->st_ctim),
    .inode = info->st_ino,
  };
}

gboolean
kelvin_code_stamp_equal (const KelvinCodeStamp *a, const KelvinCodeStamp *b)
{
  return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns &&
         a->inode == b->inode;
}

gboolean
kelvin_code_stamp_is_too_new (const KelvinCodeStamp *self, gint64 now_ns)
{
  gboolean whole_seconds = self->ctime_ns % 1000000000 == 0;

  return self->ctime_ns >= now_ns - (whole_seconds ? COARSE_STEP_NS : FINE_STEP_NS);
}

gint64
kelvin_code_stamp_now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME_COARSE, &now);
  return timespec_to_ns (now);
}
