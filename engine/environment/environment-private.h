#pragma once

#include "engine/environment/doors.h"
#include "engine/environment/environment.h"
#include "engine/environment/timeline.h"
#include "engine/environment/usage-account.h"
#include "engine/runtime/output-capture.h"
#include "engine/runtime/runtime-api.h"

G_BEGIN_DECLS

/* environment.c: its states. environment-parts.c: what it consists of. environment-record.c: what
 * is written down of an attempt. */

/* What is being waited for, and what follows then. */
typedef enum {
  ENDING_NONE,
  ENDING_SETTLE_IDLE, /* the runtime asked for the next event: the last reading, then idle */
  ENDING_SETTLE_STOP, /* the environment can't go on */
  ENDING_RESET,       /* the attempt failed: all processes end, then idle without any */
  ENDING_REPEAT,      /* init failed: all processes end, then it is repeated inside the invoke */
} Ending;

struct _KelvinEnvironment {
  const KelvinEnvironmentHost *host;
  KelvinTarget *target;
  guint memory_size_mb;
  guint timeout_s;
  guint64 number;
  char *log_stream;
  KelvinEnvironmentEvents events;
  gpointer user_data;

  KelvinState state;
  KelvinSandbox *sandbox;
  KelvinRuntimeApi *api;
  KelvinOutputCapture *output;
  KelvinDoors *doors; /* NULL before the sandbox is ready */
  gboolean is_empty;  /* idle, but no process is left: the next event's invoke begins with init */
  gboolean is_killed; /* the sandbox too is on its way out */

  KelvinDelivery *delivery; /* the owner's; NULL while idle */
  KelvinTimeline timeline;
  gboolean is_inside_invoke; /* init is, or was, part of the invoke */
  KelvinTimer *limit; /* of init, of the invoke, or of waiting for the last usage or the reset */
  KelvinTimer *sampling;
  Ending ending;
  const char *stop_reason;
  GError *start_error; /* no sandbox could be asked for, or its runtime not started again */
  gint64 ended_ns;     /* end of the attempt */
  KelvinUsageAccount usage;
};

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define NS_PER_MS G_GINT64_CONSTANT (1000000)

static inline gint64
kelvin_environment_memory_limit_bytes (const KelvinEnvironment *self)
{
  return (gint64) self->memory_size_mb * 1024 * 1024;
}

static inline gint64
kelvin_environment_timeout_ns (const KelvinEnvironment *self)
{
  return self->timeout_s * NS_PER_SECOND;
}

/* Asks for a sandbox by the plan of the delivery; `ready` and the others follow. */
gboolean kelvin_environment_start_sandbox (KelvinEnvironment *self,
                                           const KelvinSandboxEvents *events, GError **error);
/* What `ready` brought: the Runtime API's socket, and those of the doors. */
void kelvin_environment_open_api (KelvinEnvironment *self, int api_fd,
                                  const KelvinRuntimeApiEvents *events);
/* Timers, sandbox and all that came with it. */
void kelvin_environment_release_parts (KelvinEnvironment *self);

/* The figures of an attempt that has ended, and its last log lines. */
void kelvin_environment_complete_record (KelvinEnvironment *self);
/* Two lines, after what the function itself has written by now. */
void kelvin_environment_log_fault (KelvinEnvironment *self, const char *message,
                                   const char *error_type);
/* Likewise, and the answer to an event whose runtime ended. (transfer full) */
GBytes *kelvin_environment_log_exit (KelvinEnvironment *self, const KelvinExit *how);

G_END_DECLS
