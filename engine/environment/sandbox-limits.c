#include "engine/environment/sandbox-limits.h"

#include <string.h>
#include <sys/vfs.h>

#include "engine/fd.h"

struct _KelvinSandboxLimits {
  KelvinCgroupVersion version;
  KelvinFd controls[KELVIN_N_CONTROLS];
  /* since the last boundary */
  gint64 peak_bytes;
  gint64 kills_known;
  gint64 most_uncounted_bytes; /* file cache and /tmp, the most that was seen of them */

  gint64 kernel_peak_bytes; /* the most ever */
  gint64 peak_before_bytes; /* the kernel's, of what was before the last boundary */
};

/* What memory.stat tells of a group and those below it. */
typedef struct {
  gint64 anonymous;
  gint64 shared;
  gint64 files; /* with the shared ones */
  gint64 kernel;
} Memory;

/* The longest is memory.stat, with about 3,000. */
#define LONGEST_TEXT 8192
/* So little shared memory isn't worth the question which of it is files in /tmp. */
#define UNASKED_SHARED_BYTES (64 * 1024)
/* One processor's worth of memory size (reference, section 4.4). */
#define MB_A_CORE 1769

static gboolean
read_text (KelvinSandboxLimits *self, KelvinControl control, char *text)
{
  gssize size = -1;

  if (self->controls[control] >= 0)
    size = pread (self->controls[control], text, LONGEST_TEXT - 1, 0);
  text[MAX (size, 0)] = '\0';
  return size > 0;
}

/* -1 if it can't be read. */
static gint64
read_number (KelvinSandboxLimits *self, KelvinControl control)
{
  char text[LONGEST_TEXT];

  return read_text (self, control, text) ? g_ascii_strtoll (text, NULL, 10) : -1;
}

/* A line is "key number"; 0 without such a line. */
static gint64
number_of (const char *text, const char *key)
{
  gsize length = strlen (key);

  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (strncmp (line, key, length) == 0 && line[length] == ' ')
        return g_ascii_strtoll (line + length, NULL, 10);
    }
  return 0;
}

static gboolean
read_memory (KelvinSandboxLimits *self, Memory *memory)
{
  gboolean is_v1 = self->version == KELVIN_CGROUP_V1;
  char text[LONGEST_TEXT];

  if (!read_text (self, KELVIN_CONTROL_MEMORY_STAT, text))
    return FALSE;
  memory->anonymous = number_of (text, is_v1 ? "total_rss" : "anon");
  memory->shared = number_of (text, is_v1 ? "total_shmem" : "shmem");
  memory->files = number_of (text, is_v1 ? "total_cache" : "file");
  memory->kernel = is_v1 ? MAX (read_number (self, KELVIN_CONTROL_KERNEL_MEMORY), 0)
                         : number_of (text, "kernel");
  return TRUE;
}

/* -1 without a quota, in v2 too. */
static gint64
read_throttled_us (KelvinSandboxLimits *self)
{
  gboolean is_v1 = self->version == KELVIN_CGROUP_V1;
  char text[LONGEST_TEXT];

  if (!read_text (self, is_v1 ? KELVIN_CONTROL_CPU_STAT : KELVIN_CONTROL_CPU_USED, text) ||
      strstr (text, "nr_throttled") == NULL)
    return -1;
  return is_v1 ? number_of (text, "throttled_time") / 1000 : number_of (text, "throttled_usec");
}

static gint64
read_cpu_us (KelvinSandboxLimits *self)
{
  char text[LONGEST_TEXT];

  if (self->version == KELVIN_CGROUP_V1)
    return read_number (self, KELVIN_CONTROL_CPU_USED) / 1000;
  return read_text (self, KELVIN_CONTROL_CPU_USED, text) ? number_of (text, "usage_usec") : -1;
}

gint64
kelvin_sandbox_limits_temporary_bytes (int temporary_fd)
{
  struct statfs status;

  if (temporary_fd < 0 || fstatfs (temporary_fd, &status) != 0)
    return -1;
  return (gint64) (status.f_blocks - status.f_bfree) * (gint64) status.f_bsize;
}

/* The files in /tmp are shared memory to the kernel, and can't be more of it than there is. */
static gint64
temporary_in_shared (int temporary_fd, gint64 shared)
{
  if (shared < UNASKED_SHARED_BYTES)
    return 0;
  return CLAMP (kelvin_sandbox_limits_temporary_bytes (temporary_fd), 0, shared);
}

KelvinSandboxLimits *
kelvin_sandbox_limits_new (KelvinCgroupVersion version, guint32 controls, const int *fds,
                           guint n_fds)
{
  g_autoptr (KelvinSandboxLimits) self = g_new0 (KelvinSandboxLimits, 1);
  guint next = 0;

  self->version = version;
  for (guint i = 0; i < KELVIN_N_CONTROLS; i++)
    self->controls[i] = (controls & (1u << i)) != 0 && next < n_fds ? fds[next++] : -1;
  while (next < n_fds)
    close (fds[next++]);

  if (self->controls[KELVIN_CONTROL_MEMORY_STAT] < 0 ||
      self->controls[KELVIN_CONTROL_CPU_USED] < 0 || self->controls[KELVIN_CONTROL_CPU_QUOTA] < 0)
    return NULL;
  return g_steal_pointer (&self);
}

void
kelvin_sandbox_limits_free (KelvinSandboxLimits *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < KELVIN_N_CONTROLS; i++)
    kelvin_fd_clear (&self->controls[i]);
  g_free (self);
}

static gboolean
read_usage (KelvinSandboxLimits *self, int temporary_fd, KelvinUsage *out_usage,
            gint64 *out_uncounted)
{
  Memory memory;
  gint64 cpu_us = read_cpu_us (self);

  if (cpu_us < 0 || !read_memory (self, &memory))
    return FALSE;

  gint64 temporary = temporary_in_shared (temporary_fd, memory.shared);
  gint64 now = memory.anonymous + memory.shared - temporary + memory.kernel;
  *out_uncounted = MAX (memory.files - memory.shared, 0) + temporary;
  self->peak_bytes = MAX (self->peak_bytes, now);
  *out_usage = (KelvinUsage){ .cpu_us = cpu_us,
                              .memory_bytes = now,
                              .memory_peak_bytes = self->peak_bytes,
                              .cgroup_peak_bytes = -1,
                              .throttled_us = -1 };
  return TRUE;
}

gboolean
kelvin_sandbox_limits_read (KelvinSandboxLimits *self, int temporary_fd, KelvinUsage *out_usage)
{
  gint64 uncounted = 0;

  if (!read_usage (self, temporary_fd, out_usage, &uncounted))
    return FALSE;
  self->most_uncounted_bytes = MAX (self->most_uncounted_bytes, uncounted);
  return TRUE;
}

/* v1 forgets its peak on demand; in v2 only one that is higher than before says something. */
static void
begin_anew (KelvinSandboxLimits *self, gint64 now, gint64 uncounted)
{
  gboolean forgotten = self->version == KELVIN_CGROUP_V1 &&
                       self->controls[KELVIN_CONTROL_MEMORY_PEAK] >= 0 &&
                       pwrite (self->controls[KELVIN_CONTROL_MEMORY_PEAK], "0", 1, 0) == 1;

  self->peak_before_bytes = forgotten ? 0 : self->kernel_peak_bytes;
  self->peak_bytes = now;
  self->most_uncounted_bytes = uncounted;
}

/* The kernel's peak is of everything. While cache and files in /tmp have only grown there were
 * never more of them than now, so what is beyond them was the function's own. */
gboolean
kelvin_sandbox_limits_read_boundary (KelvinSandboxLimits *self, int temporary_fd,
                                     KelvinUsage *out_usage)
{
  gint64 uncounted = 0;

  if (!read_usage (self, temporary_fd, out_usage, &uncounted))
    return FALSE;

  gint64 peak = read_number (self, KELVIN_CONTROL_MEMORY_PEAK);
  if (peak > self->peak_before_bytes && uncounted >= self->most_uncounted_bytes)
    self->peak_bytes = MAX (self->peak_bytes, peak - uncounted);
  self->kernel_peak_bytes = MAX (self->kernel_peak_bytes, peak);
  out_usage->memory_peak_bytes = self->peak_bytes;
  out_usage->cgroup_peak_bytes = peak < 0 ? -1 : self->kernel_peak_bytes;
  out_usage->throttled_us = read_throttled_us (self);
  begin_anew (self, out_usage->memory_bytes, uncounted);
  return TRUE;
}

static gint64
read_kills (KelvinSandboxLimits *self)
{
  char text[LONGEST_TEXT];

  return read_text (self, KELVIN_CONTROL_MEMORY_EVENTS, text) ? number_of (text, "oom_kill") : 0;
}

gboolean
kelvin_sandbox_limits_has_killed (KelvinSandboxLimits *self)
{
  return read_kills (self) > self->kills_known;
}

void
kelvin_sandbox_limits_forget_kills (KelvinSandboxLimits *self)
{
  self->kills_known = read_kills (self);
}

gboolean
kelvin_sandbox_limits_set_cpu_quota (KelvinSandboxLimits *self, gint64 quota_us)
{
  gboolean is_v1 = self->version == KELVIN_CGROUP_V1;
  char text[48];

  if (quota_us > 0 && is_v1)
    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, quota_us);
  else if (quota_us > 0)
    g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT " %d", quota_us, KELVIN_CPU_PERIOD_US);
  else
    g_strlcpy (text, is_v1 ? "-1" : "max", sizeof text);

  gssize length = strlen (text);
  return pwrite (self->controls[KELVIN_CONTROL_CPU_QUOTA], text, length, 0) == length;
}

gint64
kelvin_sandbox_limits_cpu_quota (guint memory_mb, guint n_cores)
{
  gint64 quota_us = (gint64) KELVIN_CPU_PERIOD_US * memory_mb / MB_A_CORE;

  return quota_us < (gint64) KELVIN_CPU_PERIOD_US * n_cores ? quota_us : 0;
}

const char *
kelvin_sandbox_limits_mechanism (KelvinCgroupVersion version)
{
  switch (version)
    {
    case KELVIN_CGROUP_V1:
      return "cgroup-v1";
    case KELVIN_CGROUP_V2:
      return "cgroup-v2";
    case KELVIN_CGROUP_NONE:
    default:
      return NULL;
    }
}
