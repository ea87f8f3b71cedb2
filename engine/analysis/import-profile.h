#pragma once

#include <json-glib/json-glib.h>

#include "engine/analysis/import-report.h"
#include "engine/model/phase.h"

G_BEGIN_DECLS

/* What the init code of a version imports, from several cold starts that wrote it down. Its tree is
 * that of one real start, so that its times add up: of the three whose init took about as long as
 * it usually does, the one whose modules are nearest to the medians of all starts. Pure data; any
 * thread, one at a time. */
typedef struct {
  KelvinImportReport *start; /* nullable: none could be read, see problem */
  KelvinPhases phases;       /* of that start */
  char *problem;             /* nullable: why some or all starts told nothing */
  guint n_starts;            /* that told */
  gint64 *self_p50_ns;       /* for each import of start: the median of all starts that had it */
  GArray *init_ms;           /* of double: how long init took in each of them, recording included */
  gint64 cost_ns;            /* of writing one import down; the median */
  GPtrArray *trees;          /* of char *: where dependencies lie, below the function's folder */
  JsonNode *package;         /* nullable: kelvin_package_use_to_json */
} KelvinImportProfile;

/* How a start that recorded went. */
typedef struct {
  GBytes *report;
  KelvinPhases phases;
} KelvinRecordedStart;

/* @usual_init_ms: the median init of starts that recorded nothing; NAN: that of these. @trees:
 * NULL-terminated. Parses all reports: up to some tens of milliseconds for each. */
KelvinImportProfile *kelvin_import_profile_new (const KelvinRecordedStart *starts, guint n_starts,
                                                double usual_init_ms, const char *const *trees);
void kelvin_import_profile_free (KelvinImportProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinImportProfile, kelvin_import_profile_free)

/* Takes the memory of each module over from another start: the times of one that also looks at
 * memory and files aren't used. */
void kelvin_import_profile_add_memory (KelvinImportProfile *self, KelvinImportReport *other);

/* Whose a module is. */
typedef enum {
  KELVIN_OWNER_FUNCTION,
  KELVIN_OWNER_DEPENDENCY,
  KELVIN_OWNER_STANDARD_LIBRARY,
  KELVIN_OWNER_RUNTIME, /* the bootstrap's */
} KelvinOwner;
KelvinOwner kelvin_import_profile_get_owner (KelvinImportProfile *self, const char *file);
/* "own", "dependency", "standard-library", "runtime" */
const char *kelvin_owner_to_string (KelvinOwner owner);
/* @file as it is called in the function's folder, where it lies there; else @file itself. */
const char *kelvin_file_in_function (const char *file);

/* The list that `kelvin profile --json` has as "imports". (transfer full) */
JsonArray *kelvin_import_profile_imports_to_json (KelvinImportProfile *self);
/* What it rests on: "importProfile". @init_p50_ms: the median init without recording; NAN unknown.
 * (transfer full) */
JsonObject *kelvin_import_profile_to_json (KelvinImportProfile *self, double init_p50_ms);

G_END_DECLS
