#include "ui/find-item.h"

static int
rank (KelvinFindItem *item, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  return kelvin_find_item_rank (item, (const char *const *) words);
}

static KelvinFindItem *
create_run (void)
{
  g_autoptr (KelvinRun) run = kelvin_run_new ();

  run->id = g_strdup ("01a20a59-f6f5-7200-866e-eadc74d46412");
  run->function_name = g_strdup ("Thumbnails");
  run->version = g_strdup ("1f3111");
  run->git_branch = g_strdup ("main");
  run->git_commit = g_strdup ("81c03dffff");
  run->kind = KELVIN_RUN_PROFILE;
  run->status = KELVIN_STATUS_OK;
  return kelvin_find_item_new_run (run, run->started_at_us);
}

static void
test_all_words_must_be_there (void)
{
  g_autoptr (KelvinFindItem) item = create_run ();

  g_assert_cmpint (rank (item, "profile thumb"), >=, 0);
  g_assert_cmpint (rank (item, "profile other"), ==, -1);
}

static void
test_what_begins_the_title_fits_best (void)
{
  g_autoptr (KelvinFindItem) item = create_run ();

  g_assert_cmpint (rank (item, "prof"), ==, 0);
  g_assert_cmpint (rank (item, "file"), >, rank (item, "prof"));
  g_assert_cmpint (rank (item, "thumbnails"), >, rank (item, "file"));
}

static void
test_a_run_is_found_by_id_and_commit (void)
{
  g_autoptr (KelvinFindItem) item = create_run ();

  g_assert_cmpint (rank (item, "01a20a59-f6f5"), >=, 0);
  g_assert_cmpint (rank (item, "81c03d"), >=, 0);
  g_assert_cmpint (rank (item, "main"), >=, 0);
}

static void
test_an_action_says_its_keys (void)
{
  for (guint i = 0; i < kelvin_action_table_get_size (); i++)
    {
      const KelvinActionEntry *entry = kelvin_action_table_get (i);

      if (g_strcmp0 (entry->action, "win.find") != 0)
        continue;

      g_autoptr (KelvinFindItem) item = kelvin_find_item_new_action (entry);
      g_autofree char *words = kelvin_find_item_describe (item);
      g_assert_cmpstr (words, ==, "Find anything, Ctrl+K");
      return;
    }

  g_assert_not_reached ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/find-item/all-words-must-be-there", test_all_words_must_be_there);
  g_test_add_func ("/ui/find-item/what-begins-the-title-fits-best",
                   test_what_begins_the_title_fits_best);
  g_test_add_func ("/ui/find-item/a-run-is-found-by-id-and-commit",
                   test_a_run_is_found_by_id_and_commit);
  g_test_add_func ("/ui/find-item/an-action-says-its-keys", test_an_action_says_its_keys);
  return g_test_run ();
}
