#include "engine/import-measurement.h"

#include <string.h>
#include <sys/stat.h>

#include "engine/analysis/package-use.h"

/* Enough for medians; each takes as long as a cold start. */
#define MOST_STARTS 10
#define MOST_FILES 200000
#define DEEPEST 60

/* What the worker thread gets. */
typedef struct {
  GArray *starts;
  GBytes *files;
  KelvinTarget *target;
  double usual_init_ms;
} Evaluation;

static void
start_clear (gpointer data)
{
  g_clear_pointer (&((KelvinRecordedStart *) data)->report, g_bytes_unref);
}

static GArray *
starts_new (void)
{
  GArray *starts = g_array_new (FALSE, TRUE, sizeof (KelvinRecordedStart));

  g_array_set_clear_func (starts, start_clear);
  return starts;
}

KelvinImportMeasurement *
kelvin_import_measurement_new (guint n_cold)
{
  KelvinImportMeasurement *self = g_new0 (KelvinImportMeasurement, 1);

  self->imports_left = CLAMP (n_cold, 1, MOST_STARTS);
  self->files_left = 1;
  self->total = self->imports_left + self->files_left;
  self->starts = starts_new ();
  return self;
}

void
kelvin_import_measurement_free (KelvinImportMeasurement *self)
{
  g_array_unref (self->starts);
  g_clear_pointer (&self->files, g_bytes_unref);
  g_free (self);
}

KelvinRecording
kelvin_import_measurement_next (KelvinImportMeasurement *self)
{
  if (self->files_left > 0)
    {
      /* First: it is the one that finds caches cold. */
      self->files_left--;
      return KELVIN_RECORD_FILES;
    }
  if (self->imports_left > 0)
    {
      self->imports_left--;
      return KELVIN_RECORD_IMPORTS;
    }
  return KELVIN_RECORD_NOTHING;
}

void
kelvin_import_measurement_skip (KelvinImportMeasurement *self)
{
  self->imports_left = 0;
  self->files_left = 0;
}

guint
kelvin_import_measurement_count_left (KelvinImportMeasurement *self)
{
  return self->imports_left + self->files_left;
}

gboolean
kelvin_import_measurement_is_due (KelvinImportMeasurement *self, guint n_cold, guint total)
{
  guint left = kelvin_import_measurement_count_left (self);

  return left > 0 && (n_cold == total || (self->total - left) * total < n_cold * self->total);
}

void
kelvin_import_measurement_add (KelvinImportMeasurement *self, const KelvinDelivery *delivery)
{
  KelvinRecordedStart start = { .phases = delivery->phases };

  if (delivery->recording == KELVIN_RECORD_FILES)
    {
      self->files = delivery->report != NULL ? g_bytes_ref (delivery->report) : NULL;
      return;
    }
  start.report = delivery->report != NULL ? g_bytes_ref (delivery->report) : NULL;
  g_array_append_val (self->starts, start);
}

/* --- in the worker thread --- */

static void
evaluation_free (gpointer data)
{
  Evaluation *self = data;

  g_array_unref (self->starts);
  g_clear_pointer (&self->files, g_bytes_unref);
  kelvin_target_unref (self->target);
  g_free (self);
}

static void
add_files (GPtrArray *files, const char *folder, const char *relative, guint depth)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL && files->len < MOST_FILES)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *inside =
          *relative != '\0' ? g_build_filename (relative, name, NULL) : g_strdup (name);
      struct stat info = { 0 };

      if (lstat (path, &info) != 0)
        continue;
      if (S_ISDIR (info.st_mode) && depth < DEEPEST)
        add_files (files, path, inside, depth + 1);
      else if (S_ISREG (info.st_mode))
        g_ptr_array_add (files, kelvin_package_file_new (inside, info.st_size));
    }
}

static GPtrArray *
list_package (KelvinVersion *version)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_package_file_free);
  GPtrArray *trees = kelvin_version_get_trees (version);

  add_files (files, kelvin_version_get_code_dir (version), "", 0);
  for (guint i = 0; trees != NULL && i < trees->len; i++)
    {
      const KelvinDependencyTree *tree = trees->pdata[i];

      add_files (files, tree->source, tree->relative, 0);
    }
  return files;
}

/* A module that the system's loader opened counts as well. */
static void
add_imported (GPtrArray *opened, KelvinImportReport *report)
{
  for (guint i = 0; i < report->imports->len; i++)
    {
      const KelvinImport *import = &g_array_index (report->imports, KelvinImport, i);

      if (import->file != NULL && (import->flags & KELVIN_IMPORT_FAILED) == 0)
        g_ptr_array_add (opened, g_strdup (import->file));
    }
}

static void
add_use_and_memory (KelvinImportProfile *profile, const Evaluation *evaluation)
{
  g_autoptr (KelvinImportReport) report = kelvin_import_report_parse (evaluation->files, NULL);

  if (report == NULL)
    return;
  kelvin_import_profile_add_memory (profile, report);
  /* Without the last word, which follows the first event, nobody knows what was never opened. */
  if (report->opened == NULL)
    return;

  g_autoptr (GPtrArray) files = list_package (evaluation->target->version);
  add_imported (report->opened, report);
  profile->package = kelvin_package_use_to_json (files, report->opened);
}

/* --- the person's own statements: what an editor shows a cost beside --- */

#define LARGEST_SOURCE_BYTES (1024 * 1024)
#define LONGEST_STATEMENT 400

/* NULL where it can't be read, or isn't text. */
static char **
read_lines (const char *code_dir, const char *file)
{
  g_autofree char *path = g_build_filename (code_dir, file, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;
  struct stat info = { 0 };

  if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size > LARGEST_SOURCE_BYTES ||
      !g_file_get_contents (path, &text, &length, NULL) || !g_utf8_validate (text, length, NULL))
    return NULL;
  return g_strsplit (text, "\n", -1);
}

/* The name of a file is the function's word: it may not lead out of the folder. */
static gboolean
is_plain (const char *file)
{
  return !g_path_is_absolute (file) && strstr (file, "..") == NULL;
}

static void
add_statement (KelvinImport *import, GHashTable *files, const char *code_dir)
{
  const char *file = kelvin_file_in_function (import->importer);

  if (!is_plain (file))
    return;
  if (!g_hash_table_contains (files, file))
    g_hash_table_insert (files, g_strdup (file), read_lines (code_dir, file));

  char **lines = g_hash_table_lookup (files, file);
  if (lines != NULL && import->line <= g_strv_length (lines) &&
      strlen (lines[import->line - 1]) <= LONGEST_STATEMENT)
    import->statement = g_strstrip (g_strdup (lines[import->line - 1]));
}

static void
free_lines (gpointer data)
{
  g_strfreev (data);
}

static void
add_statements (KelvinImportProfile *profile, const char *code_dir)
{
  g_autoptr (GHashTable) files =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_lines);

  for (guint i = 0; profile->start != NULL && i < profile->start->imports->len; i++)
    {
      KelvinImport *import = &g_array_index (profile->start->imports, KelvinImport, i);

      if (import->line > 0 && import->importer != NULL &&
          kelvin_import_profile_get_owner (profile, import->importer) == KELVIN_OWNER_FUNCTION)
        add_statement (import, files, code_dir);
    }
}

static void
evaluate_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Evaluation *evaluation = task_data;
  GPtrArray *trees = kelvin_version_get_trees (evaluation->target->version);
  g_autoptr (GPtrArray) relative = g_ptr_array_new ();

  for (guint i = 0; trees != NULL && i < trees->len; i++)
    g_ptr_array_add (relative, ((const KelvinDependencyTree *) trees->pdata[i])->relative);
  g_ptr_array_add (relative, NULL);

  KelvinImportProfile *profile = kelvin_import_profile_new (
      (const KelvinRecordedStart *) (void *) evaluation->starts->data, evaluation->starts->len,
      evaluation->usual_init_ms, (const char *const *) relative->pdata);
  if (evaluation->target->interpreter == NULL)
    profile->problem = g_strdup ("A runtime of the function's own tells nothing of what it loads");
  add_use_and_memory (profile, evaluation);
  add_statements (profile, kelvin_version_get_code_dir (evaluation->target->version));
  g_task_return_pointer (task, profile, (GDestroyNotify) kelvin_import_profile_free);
}

void
kelvin_import_measurement_evaluate_async (KelvinImportMeasurement *self, KelvinTarget *target,
                                          double usual_init_ms, GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Evaluation *evaluation = g_new0 (Evaluation, 1);

  evaluation->starts = g_array_ref (self->starts);
  evaluation->files = self->files != NULL ? g_bytes_ref (self->files) : NULL;
  evaluation->target = kelvin_target_ref (target);
  evaluation->usual_init_ms = usual_init_ms;
  g_task_set_source_tag (task, kelvin_import_measurement_evaluate_async);
  g_task_set_task_data (task, evaluation, evaluation_free);
  g_task_run_in_thread (task, evaluate_in_thread);
}

KelvinImportProfile *
kelvin_import_measurement_evaluate_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
