#pragma once

#include "engine/environment/launcher.h"
#include "launcher/protocol.h"

G_BEGIN_DECLS

/* The control groups of one sandbox, seen by their files: what its processes use, and how much of a
 * processor they get. Reading and writing them never blocks. Engine thread alone. */
typedef struct _KelvinSandboxLimits KelvinSandboxLimits;

/* @controls: 1 << KelvinControl for each of @fds, which are taken. NULL where they aren't all there
 * that a reading takes. */
KelvinSandboxLimits *kelvin_sandbox_limits_new (KelvinCgroupVersion version, guint32 controls,
                                                const int *fds, guint n_fds);
void kelvin_sandbox_limits_free (KelvinSandboxLimits *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinSandboxLimits, kelvin_sandbox_limits_free)

/* @temporary_fd: the sandbox's /tmp, whose files are in memory but aren't the function's; -1 if
 * unknown. FALSE when the groups are gone. */
gboolean kelvin_sandbox_limits_read (KelvinSandboxLimits *self, int temporary_fd,
                                     KelvinUsage *out_usage);
/* As kelvin_sandbox_limits_read, and besides the kernel's own peak and how long the quota held
 * back: what came and went between readings is in memory_peak_bytes too, as far as it can be told
 * from file cache. After it the peak begins anew. */
gboolean kelvin_sandbox_limits_read_boundary (KelvinSandboxLimits *self, int temporary_fd,
                                              KelvinUsage *out_usage);
/* What the files on a file system of a sandbox's own take; -1 if it can't be told. */
gint64 kelvin_sandbox_limits_temporary_bytes (int temporary_fd);
/* Has the kernel ended a process because memory had reached the groups' own limit, since the last
 * call of kelvin_sandbox_limits_forget_kills? */
gboolean kelvin_sandbox_limits_has_killed (KelvinSandboxLimits *self);
void kelvin_sandbox_limits_forget_kills (KelvinSandboxLimits *self);

/* In each period of KELVIN_CPU_PERIOD_US; 0: all that the machine has. */
gboolean kelvin_sandbox_limits_set_cpu_quota (KelvinSandboxLimits *self, gint64 quota_us);
/* The share of a function of this memory size (reference, section 4.4), 0 when it is all cores. */
gint64 kelvin_sandbox_limits_cpu_quota (guint memory_mb, guint n_cores);

/* "cgroup-v1", "cgroup-v2", or NULL for KELVIN_CGROUP_NONE. */
const char *kelvin_sandbox_limits_mechanism (KelvinCgroupVersion version);

G_END_DECLS
