#include "app/command-line.h"

#include <string.h>

#include "app/command.h"
#include "app/common-options.h"

static gboolean
table_has_valued_option (const GOptionEntry *entries, const char *name)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      if (g_str_equal (entry->long_name, name))
        return entry->arg != G_OPTION_ARG_NONE;
    }
  return FALSE;
}

/* Is the word after this one its value? Asked before it is known which command's options hold, so
 * one name means the same kind of option in all of them. */
static gboolean
takes_next_word (const char *word)
{
  if (!g_str_has_prefix (word, "--") || strchr (word, '=') != NULL)
    return FALSE;
  if (table_has_valued_option (kelvin_program_options, word + 2) ||
      table_has_valued_option (kelvin_command_options, word + 2))
    return TRUE;
  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      if (table_has_valued_option (kelvin_commands[i]->entries, word + 2))
        return TRUE;
    }
  return FALSE;
}

/* Index of the first operand from @from on, or of the end. "-" is one: it means standard input. */
static guint
find_operand (const char *const *argv, guint from)
{
  guint i = from;

  while (argv[i] != NULL && argv[i][0] == '-' && argv[i][1] != '\0')
    {
      if (g_str_equal (argv[i], "--"))
        return g_strv_length ((char **) argv);
      i += takes_next_word (argv[i]) && argv[i + 1] != NULL ? 2 : 1;
    }
  return i;
}

/* "history" of "history list" */
static gboolean
is_group (const char *word)
{
  g_autofree char *start = g_strconcat (word, " ", NULL);

  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      if (g_str_has_prefix (kelvin_commands[i]->name, start))
        return TRUE;
    }
  return FALSE;
}

static const KelvinCommand *
find_command (const char *name)
{
  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      if (g_str_equal (kelvin_commands[i]->name, name))
        return kelvin_commands[i];
    }
  return NULL;
}

static void
remove_word (GStrv argv, guint index)
{
  g_free (argv[index]);
  for (guint i = index; argv[i] != NULL; i++)
    argv[i] = argv[i + 1];
}

/* Takes the command's words out of @argv. */
static void
take_command (KelvinCommandLine *self, GStrv argv)
{
  guint first = find_operand ((const char *const *) argv, 1);

  if (argv[first] == NULL)
    return;
  if (!is_group (argv[first]))
    {
      self->command = find_command (argv[first]);
      if (self->command != NULL)
        remove_word (argv, first);
      return;
    }

  guint second = find_operand ((const char *const *) argv, first + 1);
  g_autofree char *name = g_strjoin (" ", argv[first], argv[second], NULL);
  self->command = find_command (name);
  if (self->command == NULL)
    {
      self->group = g_strdup (argv[first]);
      return;
    }
  remove_word (argv, second);
  remove_word (argv, first);
}

/* The variables of a table outlive one command line. */
static void
free_values (const GOptionEntry *entries)
{
  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      if (entry->arg == G_OPTION_ARG_FILENAME)
        g_clear_pointer ((char **) entry->arg_data, g_free);
    }
}

static void
clear_common_options (void)
{
  g_free (kelvin_common_options.data_dir);
  g_free (kelvin_common_options.isolation);
  g_strfreev (kelvin_common_options.operands);
  memset (&kelvin_common_options, 0, sizeof kelvin_common_options);
}

static gboolean
parse_options (KelvinCommandLine *self, GStrv *argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, kelvin_program_options, NULL);
  if (self->command == NULL)
    g_option_context_add_main_entries (context, kelvin_window_options, NULL);
  if (self->command != NULL || self->group != NULL)
    g_option_context_add_main_entries (context, kelvin_command_options, NULL);
  if (self->command != NULL)
    g_option_context_add_main_entries (context, self->command->entries, NULL);
  if (g_option_context_parse_strv (context, argv, error))
    return TRUE;

  const char *name = self->command != NULL ? self->command->name : self->group;
  if (error != NULL)
    {
      g_autofree char *problem = g_steal_pointer (&(*error)->message);
      (*error)->message = g_strdup_printf ("%s; `kelvin %s%s--help` lists the options", problem,
                                           name == NULL ? "" : name, name == NULL ? "" : " ");
    }
  return FALSE;
}

static gboolean
take_common_options (KelvinCommandLine *self, GError **error)
{
  KelvinCommonOptions *options = &kelvin_common_options;

  self->json = options->json;
  self->no_payloads = options->no_payloads;
  self->help = options->help;
  self->version = options->version;
  self->data_dir = g_steal_pointer (&options->data_dir);
  self->operands = g_steal_pointer (&options->operands);
  if (self->operands == NULL)
    self->operands = g_new0 (char *, 1);

  if (options->isolation != NULL &&
      !kelvin_isolation_from_string (options->isolation, &self->isolation))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--isolation is \"%s\"; right is namespaces or process", options->isolation);
      return FALSE;
    }
  if (self->data_dir != NULL && *self->data_dir == '\0')
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--data-dir is empty; right is the path of a folder");
      return FALSE;
    }
  return TRUE;
}

static gboolean
set_wrong_group (const KelvinCommandLine *self, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; kelvin_commands[i] != NULL; i++)
    {
      if (!g_str_has_prefix (kelvin_commands[i]->name, self->group))
        continue;
      g_string_append_printf (names, "%s`kelvin %s`", names->len == 0 ? "" : " or ",
                              kelvin_commands[i]->name);
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
               "`kelvin %s` alone does nothing; right is %s", self->group, names->str);
  return FALSE;
}

static gboolean
check_folders (const KelvinCommandLine *self, GError **error)
{
  for (gsize i = 0; self->operands[i] != NULL; i++)
    {
      if (g_file_test (self->operands[i], G_FILE_TEST_IS_DIR))
        continue;
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "\"%s\" is neither a command nor a folder; `kelvin --help` lists the commands",
                   self->operands[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_operands (const KelvinCommandLine *self, GError **error)
{
  const KelvinCommand *command = self->command;
  guint n = g_strv_length (self->operands);

  if (self->help || self->version)
    return TRUE;
  if (self->group != NULL)
    return set_wrong_group (self, error);
  if (command == NULL)
    return check_folders (self, error);
  if (n < command->min_operands)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "something is missing: `kelvin %s %s`", command->name, command->operands);
      return FALSE;
    }
  if (n > command->max_operands)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   "\"%s\" is too much: `kelvin %s%s%s`", self->operands[command->max_operands],
                   command->name, *command->operands != '\0' ? " " : "", command->operands);
      return FALSE;
    }
  return TRUE;
}

KelvinCommandLine *
kelvin_command_line_parse (const char *const *argv, GError **error)
{
  g_autoptr (KelvinCommandLine) self = g_new0 (KelvinCommandLine, 1);
  g_auto (GStrv) words = g_strdupv ((char **) argv);

  take_command (self, words);
  clear_common_options ();
  if (self->command != NULL)
    free_values (self->command->entries);
  if (!parse_options (self, &words, error) || !take_common_options (self, error) ||
      !check_operands (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
kelvin_command_line_free (KelvinCommandLine *self)
{
  g_free (self->group);
  g_free (self->data_dir);
  g_strfreev (self->operands);
  g_free (self);
}
