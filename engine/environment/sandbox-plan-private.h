#pragma once

#include "engine/environment/sandbox-plan.h"
#include "launcher/protocol.h"

G_BEGIN_DECLS

/* Inside, as the service's functions see it. */
#define KELVIN_SANDBOX_USER 993
#define KELVIN_SANDBOX_GROUP 990
/* Threads among them. */
#define KELVIN_SANDBOX_MOST_PROCESSES 1024
#define KELVIN_SANDBOX_TASK_FOLDER "/var/task"

/* One operation of a plan; the meaning of each field is that of launcher/protocol.h. */
typedef struct {
  KelvinOperationKind kind;
  guint8 flags;
  guint16 mode;
  guint32 number;
  guint64 value;
  char *source;
  char *target;
} KelvinPlanStep;

struct _KelvinSandboxPlan {
  GArray *steps;        /* of KelvinPlanStep */
  GPtrArray *arguments; /* of char *, the first one is the path of the program */
  GStrv variables;
  char *folder;     /* in which the runtime begins */
  char *own_folder; /* nullable: without namespaces, the folder that is made and removed with it */
  int api_fd;       /* likewise: the listening socket of the Runtime API; else -1 */
  gboolean shows_network; /* a network is to be led in */
  gboolean has_marks;     /* the runtime is one of Kelvin's bootstraps */
  guint memory_mb;
  guint temporary_mb;
};

KelvinSandboxPlan *kelvin_sandbox_plan_ref (KelvinSandboxPlan *self);
/* Has it no namespaces? */
gboolean kelvin_sandbox_plan_is_process (KelvinSandboxPlan *self);
KelvinSandboxPlan *kelvin_sandbox_plan_new_empty (const char *const *variables);
/* Resource limits that are the same in any isolation. */
void kelvin_sandbox_plan_add_limits (KelvinSandboxPlan *self);
/* The program of a provided runtime, where it is in a sandbox. */
gboolean kelvin_sandbox_plan_add_bootstrap (KelvinSandboxPlan *self, KelvinVersion *version,
                                            GError **error);
/* Names what the launcher would refuse. */
gboolean kelvin_sandbox_plan_check_size (KelvinSandboxPlan *self, GError **error);
/* A sandbox that shows no code, and executes a program which only exits. */
KelvinSandboxPlan *kelvin_sandbox_plan_new_trial (void);
/* Is the runtime to have a marks descriptor (KELVIN_MARKS_FD)? */
gboolean kelvin_sandbox_plan_has_marks (KelvinSandboxPlan *self);

/* Each adds an operation at the end. */
void kelvin_sandbox_plan_add (KelvinSandboxPlan *self, const KelvinPlanStep *step);
void kelvin_sandbox_plan_add_file (KelvinSandboxPlan *self, const char *target, const char *text);
void kelvin_sandbox_plan_add_bind (KelvinSandboxPlan *self, const char *source, const char *target);
void kelvin_sandbox_plan_add_link (KelvinSandboxPlan *self, const char *text, const char *target);
/* For people: "bind /usr at /usr". NULL if there is no such operation. */
char *kelvin_sandbox_plan_describe_step (KelvinSandboxPlan *self, guint index);

/* The parts of a plan, in the order in which they come. */

/* sandbox-host.c: /usr and what of the host belongs to it. */
void kelvin_sandbox_plan_add_host (KelvinSandboxPlan *self);
/* What package managers of the machine installed for a language goes out of sight: below /usr, and
 * below the interpreter's own prefix, which is called @prefix inside. */
void kelvin_sandbox_plan_hide_packages (KelvinSandboxPlan *self, const char *host_prefix,
                                        const char *prefix);
/* sandbox-doors.c: names and listening sockets of the ways out; without @resolver its sockets are
 * left out. */
void kelvin_sandbox_plan_add_host_names (KelvinSandboxPlan *self, GPtrArray *doors);
void kelvin_sandbox_plan_add_doors (KelvinSandboxPlan *self, GPtrArray *doors, gboolean resolver);
/* Where names are asked for. */
void kelvin_sandbox_plan_add_resolver (KelvinSandboxPlan *self, gboolean internet);
/* Waits for the network that the engine leads in. */
void kelvin_sandbox_plan_add_internet (KelvinSandboxPlan *self);
/* sandbox-layers.c: several folders merged at /opt, later ones first. */
gboolean kelvin_sandbox_plan_add_layers (KelvinSandboxPlan *self, const char *const *layers,
                                         GError **error);

G_END_DECLS
