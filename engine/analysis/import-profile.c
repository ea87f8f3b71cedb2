#include "engine/analysis/import-profile.h"

#include <math.h>
#include <string.h>

#include "engine/analysis/statistics.h"

#define TASK_FOLDER "/var/task/"
#define RUNTIME_FOLDER "/var/runtime/"
#define LAYERS_FOLDER "/opt/"
/* Starts that took about the usual time, of which the most typical one is taken. */
#define CANDIDATES 3

static char *
make_key (KelvinImportReport *report, GHashTable *seen, guint index)
{
  const KelvinImport *import = &g_array_index (report->imports, KelvinImport, index);
  const char *parent =
      import->parent < 0 ? "" : g_array_index (report->imports, KelvinImport, import->parent).name;
  g_autofree char *pair = g_strdup_printf ("%s\n%s", import->name, parent);
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (seen, pair));

  g_hash_table_insert (seen, g_strdup (pair), GUINT_TO_POINTER (before + 1));
  return g_strdup_printf ("%s\n%u", pair, before);
}

/* One for each import, in their order: the same in every start. */
static GPtrArray *
make_keys (KelvinImportReport *report)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < report->imports->len; i++)
    g_ptr_array_add (keys, make_key (report, seen, i));
  return keys;
}

static void
add_times (GHashTable *by_key, KelvinImportReport *report, GPtrArray *keys)
{
  for (guint i = 0; i < keys->len; i++)
    {
      GArray *times = g_hash_table_lookup (by_key, keys->pdata[i]);

      if (times == NULL)
        {
          times = g_array_new (FALSE, FALSE, sizeof (gint64));
          g_hash_table_insert (by_key, g_strdup (keys->pdata[i]), times);
        }
      g_array_append_val (times, g_array_index (report->imports, KelvinImport, i).self_ns);
    }
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static gint64
median_of (GArray *times)
{
  g_array_sort (times, compare_times);

  gint64 low = g_array_index (times, gint64, (times->len - 1) / 2);
  gint64 high = g_array_index (times, gint64, times->len / 2);
  return low + (high - low) / 2;
}

/* For each import the median over all starts. */
static gint64 *
look_up_medians (GHashTable *by_key, GPtrArray *keys)
{
  gint64 *medians = g_new0 (gint64, keys->len + 1);

  for (guint i = 0; i < keys->len; i++)
    medians[i] = median_of (g_hash_table_lookup (by_key, keys->pdata[i]));
  return medians;
}

static gint64
distance_from (KelvinImportReport *report, const gint64 *medians)
{
  gint64 distance = 0;

  for (guint i = 0; i < report->imports->len; i++)
    distance += ABS (g_array_index (report->imports, KelvinImport, i).self_ns - medians[i]);
  return distance;
}

/* The greatest difference from @usual_ms that the three nearest starts have. */
static double
find_tolerance (const GArray *init_ms, double usual_ms)
{
  g_autoptr (GArray) differences = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < init_ms->len; i++)
    {
      double difference = fabs (g_array_index (init_ms, double, i) - usual_ms);

      if (!isnan (difference))
        g_array_append_val (differences, difference);
    }
  if (differences->len == 0)
    return INFINITY;
  g_array_sort (differences, compare_doubles);
  return g_array_index (differences, double, MIN (differences->len, CANDIDATES) - 1);
}

static gboolean
is_candidate (KelvinImportProfile *self, guint start, double usual_ms, double tolerance)
{
  double difference = fabs (g_array_index (self->init_ms, double, start) - usual_ms);

  return isinf (tolerance) || difference <= tolerance;
}

/* @all_keys: those of each of @reports. Returns which one was chosen. */
static guint
choose_start (KelvinImportProfile *self, GPtrArray *reports, GPtrArray *all_keys,
              GHashTable *by_key, double usual_ms)
{
  double tolerance = find_tolerance (self->init_ms, usual_ms);
  gint64 least = G_MAXINT64;
  guint chosen = 0;

  for (guint i = 0; i < reports->len; i++)
    {
      if (!is_candidate (self, i, usual_ms, tolerance))
        continue;

      g_autofree gint64 *medians = look_up_medians (by_key, all_keys->pdata[i]);
      gint64 distance = distance_from (reports->pdata[i], medians);

      if (distance >= least)
        continue;
      least = distance;
      chosen = i;
      g_free (self->self_p50_ns);
      self->self_p50_ns = g_steal_pointer (&medians);
    }
  self->start = g_ptr_array_steal_index (reports, chosen);
  return chosen;
}

static guint
compare_starts (KelvinImportProfile *self, GPtrArray *reports, double usual_ms)
{
  g_autoptr (GHashTable) by_key =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  g_autoptr (GPtrArray) all_keys =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GArray) costs = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < reports->len; i++)
    {
      KelvinImportReport *report = reports->pdata[i];

      g_ptr_array_add (all_keys, make_keys (report));
      add_times (by_key, report, all_keys->pdata[i]);
      g_array_append_val (costs, report->cost_ns);
    }
  self->cost_ns = median_of (costs);
  return choose_start (self, reports, all_keys, by_key, usual_ms);
}

static double
get_init_ms (const KelvinPhases *phases)
{
  gint64 us = phases->us[KELVIN_PHASE_INIT];

  return us < 0 ? NAN : (double) us / 1000;
}

KelvinImportProfile *
kelvin_import_profile_new (const KelvinRecordedStart *starts, guint n_starts, double usual_init_ms,
                           const char *const *trees)
{
  KelvinImportProfile *self = g_new0 (KelvinImportProfile, 1);
  g_autoptr (GPtrArray) reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_import_report_free);

  g_autoptr (GArray) phases = g_array_new (FALSE, FALSE, sizeof (KelvinPhases));

  self->init_ms = g_array_new (FALSE, FALSE, sizeof (double));
  self->trees = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; trees != NULL && trees[i] != NULL; i++)
    g_ptr_array_add (self->trees, g_strdup (trees[i]));
  for (guint i = 0; i < n_starts; i++)
    {
      g_autoptr (GError) error = NULL;
      KelvinImportReport *report = kelvin_import_report_parse (starts[i].report, &error);

      if (report == NULL && self->problem == NULL)
        self->problem = g_strdup (error->message);
      if (report == NULL)
        continue;
      g_ptr_array_add (reports, report);
      double init_ms = get_init_ms (&starts[i].phases);
      g_array_append_val (self->init_ms, init_ms);
      g_array_append_val (phases, starts[i].phases);
    }
  self->n_starts = reports->len;
  if (isnan (usual_init_ms))
    usual_init_ms =
        kelvin_summary_of ((const double *) (void *) self->init_ms->data, self->init_ms->len).p50;
  if (reports->len > 0)
    self->phases =
        g_array_index (phases, KelvinPhases, compare_starts (self, reports, usual_init_ms));
  return self;
}

void
kelvin_import_profile_free (KelvinImportProfile *self)
{
  g_clear_pointer (&self->start, kelvin_import_report_free);
  g_clear_pointer (&self->package, json_node_unref);
  g_array_unref (self->init_ms);
  g_ptr_array_unref (self->trees);
  g_free (self->self_p50_ns);
  g_free (self->problem);
  g_free (self);
}

void
kelvin_import_profile_add_memory (KelvinImportProfile *self, KelvinImportReport *other)
{
  g_autoptr (GPtrArray) other_keys = make_keys (other);
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);

  if (self->start == NULL)
    return;

  g_autoptr (GPtrArray) keys = make_keys (self->start);
  for (guint i = 0; i < other_keys->len; i++)
    g_hash_table_insert (places, other_keys->pdata[i], GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < keys->len; i++)
    {
      guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, keys->pdata[i]));

      if (place > 0)
        g_array_index (self->start->imports, KelvinImport, i).memory_bytes =
            g_array_index (other->imports, KelvinImport, place - 1).memory_bytes;
    }
}

const char *
kelvin_file_in_function (const char *file)
{
  return g_str_has_prefix (file, TASK_FOLDER) ? file + strlen (TASK_FOLDER) : file;
}

static gboolean
lies_in (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (path, folder, length) == 0 && path[length] == '/';
}

KelvinOwner
kelvin_import_profile_get_owner (KelvinImportProfile *self, const char *file)
{
  const char *inside = file != NULL ? kelvin_file_in_function (file) : NULL;

  if (file == NULL)
    return KELVIN_OWNER_STANDARD_LIBRARY;
  if (g_str_has_prefix (file, RUNTIME_FOLDER))
    return KELVIN_OWNER_RUNTIME;
  if (inside != file)
    {
      for (guint i = 0; i < self->trees->len; i++)
        if (lies_in (inside, self->trees->pdata[i]))
          return KELVIN_OWNER_DEPENDENCY;
      return KELVIN_OWNER_FUNCTION;
    }
  if (g_str_has_prefix (file, LAYERS_FOLDER) || strstr (file, "/site-packages/") != NULL ||
      strstr (file, "/dist-packages/") != NULL || strstr (file, "/node_modules/") != NULL)
    return KELVIN_OWNER_DEPENDENCY;
  return KELVIN_OWNER_STANDARD_LIBRARY;
}

const char *
kelvin_owner_to_string (KelvinOwner owner)
{
  static const char *const names[] = {
    [KELVIN_OWNER_FUNCTION] = "own",
    [KELVIN_OWNER_DEPENDENCY] = "dependency",
    [KELVIN_OWNER_STANDARD_LIBRARY] = "standard-library",
    [KELVIN_OWNER_RUNTIME] = "runtime",
  };

  return names[owner];
}
