#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)
#define INVOCATIONS 25

typedef struct {
  HistoryFixture history;
  KelvinRun *run;
} Fixture;

/* Two runs, so that a list that ran over its end would be seen. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) other = NULL;

  history_fixture_set_up (&f->history, data);
  f->run = history_make_run (KELVIN_RUN_PROFILE, T0);
  other = history_make_run (KELVIN_RUN_PROFILE, T0);
  kelvin_store_put_run (f->history.store, f->run);
  kelvin_store_put_run (f->history.store, other);
  for (guint i = 1; i <= INVOCATIONS; i++)
    {
      g_autoptr (KelvinInvocation) mine = history_make_invocation (f->run, i);
      g_autoptr (KelvinInvocation) theirs = history_make_invocation (other, i);

      kelvin_store_put_invocation (f->history.store, mine);
      kelvin_store_put_invocation (f->history.store, theirs);
    }
  g_assert_true (history_flush (f->history.store, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  history_fixture_tear_down (&f->history, data);
  kelvin_run_unref (f->run);
}

static void
test_pages_are_complete_and_in_order (Fixture *f, gconstpointer limit)
{
  g_autofree char *after = NULL;
  guint64 number = 0;

  do
    {
      g_autofree char *next = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) page = history_list_invocations (
          f->history.store, f->run->id, GPOINTER_TO_UINT (limit), after, &next, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (page->len, <=, GPOINTER_TO_UINT (limit));
      for (guint i = 0; i < page->len; i++)
        {
          KelvinInvocation *invocation = page->pdata[i];
          g_assert_cmpuint (invocation->number, ==, ++number);
          g_assert_cmpstr (invocation->run_id, ==, f->run->id);
        }
      g_free (after);
      after = g_steal_pointer (&next);
    }
  while (after != NULL);
  g_assert_cmpuint (number, ==, INVOCATIONS);
}

static void
test_a_page_of_large_logs_ends_early (Fixture *f, gconstpointer data)
{
  g_autofree char *log = g_strnfill (20 * 1024 * 1024, 'x');
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) page = NULL;

  for (guint i = 1; i <= 6; i++)
    {
      g_autoptr (KelvinInvocation) invocation = history_make_invocation (f->run, i);

      g_free (invocation->log);
      invocation->log = g_strdup (log);
      kelvin_store_put_invocation (f->history.store, invocation);
    }
  g_assert_true (history_flush (f->history.store, NULL));

  page = history_list_invocations (f->history.store, f->run->id, 1000, NULL, &next, NULL);
  g_assert_cmpuint (page->len, ==, 4);
  g_assert_nonnull (next);
}

static void
test_names_a_run_that_is_not_there (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (history_list_invocations (f->history.store, "gone", 0, NULL, NULL, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND);
}

static void
test_refuses_the_place_of_another_run (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) other = history_make_run (KELVIN_RUN_PROFILE, T0);
  g_autoptr (GPtrArray) page = NULL;
  g_autofree char *next = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_put_run (f->history.store, other);
  g_assert_true (history_flush (f->history.store, NULL));
  page = history_list_invocations (f->history.store, f->run->id, 5, NULL, &next, NULL);
  g_assert_null (history_list_invocations (f->history.store, other->id, 5, next, NULL, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID);
}

static GPtrArray *
list_recent (Fixture *f, const char *function, const char *version, KelvinStart start, guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *found;

  kelvin_store_list_recent_async (f->history.store, function, version, start, limit, NULL,
                                  history_store_result_cb, &result);
  history_wait_for (&result);
  found = kelvin_store_list_recent_finish (f->history.store, result, &error);
  g_assert_no_error (error);
  return found;
}

static void
test_newest_of_a_function (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) warm = list_recent (f, "hello", "a3f5", KELVIN_START_WARM, 3);
  g_autoptr (GPtrArray) cold = list_recent (f, "hello", NULL, KELVIN_START_COLD, 10);
  g_autoptr (GPtrArray) other_version = list_recent (f, "hello", "b", KELVIN_START_WARM, 3);
  g_autoptr (GPtrArray) stranger = list_recent (f, "stranger", NULL, KELVIN_START_WARM, 3);
  KelvinInvocation *newest = warm->pdata[0];

  g_assert_cmpuint (warm->len, ==, 3);
  g_assert_cmpuint (newest->number, ==, INVOCATIONS);
  g_assert_nonnull (newest->run_id);
  g_assert_null (newest->payload);
  g_assert_cmpuint (cold->len, ==, 2);
  g_assert_cmpuint (other_version->len, ==, 0);
  g_assert_cmpuint (stranger->len, ==, 0);
}

static void
test_newest_leaves_failures_out (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinInvocation) failed = history_make_invocation (f->run, INVOCATIONS + 1);
  g_autoptr (GPtrArray) warm = NULL;

  failed->status = KELVIN_STATUS_ERROR;
  kelvin_store_put_invocation (f->history.store, failed);
  g_assert_true (history_flush (f->history.store, NULL));
  warm = list_recent (f, "hello", "a3f5", KELVIN_START_WARM, 1);
  g_assert_cmpuint (((KelvinInvocation *) warm->pdata[0])->number, ==, INVOCATIONS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, data, test)                                                                      \
  g_test_add ("/history/invocation-list/" name, Fixture, data, set_up, test, tear_down)
  ADD ("pages-are-complete/1", GUINT_TO_POINTER (1), test_pages_are_complete_and_in_order);
  ADD ("pages-are-complete/10", GUINT_TO_POINTER (10), test_pages_are_complete_and_in_order);
  ADD ("pages-are-complete/25", GUINT_TO_POINTER (25), test_pages_are_complete_and_in_order);
  ADD ("pages-are-complete/100", GUINT_TO_POINTER (100), test_pages_are_complete_and_in_order);
  ADD ("a-page-of-large-logs-ends-early", NULL, test_a_page_of_large_logs_ends_early);
  ADD ("names-a-run-that-is-not-there", NULL, test_names_a_run_that_is_not_there);
  ADD ("refuses-the-place-of-another-run", NULL, test_refuses_the_place_of_another_run);
  ADD ("newest-of-a-function", NULL, test_newest_of_a_function);
  ADD ("newest-leaves-failures-out", NULL, test_newest_leaves_failures_out);
#undef ADD

  return g_test_run ();
}
