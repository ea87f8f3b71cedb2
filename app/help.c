#include "app/help.h"

#include "app/command.h"
#include "app/common-options.h"
#include "app/table.h"

static void
append_rows (GString *text, KelvinTable *table)
{
  for (guint i = 0; i < kelvin_table_get_n_rows (table); i++)
    {
      g_autofree char *row = kelvin_table_get_row (table, i);
      g_string_append_printf (text, "  %s\n", row);
    }
}

static void
add_options (KelvinTable *table, const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      const char letter[] = { '-', entry->short_name, ',', ' ', '\0' };
      g_autofree char *name =
          g_strconcat (entry->short_name != 0 ? letter : "", "--", entry->long_name,
                       entry->arg_description == NULL ? NULL : " ", entry->arg_description, NULL);

      if (*entry->long_name != '\0') /* that one is the operands */
        kelvin_table_add (table, name, entry->description, NULL);
    }
}

static void
append_commands (GString *text, const char *prefix)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("ll");

  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      const KelvinCommand *command = kelvin_commands[i];
      g_autofree char *call = g_strconcat (command->name, " ", command->operands, NULL);

      if (g_str_has_prefix (command->name, prefix))
        kelvin_table_add (table, g_strchomp (call), command->summary, NULL);
    }
  append_rows (text, table);
}

static char *
help_for_program (void)
{
  g_autoptr (KelvinTable) options = kelvin_table_new ("ll");
  g_autoptr (KelvinTable) common_options = kelvin_table_new ("ll");
  GString *text = g_string_new (
      "Usage: kelvin [OPTION…] [DIR…]\n"
      "       kelvin COMMAND [OPTION…] …\n\n"
      "Design and profile serverless functions on this machine. Without a command the\n"
      "window opens, with the function of each DIR in it.\n\n"
      "Commands:\n");

  append_commands (text, "");
  g_string_append (text, "\nOptions:\n");
  add_options (options, kelvin_program_options);
  add_options (options, kelvin_window_options);
  append_rows (text, options);
  g_string_append (text, "\nOptions of every command:\n");
  add_options (common_options, kelvin_command_options);
  append_rows (text, common_options);
  g_string_append (text, "\nExit status:\n"
                         "  0    it worked\n"
                         "  1    the function failed: error, timeout, out of memory\n"
                         "  2    wrong usage or bad input\n"
                         "  3    Kelvin itself could not\n"
                         "  130  interrupted; what had been measured was kept\n\n"
                         "`kelvin COMMAND --help` says more about one of them.\n");
  return g_string_free (text, FALSE);
}

static char *
help_for_group (const char *group)
{
  g_autoptr (KelvinTable) options = kelvin_table_new ("ll");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Usage: kelvin %s COMMAND [OPTION…]\n\nCommands:\n", group);
  append_commands (text, group);
  g_string_append (text, "\nOptions of each:\n");
  add_options (options, kelvin_command_options);
  add_options (options, kelvin_program_options);
  append_rows (text, options);
  g_string_append_printf (text, "\n`kelvin %s COMMAND --help` says more about one of them.\n",
                          group);
  return g_string_free (text, FALSE);
}

static char *
help_for_command (const KelvinCommand *command)
{
  g_autoptr (KelvinTable) options = kelvin_table_new ("ll");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Usage: kelvin %s %s%s[OPTION…]\n\n", command->name,
                          command->operands, *command->operands == '\0' ? "" : " ");
  g_string_append_printf (text, "%c%s.\n", g_ascii_toupper (*command->summary),
                          command->summary + 1);
  if (command->description != NULL)
    g_string_append_printf (text, "\n%s\n", command->description);
  g_string_append (text, "\nOptions:\n");
  add_options (options, command->entries);
  add_options (options, kelvin_command_options);
  add_options (options, kelvin_program_options);
  append_rows (text, options);
  return g_string_free (text, FALSE);
}

char *
kelvin_help_for (const KelvinCommandLine *line)
{
  if (line->command != NULL)
    return help_for_command (line->command);
  if (line->group != NULL)
    return help_for_group (line->group);
  return help_for_program ();
}
