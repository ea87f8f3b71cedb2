#include "app/command.h"
#include "app/help.h"

/* @words without the program's name. */
static KelvinCommandLine *
parse (const char *words, GError **error)
{
  g_autofree char *text = g_strconcat ("kelvin ", words, NULL);
  g_auto (GStrv) argv = NULL;

  g_assert_true (g_shell_parse_argv (text, NULL, &argv, NULL));
  return kelvin_command_line_parse ((const char *const *) argv, error);
}

static KelvinCommandLine *
parse_well (const char *words)
{
  g_autoptr (GError) error = NULL;
  KelvinCommandLine *line = parse (words, &error);

  g_assert_no_error (error);
  return line;
}

static void
test_options_stand_anywhere (void)
{
  static const char *const orders[] = {
    "invoke fn --json --data-dir d --event e.json",
    "invoke --json --event e.json --data-dir=d fn",
    "--json invoke --event=e.json fn --data-dir d",
    "--event e.json --data-dir d --json invoke fn",
    "--data-dir d --event e.json --json invoke -- fn",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (KelvinCommandLine) line = parse_well (orders[i]);

      g_assert_true (line->command == &kelvin_command_invoke);
      g_assert_cmpstr (line->operands[0], ==, "fn");
      g_assert_null (line->operands[1]);
      g_assert_cmpstr (line->data_dir, ==, "d");
      g_assert_true (line->json);
      g_assert_false (line->no_payloads);
    }
}

/* Of commands and of the window; nothing but the word itself chooses it. */
static void
test_isolation_is_chosen_by_its_word_alone (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinCommandLine) usual = parse_well ("invoke fn");
  g_autoptr (KelvinCommandLine) process = parse_well ("--isolation process invoke fn");
  g_autoptr (KelvinCommandLine) window = parse_well ("--isolation=process");
  g_autoptr (KelvinCommandLine) wrong = parse ("invoke fn --isolation none", &error);

  g_assert_cmpint (usual->isolation, ==, KELVIN_ISOLATION_NAMESPACES);
  g_assert_cmpint (process->isolation, ==, KELVIN_ISOLATION_PROCESS);
  g_assert_cmpint (window->isolation, ==, KELVIN_ISOLATION_PROCESS);
  g_assert_null (wrong);
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
}

static void
test_commands_of_two_words (void)
{
  g_autoptr (KelvinCommandLine) list = parse_well ("history --limit 3 list --json");
  g_autoptr (KelvinCommandLine) show = parse_well ("--json history show 0123456789");

  g_assert_true (list->command == &kelvin_command_history_list);
  g_assert_null (list->operands[0]);
  g_assert_true (show->command == &kelvin_command_history_show);
  g_assert_cmpstr (show->operands[0], ==, "0123456789");
}

static void
test_folders_open_the_window (void)
{
  g_autoptr (KelvinCommandLine) none = parse_well ("");
  g_autoptr (KelvinCommandLine) some = parse_well ("/ --data-dir d /tmp");

  g_assert_null (none->command);
  g_assert_null (none->operands[0]);
  g_assert_null (some->command);
  g_assert_cmpuint (g_strv_length (some->operands), ==, 2);
  g_assert_cmpstr (some->data_dir, ==, "d");
}

static void
test_wrong_usage_is_named (void)
{
  static const struct {
    const char *words, *message;
  } wrong[] = {
    { "frobnicate", "\"frobnicate\" is neither a command nor a folder" },
    { "/ nowhere", "\"nowhere\" is neither" },
    { "invoke", "`kelvin invoke DIR`" },
    { "invoke a b", "\"b\" is too much" },
    { "doctor a", "\"a\" is too much: `kelvin doctor`" },
    { "invoke fn --frob", "--frob" },
    { "invoke fn --rate 3", "--rate" },
    { "--json", "--json" },
    { "invoke fn --event", "--event" },
    { "profile fn --cold many", "many" },
    { "invoke fn --data-dir ''", "--data-dir is empty" },
    { "history", "`kelvin history list` or `kelvin history show`" },
    { "history lisst", "`kelvin history list` or `kelvin history show`" },
    { "invoke fn --version", "--version" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (wrong[i].words, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == G_OPTION_ERROR);
      g_assert_nonnull (strstr (error->message, wrong[i].message));
      g_assert_false (g_str_has_suffix (error->message, "."));
    }
}

/* Every command and every option that it has. */
static void
test_help_says_everything (void)
{
  g_autoptr (KelvinCommandLine) program = parse_well ("--help");
  g_autofree char *overview = kelvin_help_for (program);

  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      g_autofree char *words = g_strconcat (kelvin_commands[i]->name, " -h", NULL);
      g_autoptr (KelvinCommandLine) line = parse_well (words);
      g_autofree char *text = kelvin_help_for (line);

      g_assert_nonnull (strstr (overview, kelvin_commands[i]->name));
      g_assert_nonnull (strstr (text, "--data-dir"));
      g_assert_nonnull (strstr (text, "--json"));
      for (const GOptionEntry *entry = kelvin_commands[i]->entries; entry->long_name; entry++)
        g_assert_nonnull (strstr (text, entry->long_name));
    }
}

static void
test_version_is_asked_alone (void)
{
  g_autoptr (KelvinCommandLine) line = parse_well ("--version");

  g_assert_true (line->version);
  g_assert_null (line->command);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/command-line/options-stand-anywhere", test_options_stand_anywhere);
  g_test_add_func ("/app/command-line/isolation-is-chosen-by-its-word-alone",
                   test_isolation_is_chosen_by_its_word_alone);
  g_test_add_func ("/app/command-line/commands-of-two-words", test_commands_of_two_words);
  g_test_add_func ("/app/command-line/folders-open-the-window", test_folders_open_the_window);
  g_test_add_func ("/app/command-line/wrong-usage-is-named", test_wrong_usage_is_named);
  g_test_add_func ("/app/command-line/help-says-everything", test_help_says_everything);
  g_test_add_func ("/app/command-line/version-is-asked-alone", test_version_is_asked_alone);
  return g_test_run ();
}
