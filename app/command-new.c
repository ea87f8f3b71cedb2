#include "app/command.h"
#include "app/exit-status.h"
#include "app/output.h"
#include "engine/install-paths.h"
#include "engine/model/template.h"

static char *runtime;
static char *template_name;

static const GOptionEntry entries[] = {
  { "runtime", 0, 0, G_OPTION_ARG_FILENAME, &runtime, "python3.13, nodejs22.x, provided.al2023, …",
    "R" },
  { "template", 0, 0, G_OPTION_ARG_FILENAME, &template_name,
    "python, node, provided-sh or provided-c; by the runtime, unless told", "T" },
  { NULL },
};

static void
print_made (const KelvinCommandLine *line, KelvinFunction *function, const char *template_dir)
{
  const char *dir = line->operands[0];
  g_autofree char *template = g_path_get_basename (template_dir);

  if (!line->json)
    {
      g_autofree char *event = g_build_filename (dir, "events", "hello.json", NULL);
      g_autofree char *quoted_dir = g_shell_quote (dir);
      g_autofree char *quoted_event = g_shell_quote (event);

      kelvin_print ("made %s (%s, from the template %s)\nkelvin invoke %s --event %s\n", dir,
                    kelvin_function_get_runtime (function), template, quoted_dir, quoted_event);
      return;
    }
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  json_object_set_string_member (object, "functionName", kelvin_function_get_name (function));
  json_object_set_string_member (object, "dir", kelvin_function_get_dir (function));
  json_object_set_string_member (object, "runtime", kelvin_function_get_runtime (function));
  json_object_set_string_member (object, "template", template);
  kelvin_print_json (node);
}

static int
run (const KelvinCommandLine *line)
{
  g_autofree char *templates = g_build_filename (kelvin_path_data (), "templates", NULL);
  g_autoptr (GError) error = NULL;

  if (runtime == NULL)
    {
      kelvin_say_error ("--runtime is missing; right is --runtime python3.13, nodejs22.x, "
                        "provided.al2023 or another version of these");
      return KELVIN_EXIT_BAD_INPUT;
    }
  g_autofree char *template = kelvin_template_find (templates, template_name, runtime, &error);
  if (template == NULL || !kelvin_template_create (template, line->operands[0], runtime, &error))
    return kelvin_fail (error);

  g_autoptr (KelvinFunction) function = kelvin_function_load (line->operands[0], &error);
  if (function == NULL)
    return kelvin_fail (error);
  print_made (line, function, template);
  return KELVIN_EXIT_OK;
}

const KelvinCommand kelvin_command_new = {
  .name = "new",
  .operands = "DIR --runtime R",
  .summary = "make a function that runs as it is",
  .description = "DIR must be empty or not exist; the function gets its name.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = 1,
  .run = run,
};
