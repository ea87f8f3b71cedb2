/* An import profile as JSON, which is how it is kept, printed and drawn. */

#include "engine/analysis/import-profile.h"

#include <math.h>

#include "engine/analysis/statistics.h"
#include "engine/model/json-member.h"

#define NS_PER_MS 1e6

static double
to_ms (gint64 ns)
{
  return (double) (ns / 100) / (NS_PER_MS / 100);
}

static const KelvinImport *
get_import (KelvinImportProfile *self, int index)
{
  return &g_array_index (self->start->imports, KelvinImport, index);
}

static void
set_bytes (JsonObject *object, const char *name, gint64 bytes, gboolean known)
{
  if (known)
    json_object_set_int_member (object, name, bytes);
  else
    json_object_set_null_member (object, name);
}

static void
set_origin (KelvinImportProfile *self, JsonObject *object, const KelvinImport *import)
{
  const char *file = import->file;
  const char *importer = import->importer;

  kelvin_json_set_string (object, "file", file != NULL ? kelvin_file_in_function (file) : NULL);
  /* One that wasn't found is nobody's. */
  kelvin_json_set_string (
      object, "whose",
      file == NULL && (import->flags & KELVIN_IMPORT_FAILED) != 0
          ? NULL
          : kelvin_owner_to_string (kelvin_import_profile_get_owner (self, file)));
  kelvin_json_set_string (object, "kind", import->kind);
  set_bytes (object, "sizeBytes", import->size_bytes, import->size_bytes >= 0);
  json_object_set_boolean_member (object, "compiled",
                                  (import->flags & KELVIN_IMPORT_COMPILED) != 0);
  kelvin_json_set_string (object, "importedBy",
                          importer != NULL ? kelvin_file_in_function (importer) : NULL);
  kelvin_json_set_string (
      object, "importedByWhose",
      importer != NULL ? kelvin_owner_to_string (kelvin_import_profile_get_owner (self, importer))
                       : NULL);
  set_bytes (object, "line", import->line, import->line > 0);
  kelvin_json_set_string (object, "statement", import->statement);
}

static JsonObject *
describe_import (KelvinImportProfile *self, int index)
{
  const KelvinImport *import = get_import (self, index);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", import->name);
  kelvin_json_set_string (object, "parent",
                          import->parent < 0 ? NULL : get_import (self, import->parent)->name);
  json_object_set_int_member (object, "parentIndex", import->parent);
  json_object_set_double_member (object, "startMs", to_ms (import->start_ns));
  json_object_set_double_member (object, "selfMs", to_ms (import->self_ns));
  json_object_set_double_member (object, "cumulativeMs", to_ms (import->end_ns - import->start_ns));
  json_object_set_double_member (object, "selfP50Ms", to_ms (self->self_p50_ns[index]));
  json_object_set_double_member (object, "loadMs", to_ms (import->loading_ns));
  json_object_set_double_member (object, "compileMs",
                                 to_ms (MIN (import->compile_ns, import->loading_ns)));
  json_object_set_double_member (
      object, "topLevelMs",
      import->loaded_ns > 0 ? to_ms (import->self_ns - import->loading_ns) : 0);
  set_origin (self, object, import);
  set_bytes (object, "memoryBytes", import->memory_bytes, import->memory_bytes != G_MININT64);
  json_object_set_boolean_member (object, "failed", (import->flags & KELVIN_IMPORT_FAILED) != 0);
  json_object_set_boolean_member (object, "inThread",
                                  (import->flags & KELVIN_IMPORT_IN_THREAD) != 0);
  json_object_set_boolean_member (object, "inHandler",
                                  (import->flags & KELVIN_IMPORT_IN_HANDLER) != 0);
  return object;
}

JsonArray *
kelvin_import_profile_imports_to_json (KelvinImportProfile *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; self->start != NULL && i < self->start->imports->len; i++)
    json_array_add_object_element (array, describe_import (self, (int) i));
  return array;
}

/* --- own top-level code, between the imports --- */

typedef struct {
  gint64 start_ns, end_ns;
  guint from_line, to_line; /* 0: the file's first, its last */
} Stretch;

static void
add_stretch (JsonArray *array, KelvinImportProfile *self, int module, const Stretch *stretch)
{
  const KelvinImport *import = get_import (self, module);

  if (stretch->end_ns <= stretch->start_ns)
    return;

  JsonObject *object = json_object_new ();
  kelvin_json_set_string (object, "module", import->name);
  json_object_set_int_member (object, "moduleIndex", module);
  kelvin_json_set_string (object, "file", kelvin_file_in_function (import->file));
  set_bytes (object, "fromLine", stretch->from_line, stretch->from_line > 0);
  set_bytes (object, "toLine", stretch->to_line, stretch->to_line > 0);
  json_object_set_double_member (object, "startMs", to_ms (stretch->start_ns));
  json_object_set_double_member (object, "selfMs", to_ms (stretch->end_ns - stretch->start_ns));
  json_array_add_object_element (array, object);
}

/* What ran between the modules that @module loaded, in their order. */
static void
add_stretches (JsonArray *array, KelvinImportProfile *self, int module, GArray *children)
{
  const KelvinImport *import = get_import (self, module);
  Stretch stretch = { .start_ns = import->loaded_ns };

  for (guint i = 0; i < children->len; i++)
    {
      const KelvinImport *child = get_import (self, g_array_index (children, int, i));
      gboolean here = g_strcmp0 (child->importer, import->file) == 0;

      if (child->start_ns < import->loaded_ns)
        continue;
      stretch.end_ns = child->start_ns;
      stretch.to_line = here && child->line > 0 ? child->line - 1 : stretch.from_line;
      add_stretch (array, self, module, &stretch);
      stretch.start_ns = child->end_ns;
      if (here && child->line > 0)
        stretch.from_line = child->line + 1;
    }
  stretch.end_ns = import->end_ns;
  stretch.to_line = 0;
  add_stretch (array, self, module, &stretch);
}

static int
compare_starts (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 first = get_import (user_data, *(const int *) a)->start_ns;
  gint64 second = get_import (user_data, *(const int *) b)->start_ns;

  return (first > second) - (first < second);
}

static GPtrArray *
collect_children (KelvinImportProfile *self)
{
  GPtrArray *children = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; i < self->start->imports->len; i++)
    g_ptr_array_add (children, g_array_new (FALSE, FALSE, sizeof (int)));
  for (int i = 0; i < (int) self->start->imports->len; i++)
    if (get_import (self, i)->parent >= 0)
      g_array_append_val ((GArray *) children->pdata[get_import (self, i)->parent], i);
  for (guint i = 0; i < children->len; i++)
    g_array_sort_with_data (children->pdata[i], compare_starts, self);
  return children;
}

static JsonArray *
describe_top_level (KelvinImportProfile *self)
{
  JsonArray *array = json_array_new ();

  if (self->start == NULL)
    return array;

  g_autoptr (GPtrArray) children = collect_children (self);
  for (guint i = 0; i < children->len; i++)
    {
      const KelvinImport *import = get_import (self, (int) i);
      KelvinImportFlags other = KELVIN_IMPORT_IN_THREAD | KELVIN_IMPORT_IN_HANDLER;

      if (import->loaded_ns > 0 && (import->flags & other) == 0 &&
          kelvin_import_profile_get_owner (self, import->file) == KELVIN_OWNER_FUNCTION)
        add_stretches (array, self, (int) i, children->pdata[i]);
    }
  return array;
}

/* --- what it rests on --- */

static guint
count_init_modules (KelvinImportProfile *self)
{
  guint count = 0;

  for (guint i = 0; self->start != NULL && i < self->start->imports->len; i++)
    count += (get_import (self, (int) i)->flags &
              (KELVIN_IMPORT_IN_HANDLER | KELVIN_IMPORT_FAILED)) == 0;
  return count;
}

static void
set_number (JsonObject *object, const char *name, double value)
{
  if (isnan (value))
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, value);
}

JsonObject *
kelvin_import_profile_to_json (KelvinImportProfile *self, double init_p50_ms)
{
  const double *values = (const double *) (void *) self->init_ms->data;
  KelvinSummary init = kelvin_summary_of (values, self->init_ms->len);
  guint n_records = self->start != NULL ? self->start->imports->len : 0;
  double hook_ms = to_ms (self->cost_ns * n_records);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "starts", self->n_starts);
  json_object_set_int_member (object, "modules", count_init_modules (self));
  json_object_set_member (object, "initMs",
                          kelvin_summary_to_json (&init, values, self->init_ms->len));
  set_number (object, "accountedMs",
              self->start != NULL ? to_ms (kelvin_import_report_get_init_ns (self->start)) : NAN);
  set_number (object, "hookCostMs", self->n_starts > 0 ? hook_ms : NAN);
  set_number (object, "hookCostPercent", init.p50 > 0 ? hook_ms / init.p50 * 100 : NAN);
  set_number (object, "hookDifferencePercent",
              init_p50_ms > 0 ? (init.p50 - init_p50_ms) / init_p50_ms * 100 : NAN);
  json_object_set_boolean_member (object, "full", self->start != NULL && self->start->full);
  kelvin_json_set_string (object, "problem", self->problem);
  json_object_set_array_member (object, "topLevel", describe_top_level (self));
  if (self->package != NULL)
    json_object_set_member (object, "package", json_node_copy (self->package));
  return object;
}
