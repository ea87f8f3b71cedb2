#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)

/* Two environments, the second one's steps among those of the first. */
static const KelvinTransition transitions[] = {
  { 4, KELVIN_STATE_PARKED, KELVIN_STATE_STARTING, 1000000, "" },
  { 4, KELVIN_STATE_STARTING, KELVIN_STATE_INITIALISING, 3000000, "" },
  { 5, KELVIN_STATE_PARKED, KELVIN_STATE_STARTING, 3000000, "" },
  { 4, KELVIN_STATE_INITIALISING, KELVIN_STATE_STOPPING, 4500000, "cancelled" },
  { 5, KELVIN_STATE_STARTING, KELVIN_STATE_DEAD, 5000000, "sandbox failed" },
};

static char *
put_run (HistoryFixture *f)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);

  run->started_at_ns = 500000;
  kelvin_store_put_run (f->store, run);
  kelvin_store_put_transitions (f->store, run->id, transitions, G_N_ELEMENTS (transitions));
  g_assert_true (history_flush (f->store, NULL));
  return g_strdup (run->id);
}

static GPtrArray *
list (HistoryFixture *f, const char *run_id, guint64 environment, guint limit, const char *after,
      char **out_next, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_list_transitions_async (f->store, run_id, environment, limit, after, NULL,
                                       history_store_result_cb, &result);
  history_wait_for (&result);
  return kelvin_store_list_transitions_finish (f->store, result, out_next, error);
}

static void
test_are_listed_in_pages (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *run_id = put_run (f);
  g_autofree char *cursor = NULL;
  guint seen = 0;

  do
    {
      g_autofree char *after = g_steal_pointer (&cursor);
      g_autoptr (GPtrArray) page = list (f, run_id, 0, 2, after, &cursor, NULL);

      for (guint i = 0; i < page->len; i++, seen++)
        {
          const KelvinPastTransition *past = page->pdata[i];

          g_assert_cmpuint (past->transition.environment, ==, transitions[seen].environment);
          g_assert_cmpint (past->transition.at_ns, ==, transitions[seen].at_ns);
          g_assert_cmpint (past->transition.from, ==, transitions[seen].from);
          g_assert_cmpint (past->transition.to, ==, transitions[seen].to);
          g_assert_cmpstr (past->transition.reason, ==, transitions[seen].reason);
        }
    }
  while (cursor != NULL);
  g_assert_cmpuint (seen, ==, G_N_ELEMENTS (transitions));
}

static void
test_are_listed_for_one_environment (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *run_id = put_run (f);
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) page = list (f, run_id, 5, 0, NULL, &next, NULL);

  g_assert_cmpuint (page->len, ==, 2);
  g_assert_null (next);
  g_assert_cmpstr (((KelvinPastTransition *) page->pdata[1])->reason, ==, "sandbox failed");
}

static void
test_become_json_from_the_runs_start (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *run_id = put_run (f);
  g_autoptr (GPtrArray) page = list (f, run_id, 0, 0, NULL, NULL, NULL);
  g_autoptr (JsonNode) node = kelvin_past_transitions_to_json (page, 500000);
  JsonObject *first = json_array_get_object_element (json_node_get_array (node), 0);
  JsonArray *steps = json_object_get_array_member (first, "transitions");
  JsonObject *last = json_array_get_object_element (steps, 2);

  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (first, "environment"), ==, "env 4");
  g_assert_cmpuint (json_array_get_length (steps), ==, 3);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (last, "atMs"), 4.0, 1e-9);
  g_assert_cmpstr (json_object_get_string_member (last, "from"), ==, "initialising");
  g_assert_cmpstr (json_object_get_string_member (last, "to"), ==, "stopping");
  g_assert_cmpstr (json_object_get_string_member (last, "reason"), ==, "cancelled");
}

static void
test_a_runs_start_is_kept (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *run_id = put_run (f);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KelvinRun) run = NULL;

  kelvin_store_get_run_async (f->store, run_id, NULL, history_store_result_cb, &result);
  history_wait_for (&result);
  run = kelvin_store_get_run_finish (f->store, result, NULL);
  g_assert_cmpint (run->started_at_ns, ==, 500000);
}

static void
test_refuses_an_unknown_run (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (list (f, "no-such-run", 0, 0, NULL, NULL, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/history/transition-list/" name, HistoryFixture, NULL, history_fixture_set_up,      \
              func, history_fixture_tear_down)
  ADD ("are-listed-in-pages", test_are_listed_in_pages);
  ADD ("are-listed-for-one-environment", test_are_listed_for_one_environment);
  ADD ("become-json-from-the-runs-start", test_become_json_from_the_runs_start);
  ADD ("a-runs-start-is-kept", test_a_runs_start_is_kept);
  ADD ("refuses-an-unknown-run", test_refuses_an_unknown_run);
  return g_test_run ();
}
