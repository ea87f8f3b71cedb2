#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)
#define MINUTE G_GINT64_CONSTANT (60000000)

static void
put_run (HistoryFixture *f, KelvinRunKind kind, KelvinStatus status, const char *function,
         gint64 started_at_us)
{
  g_autoptr (KelvinRun) run = history_make_run (kind, started_at_us);

  g_free (run->function_name);
  run->function_name = g_strdup (function);
  run->status = status;
  run->cost_pico_usd = 100;
  kelvin_store_put_run (f->store, run);
}

/* Ten runs, a minute from one to the next; the last two at the same instant. */
static void
set_up (HistoryFixture *f, gconstpointer data)
{
  history_fixture_set_up (f, data);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_OK, "hello", T0);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_ERROR, "hello", T0 + 1 * MINUTE);
  put_run (f, KELVIN_RUN_PROFILE, KELVIN_STATUS_OK, "hello", T0 + 2 * MINUTE);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_TIMEOUT, "thumbnails", T0 + 3 * MINUTE);
  put_run (f, KELVIN_RUN_LOAD, KELVIN_STATUS_OK, "thumbnails", T0 + 4 * MINUTE);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_CANCELLED, "hello", T0 + 5 * MINUTE);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_OUT_OF_MEMORY, "hello", T0 + 6 * MINUTE);
  put_run (f, KELVIN_RUN_TUNE, KELVIN_STATUS_THROTTLED, "hello", T0 + 7 * MINUTE);
  put_run (f, KELVIN_RUN_DRILL, KELVIN_STATUS_OK, "hello", T0 + 8 * MINUTE);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_RUNNING, "hello", T0 + 8 * MINUTE);
  g_assert_true (history_flush (f->store, NULL));
}

static KelvinRunFilter
every_run (void)
{
  return (KelvinRunFilter){ .since_us = -1, .until_us = -1 };
}

static guint
count (HistoryFixture *f, const KelvinRunFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = history_list_runs (f->store, filter, NULL, &error);

  g_assert_no_error (error);
  return runs->len;
}

static void
test_newest_first (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = every_run ();
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) runs = history_list_runs (f->store, &filter, &next, NULL);

  g_assert_cmpuint (runs->len, ==, 10);
  g_assert_null (next);
  for (guint i = 1; i < runs->len; i++)
    {
      KelvinRun *newer = runs->pdata[i - 1], *older = runs->pdata[i];
      g_assert_cmpint (newer->started_at_us, >=, older->started_at_us);
    }
}

static void
test_filters (HistoryFixture *f, gconstpointer data)
{
  const struct {
    KelvinRunFilter filter;
    guint expected;
  } cases[] = {
    { { .since_us = -1, .until_us = -1 }, 10 },
    { { 0 }, 10 },
    { { .function_name = "hello" }, 8 },
    { { .function_name = "nobody" }, 0 },
    { { .status = "ok" }, 4 },
    { { .status = "out-of-memory" }, 1 },
    { { .status = "running" }, 1 },
    { { .kinds = "invoke" }, 6 },
    { { .kinds = "profile,load,tune" }, 3 },
    { { .kinds = "serve" }, 0 },
    { { .kinds = "" }, 0 },
    { { .since_us = T0 + 5 * MINUTE }, 5 },
    { { .until_us = T0 + 5 * MINUTE }, 5 },
    { { .since_us = T0 + MINUTE, .until_us = T0 + 2 * MINUTE }, 1 },
    { { .function_name = "hello", .kinds = "invoke", .status = "error" }, 1 },
    { { .function_name = "thumbnails", .status = "error" }, 0 },
    { { .limit = 3 }, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (count (f, &cases[i].filter), ==, cases[i].expected);
}

static void
test_pages_are_complete (HistoryFixture *f, gconstpointer limit)
{
  KelvinRunFilter filter = every_run ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *after = NULL;
  guint pages = 0;

  filter.limit = GPOINTER_TO_UINT (limit);
  do
    {
      g_autofree char *next = NULL;
      g_autoptr (GPtrArray) runs = NULL;

      filter.after = after;
      runs = history_list_runs (f->store, &filter, &next, NULL);
      g_assert_cmpuint (runs->len, <=, filter.limit);
      for (guint i = 0; i < runs->len; i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (((KelvinRun *) runs->pdata[i])->id)));
      g_free (after);
      after = g_steal_pointer (&next);
      pages++;
    }
  while (after != NULL);

  g_assert_cmpuint (g_hash_table_size (seen), ==, 10);
  g_assert_cmpuint (pages, ==, (10 + filter.limit - 1) / filter.limit);
}

static void
test_a_page_stays_while_runs_arrive (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = every_run ();
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) second = NULL;
  g_autofree char *next = NULL;

  filter.limit = 5;
  first = history_list_runs (f->store, &filter, &next, NULL);
  put_run (f, KELVIN_RUN_INVOKE, KELVIN_STATUS_OK, "hello", T0 + 9 * MINUTE);
  g_assert_true (history_flush (f->store, NULL));

  filter.after = next;
  second = history_list_runs (f->store, &filter, NULL, NULL);
  g_assert_cmpuint (second->len, ==, 5);
  g_assert_cmpint (((KelvinRun *) second->pdata[0])->started_at_us, ==, T0 + 4 * MINUTE);
}

static void
test_refuses_what_cannot_be (HistoryFixture *f, gconstpointer data)
{
  const struct {
    KelvinRunFilter filter;
    const char *word;
  } cases[] = {
    { { .status = "fine" }, "fine" },
    { { .kinds = "invoke,walk" }, "walk" },
    { { .after = "yesterday" }, "yesterday" },
    { { .after = "1-2-3" }, "1-2-3" },
    { { .after = "" }, "\"\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (history_list_runs (f->store, &cases[i].filter, NULL, &error));
      g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].word));
    }
}

static void
test_can_be_cancelled (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = every_run ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_list_runs_async (f->store, &filter, cancellable, history_store_result_cb, &result);
  g_cancellable_cancel (cancellable);
  history_wait_for (&result);
  g_assert_null (kelvin_store_list_runs_finish (f->store, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_finds_a_run_by_prefix (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = every_run ();
  g_autoptr (GPtrArray) runs = history_list_runs (f->store, &filter, NULL, NULL);
  KelvinRun *wanted = runs->pdata[3];

  /* All were made within a minute: what tells them apart comes later. */
  for (gsize length = 36; length >= 30; length--)
    {
      g_autofree char *prefix = g_strndup (wanted->id, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (KelvinRun) run = history_get_run (f->store, prefix, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (run->id, ==, wanted->id);
    }
}

static void
test_refuses_a_prefix_of_several (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = every_run ();
  g_autoptr (GPtrArray) runs = history_list_runs (f->store, &filter, NULL, NULL);
  g_autofree char *prefix = g_strndup (((KelvinRun *) runs->pdata[0])->id, 8);
  g_autoptr (GError) error = NULL;

  g_assert_null (history_get_run (f->store, prefix, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "More than one"));
}

static void
test_names_a_run_that_is_not_there (HistoryFixture *f, gconstpointer data)
{
  const char *const ids[] = { "", "abc", "no such run", "00000000-0000-7000-8000-000000000000",
                              "00000000-0000-7000-8000-0000000000000" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (history_get_run (f->store, ids[i], &error));
      g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, ids[i]));
    }
}

static void
test_finds_a_serve_run_by_what_it_served (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_SERVE, T0);
  const char *const names[] = { "a", "b", "a", "b" };

  g_free (run->function_name);
  run->function_name = g_strdup ("");
  kelvin_store_put_run (f->store, run);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, i + 1);

      g_free (invocation->function_name);
      invocation->function_name = g_strdup (names[i]);
      kelvin_store_put_invocation (f->store, invocation);
    }
  g_assert_true (history_flush (f->store, NULL));

  g_assert_cmpuint (count (f, &(KelvinRunFilter){ .function_name = "a" }), ==, 1);
  g_assert_cmpuint (count (f, &(KelvinRunFilter){ .function_name = "b", .kinds = "serve" }), ==, 1);
  g_assert_cmpuint (count (f, &(KelvinRunFilter){ .function_name = "c" }), ==, 0);
}

static GArray *
count_slices (HistoryFixture *f, const KelvinRunFilter *filter, guint n, gint64 *out_from,
              gint64 *out_to)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GArray *slices;

  kelvin_store_count_runs_async (f->store, filter, n, NULL, history_store_result_cb, &result);
  history_wait_for (&result);
  slices = kelvin_store_count_runs_finish (f->store, result, out_from, out_to, &error);
  g_assert_no_error (error);
  return slices;
}

static void
test_counts_in_slices (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = { .since_us = T0, .until_us = T0 + 10 * MINUTE };
  const guint failed[] = { 1, 1, 0, 2, 0 };
  gint64 from, to;
  g_autoptr (GArray) slices = count_slices (f, &filter, 5, &from, &to);

  g_assert_cmpint (from, ==, T0);
  g_assert_cmpint (to, ==, T0 + 10 * MINUTE);
  g_assert_cmpuint (slices->len, ==, G_N_ELEMENTS (failed));
  for (guint i = 0; i < slices->len; i++)
    {
      g_assert_cmpuint (g_array_index (slices, KelvinRunSlice, i).runs, ==, 2);
      g_assert_cmpuint (g_array_index (slices, KelvinRunSlice, i).failed, ==, failed[i]);
    }
}

static void
test_counts_between_the_oldest_and_the_newest (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = { .function_name = "thumbnails" };
  gint64 from, to;
  g_autoptr (GArray) slices = count_slices (f, &filter, 2, &from, &to);

  g_assert_cmpint (from, ==, T0 + 3 * MINUTE);
  g_assert_cmpint (to, ==, T0 + 4 * MINUTE + 1);
  g_assert_cmpuint (g_array_index (slices, KelvinRunSlice, 0).runs, ==, 1);
  g_assert_cmpuint (g_array_index (slices, KelvinRunSlice, 1).runs, ==, 1);
}

static void
test_counts_nothing (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = { .function_name = "nobody" };
  gint64 from, to;
  g_autoptr (GArray) slices = count_slices (f, &filter, 3, &from, &to);

  g_assert_cmpint (from, <, to);
  g_assert_cmpuint (slices->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (g_array_index (slices, KelvinRunSlice, i).runs, ==, 0);
}

static void
test_lists_the_newest_invocations_of_all_runs (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) older = history_make_run (KELVIN_RUN_INVOKE, T0 + 20 * MINUTE);
  g_autoptr (KelvinRun) newer = history_make_run (KELVIN_RUN_PROFILE, T0 + 21 * MINUTE);
  g_autoptr (KelvinInvocation) first = history_make_invocation (older, 1);
  g_autoptr (KelvinInvocation) second = history_make_invocation (newer, 1);
  g_autoptr (KelvinInvocation) third = history_make_invocation (newer, 2);
  KelvinRunFilter filter = every_run ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_put_run (f->store, older);
  kelvin_store_put_run (f->store, newer);
  kelvin_store_put_invocation (f->store, first);
  kelvin_store_put_invocation (f->store, second);
  kelvin_store_put_invocation (f->store, third);
  g_assert_true (history_flush (f->store, NULL));
  filter.limit = 2;
  kelvin_store_list_newest_async (f->store, &filter, NULL, history_store_result_cb, &result);
  history_wait_for (&result);
  g_autoptr (GPtrArray) found = kelvin_store_list_newest_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_cmpstr (((KelvinInvocation *) found->pdata[0])->run_id, ==, newer->id);
  g_assert_cmpuint (((KelvinInvocation *) found->pdata[0])->number, ==, 2);
  g_assert_cmpuint (((KelvinInvocation *) found->pdata[1])->number, ==, 1);
}

static void
test_costs_are_added_up_by_function (HistoryFixture *f, gconstpointer data)
{
  KelvinRunFilter filter = every_run ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_sum_costs_async (f->store, &filter, NULL, history_store_result_cb, &result);
  history_wait_for (&result);
  g_autoptr (GPtrArray) costs = kelvin_store_sum_costs_finish (f->store, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (costs->len, ==, 2);

  const KelvinFunctionCost *hello = costs->pdata[0];
  const KelvinFunctionCost *thumbnails = costs->pdata[1];
  g_assert_cmpstr (hello->function_name, ==, "hello");
  g_assert_cmpint (hello->runs, ==, 8);
  g_assert_cmpint (hello->since_us, ==, T0);
  g_assert_cmpstr (thumbnails->function_name, ==, "thumbnails");
  g_assert_cmpint (thumbnails->runs, ==, 2);
  g_assert_cmpint (hello->cost_pico_usd, ==, 4 * thumbnails->cost_pico_usd);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, data, test)                                                                      \
  g_test_add ("/history/run-list/" name, HistoryFixture, data, set_up, test,                       \
              history_fixture_tear_down)
  ADD ("newest-first", NULL, test_newest_first);
  ADD ("filters", NULL, test_filters);
  ADD ("pages-are-complete/1", GUINT_TO_POINTER (1), test_pages_are_complete);
  ADD ("pages-are-complete/3", GUINT_TO_POINTER (3), test_pages_are_complete);
  ADD ("pages-are-complete/5", GUINT_TO_POINTER (5), test_pages_are_complete);
  ADD ("pages-are-complete/10", GUINT_TO_POINTER (10), test_pages_are_complete);
  ADD ("a-page-stays-while-runs-arrive", NULL, test_a_page_stays_while_runs_arrive);
  ADD ("refuses-what-cannot-be", NULL, test_refuses_what_cannot_be);
  ADD ("can-be-cancelled", NULL, test_can_be_cancelled);
  ADD ("finds-a-run-by-prefix", NULL, test_finds_a_run_by_prefix);
  ADD ("refuses-a-prefix-of-several", NULL, test_refuses_a_prefix_of_several);
  ADD ("names-a-run-that-is-not-there", NULL, test_names_a_run_that_is_not_there);
  ADD ("finds-a-serve-run-by-what-it-served", NULL, test_finds_a_serve_run_by_what_it_served);
  ADD ("counts-in-slices", NULL, test_counts_in_slices);
  ADD ("counts-between-the-oldest-and-the-newest", NULL,
       test_counts_between_the_oldest_and_the_newest);
  ADD ("counts-nothing", NULL, test_counts_nothing);
  ADD ("costs-are-added-up-by-function", NULL, test_costs_are_added_up_by_function);
  ADD ("lists-the-newest-invocations-of-all-runs", NULL,
       test_lists_the_newest_invocations_of_all_runs);
#undef ADD

  return g_test_run ();
}
