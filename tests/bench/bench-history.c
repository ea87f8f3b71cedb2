/* Figures of the history: rows written in a second, and readings with 1,000,000 invocations in it.
 *
 *   bench-history [INVOCATIONS [FOLDER]]
 *
 * Half of them belong to one load run, the others to an invoke run each. Their folder is made in
 * FOLDER (or the folder for temporary files) and removed at the end. */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "engine/history/store.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)
#define READINGS 9
#define COMMITS 2000

typedef struct {
  char *dir;
  KelvinStore *store;
  guint n;
  char *load_run;
  char *middle;             /* a place in the load run's list */
  KelvinInvocation **ready; /* made before the clock runs */
} Bench;

static void
store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
stop_on (GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("bench-history: %s\n", error->message);
  exit (3);
}

static void
flush (Bench *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_flush_async (self->store, store_result_cb, &result);
  wait_for (&result);
  kelvin_store_flush_finish (self->store, result, &error);
  stop_on (error);
}

static KelvinRun *
make_run (KelvinRunKind kind, gint64 started_at_us)
{
  KelvinRun *run = kelvin_run_new ();
  KelvinRequestId id = kelvin_request_id_new ();

  run->id = kelvin_request_id_to_string (&id);
  run->kind = kind;
  run->status = KELVIN_STATUS_OK;
  run->function_name = g_strdup ("hello");
  run->version = g_strdup ("3f1c9a2e77d0b4c85e6f");
  run->isolation = g_strdup ("namespaces");
  run->started_at_us = started_at_us;
  run->ended_at_us = started_at_us + 1000;
  run->invocations = 1;
  run->p50_us = 18700;
  run->p99_us = 40000;
  return run;
}

static KelvinInvocation *
make_invocation (const char *run_id, guint64 number)
{
  KelvinInvocation *invocation = kelvin_invocation_new ();

  invocation->run_id = g_strdup (run_id);
  invocation->number = number;
  invocation->request_id = kelvin_request_id_new ();
  invocation->function_name = g_strdup ("hello");
  invocation->version = g_strdup ("3f1c9a2e77d0b4c85e6f");
  invocation->environment = g_strdup_printf ("%d", (int) (number % 100));
  invocation->status = number % 1000 == 7 ? KELVIN_STATUS_ERROR : KELVIN_STATUS_OK;
  invocation->start = number % 500 == 1 ? KELVIN_START_COLD : KELVIN_START_WARM;
  invocation->status_code = 200;
  invocation->started_at_us = T0 + (gint64) number * 100;
  invocation->phases = (KelvinPhases){ { 12, -1, -1, -1, 180 + (gint64) (number % 97), 20 } };
  invocation->duration_us = 200 + (gint64) (number % 97);
  invocation->billed_duration_ms = 1;
  invocation->cpu_us = 150;
  invocation->memory_size_mb = 128;
  invocation->memory_peak_bytes = 12 << 20;
  invocation->cost_pico_usd = 202083;
  return invocation;
}

/* Rows a second of the load run's invocations, whose making isn't counted. */
static double
write_load_run (Bench *self)
{
  g_autoptr (KelvinRun) run = make_run (KELVIN_RUN_LOAD, T0);
  guint n = self->n / 2;
  gint64 from;
  double seconds;

  self->load_run = g_strdup (run->id);
  kelvin_store_put_run (self->store, run);
  self->ready = g_new (KelvinInvocation *, n);
  for (guint i = 0; i < n; i++)
    self->ready[i] = make_invocation (run->id, i + 1);
  flush (self);

  from = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    kelvin_store_put_invocation (self->store, self->ready[i]);
  flush (self);
  seconds = (double) (g_get_monotonic_time () - from) / G_USEC_PER_SEC;

  for (guint i = 0; i < n; i++)
    kelvin_invocation_unref (self->ready[i]);
  g_free (self->ready);
  return n / seconds;
}

static double
write_with_a_commit_each (Bench *self)
{
  g_autoptr (KelvinRun) run = make_run (KELVIN_RUN_LOAD, T0);
  gint64 from;

  kelvin_store_put_run (self->store, run);
  flush (self);
  from = g_get_monotonic_time ();
  for (guint i = 0; i < COMMITS; i++)
    {
      g_autoptr (KelvinInvocation) invocation = make_invocation (run->id, i + 1);

      kelvin_store_put_invocation (self->store, invocation);
      flush (self);
    }
  return COMMITS / ((double) (g_get_monotonic_time () - from) / G_USEC_PER_SEC);
}

static void
write_invoke_runs (Bench *self)
{
  for (guint i = 0; i < self->n / 2; i++)
    {
      g_autoptr (KelvinRun) run = make_run (KELVIN_RUN_INVOKE, T0 + (gint64) i * 1000);
      g_autoptr (KelvinInvocation) invocation = make_invocation (run->id, 1);

      if (i % 100 == 50)
        run->status = KELVIN_STATUS_ERROR;
      kelvin_store_put_run (self->store, run);
      kelvin_store_put_invocation (self->store, invocation);
    }
  flush (self);
}

static void
list_runs (Bench *self, const KelvinRunFilter *filter, guint expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_list_runs_async (self->store, filter, NULL, store_result_cb, &result);
  wait_for (&result);
  runs = kelvin_store_list_runs_finish (self->store, result, NULL, &error);
  stop_on (error);
  if (runs->len != expected)
    g_error ("the page has %u runs instead of %u", runs->len, expected);
}

static void
read_first_page (Bench *self)
{
  KelvinRunFilter filter = { .since_us = -1, .until_us = -1, .limit = 100 };

  list_runs (self, &filter, 100);
}

static void
read_filtered_page (Bench *self)
{
  KelvinRunFilter filter = {
    .function_name = "hello", .status = "error", .since_us = -1, .until_us = -1, .limit = 100
  };

  list_runs (self, &filter, 100);
}

static void
read_page_without_match (Bench *self)
{
  KelvinRunFilter filter = {
    .kinds = "profile", .status = "throttled", .since_us = -1, .until_us = -1, .limit = 100
  };

  list_runs (self, &filter, 0);
}

static void
count_runs (Bench *self)
{
  KelvinRunFilter filter = { .since_us = -1, .until_us = -1 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) slices = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_count_runs_async (self->store, &filter, 100, NULL, store_result_cb, &result);
  wait_for (&result);
  slices = kelvin_store_count_runs_finish (self->store, result, NULL, NULL, &error);
  stop_on (error);
}

/* The place where the next page begins. */
static char *
list_invocations_after (Bench *self, guint limit, const char *after)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) invocations = NULL;
  g_autoptr (GError) error = NULL;
  char *next = NULL;

  kelvin_store_list_invocations_async (self->store, self->load_run, limit, after, NULL,
                                       store_result_cb, &result);
  wait_for (&result);
  invocations = kelvin_store_list_invocations_finish (self->store, result, &next, &error);
  stop_on (error);
  return next;
}

static void
go_to_middle (Bench *self)
{
  for (guint i = 0; i < self->n / 4; i += 1000)
    {
      g_autofree char *after = g_steal_pointer (&self->middle);

      self->middle = list_invocations_after (self, 1000, after);
    }
}

static void
list_invocations (Bench *self)
{
  g_free (list_invocations_after (self, 100, self->middle));
}

static void
list_recent (Bench *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) invocations = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_list_recent_async (self->store, "hello", NULL, KELVIN_START_COLD, 100, NULL,
                                  store_result_cb, &result);
  wait_for (&result);
  invocations = kelvin_store_list_recent_finish (self->store, result, &error);
  stop_on (error);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a, *second = b;

  return (*first > *second) - (*first < *second);
}

/* Milliseconds: the median of a few readings. */
static double
measure (Bench *self, void (*reading) (Bench *self))
{
  gint64 times[READINGS];

  for (guint i = 0; i < READINGS; i++)
    {
      gint64 from = g_get_monotonic_time ();

      reading (self);
      times[i] = g_get_monotonic_time () - from;
    }
  qsort (times, READINGS, sizeof times[0], compare_times);
  return (double) times[READINGS / 2] / 1000;
}

static void
print_reading (const char *name, double ms, double target)
{
  g_print ("{\"name\": \"%s\", \"value\": %.2f, \"unit\": \"ms\", \"target\": %g, "
           "\"better\": \"lower\"}\n",
           name, ms, target);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) < 0)
        remove_folder (child);
    }
  g_rmdir (path);
}

static double
get_bytes_per_invocation (Bench *self)
{
  g_autofree char *path = g_build_filename (self->dir, "history.db", NULL);
  GStatBuf found;

  return g_stat (path, &found) == 0 ? (double) found.st_size / self->n : 0;
}

static void
run (Bench *self)
{
  double batched = write_load_run (self);
  double alone = write_with_a_commit_each (self);

  g_print ("{\"name\": \"history.write\", \"value\": %.0f, \"unit\": \"invocations/s\", "
           "\"target\": 100000, \"better\": \"higher\", "
           "\"peer\": {\"name\": \"a commit for each\", \"value\": %.0f}}\n",
           batched, alone);

  write_invoke_runs (self);
  go_to_middle (self);
  print_reading ("history.page", measure (self, read_first_page), 100);
  print_reading ("history.page-of-run", measure (self, list_invocations), 100);
  print_reading ("history.filter", measure (self, read_filtered_page), 200);
  print_reading ("history.filter-without-match", measure (self, read_page_without_match), 200);
  print_reading ("history.strip", measure (self, count_runs), 200);
  print_reading ("history.newest", measure (self, list_recent), 100);

  kelvin_store_close (self->store);
  g_print ("{\"name\": \"history.size\", \"value\": %.0f, \"unit\": \"bytes/invocation\", "
           "\"better\": \"lower\"}\n",
           get_bytes_per_invocation (self));
}

int
main (int argc, char *argv[])
{
  Bench self = { .n = argc > 1 ? (guint) atoi (argv[1]) : 1000000 };
  const char *parent = argc > 2 ? argv[2] : g_get_tmp_dir ();
  g_autoptr (GError) error = NULL;

  self.dir = g_build_filename (parent, "kelvin-bench-XXXXXX", NULL);
  if (self.n < 4000 || g_mkdtemp (self.dir) == NULL)
    {
      g_printerr ("bench-history: give 4,000 invocations or more, and a folder to write in\n");
      return 2;
    }
  self.store = kelvin_store_open (self.dir, KELVIN_STORE_KEEP_PAYLOADS, &error);
  stop_on (error);
  run (&self);

  g_object_unref (self.store);
  remove_folder (self.dir);
  g_free (self.dir);
  g_free (self.load_run);
  g_free (self.middle);
  return 0;
}
