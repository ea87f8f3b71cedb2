#pragma once

#include "engine/model/function-limits.h"

G_BEGIN_DECLS

typedef struct {
  char *name;    /* "python3.11" */
  char *path;    /* the real binary */
  char *version; /* "3.11.2" */
} KelvinMachineRuntime;

typedef struct {
  char *what; /* a sentence */
  char *fix;  /* a sentence or a command */
} KelvinMachineProblem;

/* One limit, in words for people. */
typedef struct {
  char *how; /* nullable: what holds it, and how well; a sentence */
  char *fix; /* nullable: what would make it enforced, where it isn't: a sentence or a command */
} KelvinMachineLimit;

/* What `kelvin doctor` found: which mechanism enforces each limit here, which runtimes there are,
 * what is missing. */
typedef struct {
  gboolean ok; /* functions can be run in a sandbox */
  gboolean user_namespaces;
  gboolean seccomp;
  KelvinLimits limits;                         /* of what runs in a sandbox */
  KelvinLimits process_limits;                 /* of what runs with `--isolation process` */
  KelvinMachineLimit details[KELVIN_N_LIMITS]; /* of `limits`, in words */
  GPtrArray *lost;     /* of char *: what `--isolation process` goes without, a sentence each */
  GPtrArray *runtimes; /* of KelvinMachineRuntime */
  GPtrArray *problems; /* of KelvinMachineProblem */
} KelvinMachine;

KelvinMachine *kelvin_machine_new (void);
void kelvin_machine_free (KelvinMachine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinMachine, kelvin_machine_free)
void kelvin_machine_add_runtime (KelvinMachine *self, const char *name, const char *path,
                                 const char *version);
void kelvin_machine_add_problem (KelvinMachine *self, const char *what, const char *fix);
void kelvin_machine_describe_limit (KelvinMachine *self, KelvinLimit limit, const char *how,
                                    const char *fix);
/* As `kelvin doctor --json` (contract.md), with "enforcement", "limitDetails" and
 * "processIsolation" besides. */
JsonNode *kelvin_machine_to_json (KelvinMachine *self);
/* As `kelvin doctor` prints it: a verdict, then sections, whose titles alone aren't indented.
 * (transfer full) */
char *kelvin_machine_to_text (const KelvinMachine *self);
/* The first line of it; static. */
const char *kelvin_machine_get_verdict (const KelvinMachine *self);

G_END_DECLS
