#pragma once

#include "engine/environment/launcher-private.h"
#include "engine/environment/sandbox-network.h"
#include "engine/fd.h"

G_BEGIN_DECLS

/* sandbox.c: its life, and what it is told. sandbox-news.c: what it tells. */
struct _KelvinSandbox {
  gatomicrefcount refs;
  KelvinLauncher *launcher; /* NULL when it has ended, or this sandbox is gone */
  KelvinSandboxPlan *plan;
  KelvinSandboxEvents events; /* all NULL once the owner has freed it */
  gpointer user_data;
  guint64 id;

  KelvinFd control;
  KelvinFd marks;
  KelvinFd out;
  KelvinFd err;
  KelvinFd pidfd;
  KelvinFd runtime;                     /* a pidfd of it; -1 before it runs */
  GByteArray *report;                   /* what follows the mark; NULL unless it is collected */
  int listeners[KELVIN_MOST_LISTENERS]; /* those of the doors, until its owner takes them */
  guint n_listeners;
  KelvinSandboxNetwork *network; /* NULL: it has none but the loopback device */
  gboolean network_failed;       /* and `failed` was told */
  KelvinFd temporary;            /* its /tmp, for how full it is; -1 before it is ready */
  KelvinWatch *control_watch;
  KelvinWatch *marks_watch;
  KelvinWatch *pidfd_watch; /* only without launcher, which else says when it is gone */

  KelvinPoller *poller;
  KelvinSandboxLimits *limits; /* NULL without control groups, and before they are known */
  guint cpu_memory_mb;         /* the share that its processes are to have; 0: no limit */
  gint64 ready_ns;             /* 0: not yet */
  gboolean mark_read;
  gboolean was_parked;
  gboolean kill_wanted;
  gboolean gone;
};

/* Watches what pid 1 and the runtime's bootstrap tell. */
void kelvin_sandbox_start_reading (KelvinSandbox *self);
void kelvin_sandbox_stop_reading (KelvinSandbox *self);
/* The mark, and what follows it as far as it is there. */
void kelvin_sandbox_read_marks (KelvinSandbox *self);
/* The mark alone: each start of the runtime has a descriptor of its own for it. */
void kelvin_sandbox_start_reading_marks (KelvinSandbox *self);
void kelvin_sandbox_stop_reading_marks (KelvinSandbox *self);

G_END_DECLS
