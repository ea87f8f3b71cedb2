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

G_END_DECLS
