#include "app/help.h"

#include <string.h>

#include "app/command.h"
#include "app/common-options.h"

static void
append_options (GString *text, const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      if (*entry->long_name == '\0') /* the operands */
        continue;
      g_autofree char *name =
          g_strdup_printf ("--%s%s%s", entry->long_name, entry->arg_description == NULL ? "" : " ",
                           entry->arg_description == NULL ? "" : entry->arg_description);
      g_string_append_printf (text, "  %-20s  %s\n", name, entry->description);
    }
}

static void
append_commands (GString *text, const char *prefix)
{
  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      const KelvinCommand *command = kelvin_commands[i];
      g_autofree char *call = g_strconcat (command->name, " ", command->operands, NULL);

      if (g_str_has_prefix (command->name, prefix))
        g_string_append_printf (text, "  %-26s  %s\n", g_strchomp (call), command->summary);
    }
}

static char *
help_for_program (void)
{
  GString *text = g_string_new (
      "Usage: kelvin [OPTION…] [DIR…]\n"
      "       kelvin COMMAND [OPTION…] …\n\n"
      "Design and profile serverless functions on this machine. Without a command the\n"
      "window opens, with the function of each DIR in it.\n\n"
      "Commands:\n");

  append_commands (text, "");
  g_string_append (text, "\nOptions:\n");
  append_options (text, kelvin_program_options);
  append_options (text, kelvin_window_options);
  g_string_append (text, "\nOptions of every command:\n");
  append_options (text, kelvin_command_options);
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
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Usage: kelvin %s COMMAND [OPTION…]\n\nCommands:\n", group);
  append_commands (text, group);
  return g_string_free (text, FALSE);
}

static char *
help_for_command (const KelvinCommand *command)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Usage: kelvin %s %s%s[OPTION…]\n\n", command->name,
                          command->operands, *command->operands == '\0' ? "" : " ");
  g_string_append_printf (text, "%c%s.\n", g_ascii_toupper (*command->summary),
                          command->summary + 1);
  if (command->description != NULL)
    g_string_append_printf (text, "\n%s\n", command->description);
  g_string_append (text, "\nOptions:\n");
  append_options (text, command->entries);
  append_options (text, kelvin_command_options);
  append_options (text, kelvin_program_options);
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
