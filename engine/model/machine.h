#pragma once

#include <json-glib/json-glib.h>

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

/* What `kelvin doctor` found: which mechanism enforces each limit here, which runtimes there are,
 * what is missing. */
typedef struct {
  gboolean ok; /* functions can be run in a sandbox */
  gboolean user_namespaces;
  gboolean seccomp;
  /* the mechanism, "approximated" or "not enforced" */
  char *memory, *cpu, *processes, *ephemeral_storage, *freeze;
  GPtrArray *runtimes; /* of KelvinMachineRuntime */
  GPtrArray *problems; /* of KelvinMachineProblem */
} KelvinMachine;

KelvinMachine *kelvin_machine_new (void);
void kelvin_machine_free (KelvinMachine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinMachine, kelvin_machine_free)
void kelvin_machine_add_runtime (KelvinMachine *self, const char *name, const char *path,
                                 const char *version);
void kelvin_machine_add_problem (KelvinMachine *self, const char *what, const char *fix);
/* As `kelvin doctor --json` (contract.md). */
JsonNode *kelvin_machine_to_json (KelvinMachine *self);
/* As `kelvin doctor` prints it: a verdict, then sections, whose titles alone aren't indented.
 * (transfer full) */
char *kelvin_machine_to_text (const KelvinMachine *self);
/* The first line of it; static. */
const char *kelvin_machine_get_verdict (const KelvinMachine *self);

/* Does a limit hold here? */
typedef enum {
  KELVIN_STANDING_ENFORCED,
  KELVIN_STANDING_APPROXIMATED, /* what goes over it is noticed soon, not at once */
  KELVIN_STANDING_NOT_ENFORCED,
} KelvinStanding;
/* @mechanism: as the limits above are named; NULL: there is none. */
KelvinStanding kelvin_standing_from_mechanism (const char *mechanism);

G_END_DECLS
