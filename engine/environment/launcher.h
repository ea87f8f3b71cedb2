#pragma once

#include <gio/gio.h>

#include "engine/environment/sandbox-plan.h"
#include "engine/poller.h"

G_BEGIN_DECLS

/* What failed, and where a fix is known "; " and the fix. */
#define KELVIN_LAUNCHER_ERROR (kelvin_launcher_error_quark ())
typedef enum {
  KELVIN_LAUNCHER_ERROR_NOT_STARTED, /* kelvin-launcher can't be executed, or didn't greet */
  KELVIN_LAUNCHER_ERROR_GONE,        /* it ended while it was needed */
  KELVIN_LAUNCHER_ERROR_NAMESPACES,  /* user namespaces are off or mutilated */
  KELVIN_LAUNCHER_ERROR_SANDBOX,     /* a step failed, which the message names with its path */
  KELVIN_LAUNCHER_ERROR_EXEC,        /* the runtime can't be executed */
} KelvinLauncherError;
GQuark kelvin_launcher_error_quark (void);

/* The engine's end of kelvin-launcher, and of each sandbox that it made. Engine thread alone. */
typedef struct _KelvinLauncher KelvinLauncher;
typedef struct _KelvinSandbox KelvinSandbox;

/* How the runtime process ended. */
typedef struct {
  gboolean signalled;
  int code;     /* exit status or signal number */
  gint64 at_ns; /* CLOCK_MONOTONIC */
} KelvinExit;

/* What the sandbox's processes have used: a reading of its control groups, or by pid 1. */
typedef struct {
  gint64 cpu_us;       /* user and system, all processes so far, ended ones too */
  gint64 memory_bytes; /* anonymous and shared memory of the tree now; in groups the kernel's too */
  gint64 memory_peak_bytes; /* the most of it since the last reading at a boundary */
  gint64 cgroup_peak_bytes; /* the kernel's own, ever, with file cache and /tmp; -1 unknown */
  gint64 throttled_us;      /* held back by the CPU quota so far; -1 unknown */
} KelvinUsage;

/* Calls of a sandbox to its owner, on the engine thread; never from inside kelvin_sandbox_start. */
typedef struct {
  /* All mounts stand, the runtime is about to be executed. @api_fd: the listening socket of the
   * Runtime API on 127.0.0.1:9001 inside; the owner takes it. @ready_ns: CLOCK_MONOTONIC. */
  void (*ready) (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data);
  /* The runtime's bootstrap said that the function's own code comes next (KELVIN_MARK_INIT). */
  void (*init_started) (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data);
  /* It could not be made, or its runtime not executed; `gone` follows. */
  void (*failed) (KelvinSandbox *sandbox, const GError *error, gpointer user_data);
  /* The runtime process ended; others may still run until the sandbox is killed. */
  void (*exited) (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data);
  /* All had got the signal that stops them. */
  void (*frozen) (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data);
  /* The answer to kelvin_sandbox_clear: nothing but pid 1 is left. */
  void (*cleared) (KelvinSandbox *sandbox, gpointer user_data);
  /* After kelvin_sandbox_start_again: the runtime is about to be executed. */
  void (*started_again) (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data);
  /* The answer to kelvin_sandbox_ask_usage. */
  void (*usage) (KelvinSandbox *sandbox, const KelvinUsage *usage, gpointer user_data);
  /* No process of it is left and its pid 1 was reaped; the owner frees it now or later. */
  void (*gone) (KelvinSandbox *sandbox, gpointer user_data);
} KelvinSandboxEvents;

/* Starts the program, from the main thread before other threads are many; waits at most 10 s for
 * its greeting. If it ends, the next sandbox starts it again. @poller's thread is the one that may
 * use the result. */
KelvinLauncher *kelvin_launcher_new (const char *program, KelvinPoller *poller, GError **error);
/* Ends the program and with it every sandbox. */
void kelvin_launcher_free (KelvinLauncher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinLauncher, kelvin_launcher_free)

/* Asks for a sandbox; it reports by @events. The descriptors of its output are there at once. */
KelvinSandbox *kelvin_sandbox_start (KelvinLauncher *launcher, KelvinSandboxPlan *plan,
                                     const KelvinSandboxEvents *events, gpointer user_data,
                                     GError **error);
/* Read ends, non-blocking, owned by the sandbox. */
int kelvin_sandbox_get_stdout_fd (KelvinSandbox *self);
int kelvin_sandbox_get_stderr_fd (KelvinSandbox *self);

/* When a reading of usage is taken: at a boundary of an attempt, or at some time within it. */
typedef enum {
  KELVIN_READING_WITHIN,
  KELVIN_READING_BOUNDARY,
} KelvinReading;

/* What its control groups say, at once. FALSE where there are none: then ask. */
gboolean kelvin_sandbox_read_usage (KelvinSandbox *self, KelvinReading reading,
                                    KelvinUsage *out_usage);
/* `usage` answers, unless the sandbox ends first. */
void kelvin_sandbox_ask_usage (KelvinSandbox *self, KelvinReading reading);
/* What is in its /tmp; -1 before it is ready, and where it has none of its own. */
gint64 kelvin_sandbox_get_temporary_bytes (KelvinSandbox *self);
/* Holds its processes to the share of the machine's cores that goes with @memory_mb; 0 lifts that.
 * Without control groups nothing does. */
void kelvin_sandbox_share_cpu (KelvinSandbox *self, guint memory_mb);
/* Had it been made ahead, as far as it is the same for every function? Known once it is ready. */
gboolean kelvin_sandbox_was_parked (KelvinSandbox *self);
/* Did the kernel end one of its processes for memory? */
gboolean kelvin_sandbox_was_killed_for_memory (KelvinSandbox *self);
/* The listening sockets that its plan asked for beside the Runtime API's, in their order: the
 * caller takes them. There from `ready` on. @fds has room for all. Returns how many there are. */
guint kelvin_sandbox_take_listeners (KelvinSandbox *self, int *fds);
/* Reports at once what the sandbox has said already, `init_started` above all: call it before a
 * mark must be known, since news of several descriptors come in any order. */
void kelvin_sandbox_drain (KelvinSandbox *self);
/* Keeps what the runtime's bootstrap writes after its mark, up to KELVIN_LARGEST_REPORT: call it
 * right after kelvin_sandbox_start. */
#define KELVIN_LARGEST_REPORT (8 * 1024 * 1024)
void kelvin_sandbox_collect_report (KelvinSandbox *self);
/* What was written so far; the function's code may have written it. NULL where that was nothing, or
 * more than is kept. (transfer full) */
GBytes *kelvin_sandbox_take_report (KelvinSandbox *self);
/* SIGKILL to everything in it, at once; `gone` follows. May be called again. */
void kelvin_sandbox_kill (KelvinSandbox *self);
/* SIGKILL to every process but pid 1, which stays, with the mounts, /tmp and its files, and the
 * sockets; `cleared` answers. What was asked of pid 1 before is answered before. */
void kelvin_sandbox_clear (KelvinSandbox *self);
/* Executes the runtime again in a cleared sandbox; `started_again` answers, or `failed`. */
gboolean kelvin_sandbox_start_again (KelvinSandbox *self, GError **error);
/* Stops and continues every process but pid 1 (see docs/sandbox.md); `frozen` answers the former.
 */
void kelvin_sandbox_freeze (KelvinSandbox *self);
void kelvin_sandbox_thaw (KelvinSandbox *self);
/* Kills it if it still is; no event comes any more. */
void kelvin_sandbox_free (KelvinSandbox *self);

/* What holds memory, CPU share and processes of its sandboxes: "cgroup-v1" or "cgroup-v2". NULL
 * where it has no control groups. */
const char *kelvin_launcher_get_limits (KelvinLauncher *self);

/* Where it has no control groups, but systemd has some to give: asks for them, for as long as a
 * second. Before the first sandbox. Whether it has any afterwards get_limits says; that it hasn't
 * is no error. */
void kelvin_launcher_gain_groups_async (KelvinLauncher *self, GAsyncReadyCallback callback,
                                        gpointer user_data);
void kelvin_launcher_gain_groups_finish (GAsyncResult *result);

/* Makes one whole sandbox that executes a program which only exits, and takes it apart again: NULL
 * if that works, else the error that names the step and its fix. Blocking; own launcher, any
 * thread. @out_limits: (nullable): as kelvin_launcher_get_limits. */
GError *kelvin_launcher_try_sandbox (const char *program, const char **out_limits);

G_END_DECLS
