#include "engine/model/function.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define LEAST "\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\""
#define DOOR                                                                                       \
  "{\"Name\": \"db\", \"Host\": \"db.internal\", \"Port\": 5432, \"To\": \"127.0.0.1:5432\"}"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *made = g_dir_make_tmp ("kelvin-function-XXXXXX", NULL);

  f->dir = g_build_filename (made, "hello", NULL);
  g_assert_cmpint (g_mkdir (f->dir, 0755), ==, 0);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *made = g_path_get_dirname (f->dir);

  remove_folder (made);
  g_free (f->dir);
}

static char *
write_file (Fixture *f, const char *name, const char *text)
{
  char *path = g_build_filename (f->dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static KelvinFunction *
parse (Fixture *f, const char *json)
{
  g_autoptr (GError) error = NULL;
  KelvinFunction *function = kelvin_function_parse (f->dir, json, -1, &error);

  g_assert_no_error (error);
  return function;
}

static void
test_defaults_are_those_of_the_service (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = parse (f, "{" LEAST "}");

  g_assert_cmpstr (kelvin_function_get_dir (function), ==, f->dir);
  g_assert_cmpstr (kelvin_function_get_name (function), ==, "hello");
  g_assert_cmpstr (kelvin_function_get_runtime (function), ==, "python3.11");
  g_assert_cmpint (kelvin_function_get_runtime_family (function), ==, KELVIN_RUNTIME_PYTHON);
  g_assert_cmpstr (kelvin_function_get_handler (function), ==, "handler.main");
  g_assert_cmpstr (kelvin_function_get_description (function), ==, "");
  g_assert_cmpstr (kelvin_function_get_architecture (function), ==, "x86_64");
  g_assert_cmpuint (kelvin_function_get_memory_size_mb (function), ==, 128);
  g_assert_cmpuint (kelvin_function_get_timeout_s (function), ==, 3);
  g_assert_cmpuint (kelvin_function_get_ephemeral_storage_mb (function), ==, 512);
  g_assert_false (kelvin_function_get_system_packages (function));
  g_assert_cmpstr (kelvin_function_get_network (function), ==, "none");
  g_assert_cmpuint (g_hash_table_size (kelvin_function_get_variables (function)), ==, 0);
  g_assert_null (kelvin_function_get_layers (function)[0]);
  g_assert_null (kelvin_function_get_warnings (function)[0]);
}

static void
test_every_field_is_read (Fixture *f, gconstpointer data)
{
  g_autofree char *layer = write_file (f, "../shared/python/lib.py", "");
  g_autofree char *expected = g_build_filename (f->dir, "../shared", NULL);
  g_autofree char *expected_layer = g_canonicalize_filename (expected, NULL);
  g_autoptr (KelvinFunction) function = parse (
      f,
      "{\"FunctionName\": \"a-b_1\", \"Runtime\": \"nodejs20.x\", \"Handler\": \"i.h\","
      "\"Description\": \"d\", \"MemorySize\": 10240, \"Timeout\": 900,"
      "\"EphemeralStorage\": {\"Size\": 1024}, \"Environment\": {\"Variables\": {\"AB\": \"é\"}},"
      "\"Layers\": [\"../shared\"], \"Architectures\": [\"arm64\"], \"Tags\": {\"a\": \"b\"},"
      "\"ReservedConcurrentExecutions\": 0, \"DeadLetterConfig\": {\"TargetArn\": \"q\"},"
      "\"SnapStart\": {\"ApplyOn\": \"None\"}, \"Kelvin\": {\"Network\": \"internet\","
      "\"SystemPackages\": true, \"ProvisionedConcurrentExecutions\": 2, \"Events\": [],"
      "\"Doors\": [{\"Name\": \"db\", \"Host\": \"db.internal\", \"Port\": 5432,"
      "\"To\": \"127.0.0.1:5432\"}]}}");

  g_assert_cmpstr (kelvin_function_get_name (function), ==, "a-b_1");
  g_assert_cmpint (kelvin_function_get_runtime_family (function), ==, KELVIN_RUNTIME_NODE);
  g_assert_cmpstr (kelvin_function_get_description (function), ==, "d");
  g_assert_cmpuint (kelvin_function_get_memory_size_mb (function), ==, 10240);
  g_assert_cmpuint (kelvin_function_get_timeout_s (function), ==, 900);
  g_assert_cmpuint (kelvin_function_get_ephemeral_storage_mb (function), ==, 1024);
  g_assert_cmpstr (g_hash_table_lookup (kelvin_function_get_variables (function), "AB"), ==, "é");
  g_assert_cmpstr (kelvin_function_get_layers (function)[0], ==, expected_layer);
  g_assert_null (kelvin_function_get_layers (function)[1]);
  g_assert_cmpstr (kelvin_function_get_architecture (function), ==, "arm64");
  g_assert_cmpstr (kelvin_function_get_network (function), ==, "internet");
  g_assert_true (kelvin_function_get_system_packages (function));

  GPtrArray *doors = kelvin_function_get_doors (function);
  g_assert_cmpuint (doors->len, ==, 1);
  const KelvinDoor *door = g_ptr_array_index (doors, 0);
  g_assert_cmpstr (door->name, ==, "db");
  g_assert_cmpstr (door->host, ==, "db.internal");
  g_assert_cmpuint (door->port, ==, 5432);
  g_assert_cmpstr (door->to_host, ==, "127.0.0.1");
  g_assert_cmpuint (door->to_port, ==, 5432);
  g_assert_cmpint (kelvin_function_get_reserved_concurrency (function), ==, 0);
  g_assert_cmpuint (kelvin_function_get_provisioned_concurrency (function), ==, 2);
}

static void
test_a_field_that_nothing_heeds_is_warned_about (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *members;
    const char *field; /* NULL: no warning */
  } cases[] = {
    { "\"Kelvin\": {\"Events\": [{}]}", "Kelvin.Events" },
    { "\"DeadLetterConfig\": {\"TargetArn\": \"q\"}", "DeadLetterConfig.TargetArn" },
    { "\"SnapStart\": {\"ApplyOn\": \"PublishedVersions\"}", "SnapStart.ApplyOn" },
    { "\"SnapStart\": {\"ApplyOn\": \"None\"}, \"Kelvin\": {\"Network\": \"none\", "
      "\"Doors\": [], \"Events\": [], \"ProvisionedConcurrentExecutions\": 0}",
      NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{" LEAST ", %s}", cases[i].members);
      g_autofree char *expected =
          cases[i].field != NULL
              ? g_strdup_printf ("%s/function.json: %s: kept as it is, but it has no effect yet",
                                 f->dir, cases[i].field)
              : NULL;
      g_autoptr (KelvinFunction) function = parse (f, json);

      g_assert_cmpstr (kelvin_function_get_warnings (function)[0], ==, expected);
    }
}

static void
test_a_value_out_of_its_rule_is_named (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *members;
    const char *message; /* after "FILE: " */
  } cases[] = {
    { LEAST ", \"MemorySize\": 64",
      "MemorySize is 64; it must be a whole number from 128 to 10240" },
    { LEAST ", \"MemorySize\": 10241",
      "MemorySize is 10241; it must be a whole number from 128 to 10240" },
    { LEAST ", \"MemorySize\": \"128\"",
      "MemorySize is \"128\"; it must be a whole number from 128 to 10240" },
    { LEAST ", \"MemorySize\": 128.5",
      "MemorySize is 128.5; it must be a whole number from 128 to 10240" },
    { LEAST ", \"MemorySize\": 99999999999999999999",
      "MemorySize is 1e+20; it must be a whole number from 128 to 10240" },
    { LEAST ", \"Timeout\": 0", "Timeout is 0; it must be a whole number from 1 to 900" },
    { LEAST ", \"Timeout\": 901", "Timeout is 901; it must be a whole number from 1 to 900" },
    { LEAST ", \"EphemeralStorage\": {\"Size\": 511}",
      "EphemeralStorage.Size is 511; it must be a whole number from 512 to 10240" },
    { LEAST ", \"EphemeralStorage\": 512",
      "EphemeralStorage is 512; it must be an object with Size" },
    { LEAST ", \"FunctionName\": \"a b\"",
      "FunctionName is \"a b\"; it must be 1 to 64 letters, digits, hyphens or underscores" },
    { "\"Runtime\": \"python3.11\", \"Handler\": \"a b\"",
      "Handler is \"a b\"; it must be 1 to 128 characters without spaces" },
    { "\"Runtime\": \"python3.11\"",
      "Handler is missing; it must be the file and function to call, such as handler.main" },
    { LEAST ", \"Environment\": {\"Variables\": {\"PORT\": 80}}",
      "Environment.Variables.PORT is 80; it must be a string" },
    { LEAST ", \"Environment\": {\"Variables\": {\"A\": \"\"}}",
      "Environment.Variables has the name \"A\"; a name must be a letter, then one or more "
      "letters, digits or underscores" },
    { LEAST ", \"Environment\": {\"Variables\": {\"AWS_REGION\": \"\", \"_HANDLER\": \"\"}}",
      "Environment.Variables: Lambda was unable to configure your environment variables because "
      "the environment variables you have provided contains reserved keys that are currently not "
      "supported for modification. Reserved keys used in this request: AWS_REGION, _HANDLER" },
    { LEAST ", \"Layers\": [\"missing\"]",
      "Layers[0] is \"missing\"; it must be a folder that exists (relative to the function's own, "
      "or absolute)" },
    { LEAST ", \"Layers\": [\".\", \".\", \".\", \".\", \".\", \".\"]",
      "Layers is [\".\",\".\",\".\",\".\",\".\",\".\"]; it must be an array of at most 5 folders: "
      "Cannot reference more than 5 layers" },
    { LEAST ", \"Architectures\": [\"riscv\"]",
      "Architectures[0] is \"riscv\"; it must be x86_64 or arm64" },
    { LEAST ", \"Architectures\": []",
      "Architectures is []; it must be [\"x86_64\"] or [\"arm64\"]" },
    { LEAST ", \"ReservedConcurrentExecutions\": -1",
      "ReservedConcurrentExecutions is -1; it must be a whole number from 0 to 900" },
    { LEAST ", \"SnapStart\": {\"ApplyOn\": \"Always\"}",
      "SnapStart.ApplyOn is \"Always\"; it must be None or PublishedVersions" },
    { LEAST ", \"Kelvin\": {\"Network\": \"host\"}",
      "Kelvin.Network is \"host\"; it must be none or internet" },
    { LEAST ", \"Kelvin\": {\"SystemPackages\": \"yes\"}",
      "Kelvin.SystemPackages is \"yes\"; it must be true or false" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"Name\": \"db\"}]}",
      "Kelvin.Doors[0] is {\"Name\":\"db\"}; it must be an object with Name, Host, Port and To" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"To\": \"nowhere\"}]}",
      "Kelvin.Doors[].To is \"nowhere\"; it must be an address with a port, such as "
      "127.0.0.1:5432" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"To\": \"a:b:1\"}]}",
      "Kelvin.Doors[].To is \"a:b:1\"; it must be an address with a port, such as "
      "127.0.0.1:5432" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"To\": \"db:65536\"}]}",
      "Kelvin.Doors[].To is \"db:65536\"; it must be an address with a port, such as "
      "127.0.0.1:5432" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"Name\": \"kelvin\"}]}",
      "Kelvin.Doors[].Name is \"kelvin\"; it must be 1 to 64 letters, digits, dots, hyphens or "
      "underscores, other than \"kelvin\", which leads to Kelvin itself" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"Host\": \"10.0.0.1\"}]}",
      "Kelvin.Doors[].Host is \"10.0.0.1\"; it must be the host's name as the function asks for "
      "it, such as db.internal: no address, and not localhost, which is the sandbox's own" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"Port\": 0}]}",
      "Kelvin.Doors[].Port is 0; it must be a whole number from 1 to 65535" },
    { LEAST ", \"Kelvin\": {\"Doors\": [" DOOR ", " DOOR "]}",
      "Kelvin.Doors[1]: another door is named db; each must have a Name, and a Host with Port, of "
      "its own" },
    { LEAST ", \"Kelvin\": {\"Doors\": [" DOOR ", {\"Name\": \"b\", \"Host\": \"DB.internal\","
            "\"Port\": 5432, \"To\": \"[::1]:1\"}]}",
      "Kelvin.Doors[1]: another door is at db.internal:5432; each must have a Name, and a Host "
      "with "
      "Port, of its own" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"DelayMs\": -1}]}",
      "Kelvin.Doors[].DelayMs is -1; it must be a whole number from 0 to 900000" },
    { LEAST ", \"Kelvin\": {\"Doors\": [{\"CutAfterBytes\": 1.5}]}",
      "Kelvin.Doors[].CutAfterBytes is 1.5; it must be a whole number of bytes up to 2^40; 0 cuts "
      "nothing" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf ("{%s}", cases[i].members);
      g_autofree char *expected =
          g_strdup_printf ("%s/function.json: %s", f->dir, cases[i].message);
      g_autoptr (GError) error = NULL;

      g_assert_null (kelvin_function_parse (f->dir, json, -1, &error));
      g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE);
      g_assert_cmpstr (error->message, ==, expected);
    }
}

static void
test_variables_over_4_kb_are_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *fits = g_strnfill (4096 - strlen ("{\"AB\":\"\"}"), 'x');
  g_autofree char *json =
      g_strdup_printf ("{" LEAST ", \"Environment\": {\"Variables\": {\"AB\": \"%s\"}}}", fits);
  g_autoptr (KelvinFunction) function = parse (f, json);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) more = json_node_init_string (json_node_alloc (), "");

  g_assert_null (kelvin_function_edit (function, "Environment.Variables.CD", more, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE);
  g_assert_nonnull (strstr (error->message, "exceeded the 4KB limit"));
  g_assert_null (strstr (error->message, "xxxx"));
}

static void
test_runtimes_that_kelvin_runs (void)
{
  static const struct {
    const char *runtime;
    KelvinRuntimeFamily family;
    const char *version; /* NULL: refused */
  } cases[] = {
    { "python3.8", KELVIN_RUNTIME_PYTHON, "3.8" },
    { "python3.14", KELVIN_RUNTIME_PYTHON, "3.14" },
    { "nodejs16.x", KELVIN_RUNTIME_NODE, "16" },
    { "nodejs24.x", KELVIN_RUNTIME_NODE, "24" },
    { "provided", KELVIN_RUNTIME_PROVIDED, "" },
    { "provided.al2", KELVIN_RUNTIME_PROVIDED, "" },
    { "provided.al2023", KELVIN_RUNTIME_PROVIDED, "" },
    { "python2.7", 0, NULL },
    { "python3.7", 0, NULL },
    { "python3.", 0, NULL },
    { "python3.011", 0, NULL },
    { "python3.11.2", 0, NULL },
    { "nodejs20", 0, NULL },
    { "nodejs14.x", 0, NULL },
    { "nodejs.x", 0, NULL },
    { "provided.al1", 0, NULL },
    { "java21", 0, NULL },
    { "", 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KelvinRuntimeFamily family = 0;
      g_autofree char *version = NULL;

      g_assert_cmpint (kelvin_runtime_parse (cases[i].runtime, &family, &version), ==,
                       cases[i].version != NULL);
      g_assert_cmpstr (version, ==, cases[i].version);
      g_assert_cmpint (family, ==, cases[i].family);
    }
}

static void
test_an_unknown_runtime_gets_the_known_ones (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      kelvin_function_parse (f->dir, "{\"Runtime\": \"java21\", \"Handler\": \"a\"}", -1, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNKNOWN_RUNTIME);
  g_assert_nonnull (strstr (error->message, "Runtime is \"java21\""));
  g_assert_nonnull (strstr (error->message, "python3.8 or later"));
}

static void
test_a_bootstrap_needs_no_handler (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = parse (f, "{\"Runtime\": \"provided.al2023\"}");

  g_assert_cmpstr (kelvin_function_get_handler (function), ==, "");
}

static void
test_malformed_json_has_file_line_and_column (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_file (f, "function.json", "{\n  \"Runtime\": oops\n}");
  g_autofree char *place = g_strdup_printf ("%s: line 2, column 14: ", path);
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_function_load (f->dir, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED);
  g_assert_true (g_str_has_prefix (error->message, place));
}

static void
test_deep_or_large_documents_are_malformed (Fixture *f, gconstpointer data)
{
  g_autofree char *brackets = g_strnfill (200000, '[');
  g_autofree char *deep = g_strconcat ("{\"x\":", brackets, NULL);
  g_autofree char *spaces = g_strnfill (1024 * 1024 + 1, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_function_parse (f->dir, deep, -1, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (kelvin_function_parse (f->dir, spaces, -1, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (kelvin_function_parse (f->dir, "[]", -1, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED);
}

static void
test_what_is_not_there_is_said (Fixture *f, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (f->dir, "no", NULL);
  g_autofree char *file = write_file (f, "file", "");
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_function_load (f->dir, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "function.json: there is no such file"));
  g_clear_error (&error);
  g_assert_null (kelvin_function_load (missing, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "no: there is no such folder"));
  g_clear_error (&error);
  g_assert_null (kelvin_function_load (file, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "file: not a folder"));
}

static void
test_a_pipe_in_place_of_the_file_does_not_block (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "function.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (kelvin_function_load (f->dir, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNREADABLE);
}

static void
test_unknown_fields_are_kept_and_warned_about (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function =
      parse (f, "{\"Zeta\": {\"b\": [1, 2.50], \"a\": null}, " LEAST
                ", \"MemorySise\": 1, \"Role\": \"r\", \"Kelvin\": {\"network\": \"x\"}}");
  const char *const *warnings = kelvin_function_get_warnings (function);
  g_autofree char *text = kelvin_function_to_text (function);

  g_assert_cmpuint (g_strv_length ((char **) warnings), ==, 4);
  g_assert_true (g_str_has_suffix (warnings[0], "Zeta: unknown field, kept as it is"));
  g_assert_true (
      g_str_has_suffix (warnings[1], "MemorySise: unknown field; did you mean MemorySize?"));
  g_assert_true (
      g_str_has_suffix (warnings[2], "Role: kept as it is, but it has no effect in Kelvin"));
  g_assert_true (g_str_has_suffix (warnings[3],
                                   "Kelvin.network: unknown field; did you mean Kelvin.Network?"));
  g_assert_cmpstr (text, ==,
                   "{\n  \"Zeta\": {\n    \"b\": [\n      1,\n      2.5\n    ],\n    \"a\": null\n"
                   "  },\n  \"Runtime\": \"python3.11\",\n  \"Handler\": \"handler.main\",\n"
                   "  \"MemorySise\": 1,\n  \"Role\": \"r\",\n  \"Kelvin\": {\n"
                   "    \"network\": \"x\"\n  }\n}\n");
}

static void
test_an_edit_changes_one_member_alone (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = parse (f, "{\"X\": 1, \"MemorySize\": 256, " LEAST "}");
  g_autoptr (JsonNode) size = json_node_init_int (json_node_alloc (), 512);
  g_autoptr (JsonNode) stage = json_node_init_string (json_node_alloc (), "dev");
  g_autoptr (GError) error = NULL;

  g_autoptr (KelvinFunction) larger = kelvin_function_edit (function, "MemorySize", size, &error);
  g_assert_no_error (error);
  g_autoptr (KelvinFunction) staged =
      kelvin_function_edit (larger, "Environment.Variables.STAGE", stage, &error);
  g_assert_no_error (error);
  g_autoptr (KelvinFunction) back = kelvin_function_edit (staged, "Environment", NULL, &error);
  g_assert_no_error (error);
  g_autofree char *text = kelvin_function_to_text (back);

  g_assert_cmpuint (kelvin_function_get_memory_size_mb (function), ==, 256);
  g_assert_cmpuint (kelvin_function_get_memory_size_mb (larger), ==, 512);
  g_assert_cmpstr (g_hash_table_lookup (kelvin_function_get_variables (staged), "STAGE"), ==,
                   "dev");
  g_assert_true (g_str_has_prefix (text, "{\n  \"X\": 1,\n  \"MemorySize\": 512,\n"));
  g_assert_null (strstr (text, "Environment"));
}

static void
test_an_edit_out_of_range_is_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = parse (f, "{" LEAST "}");
  g_autoptr (JsonNode) size = json_node_init_int (json_node_alloc (), 100);
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_function_edit (function, "EphemeralStorage.Size", size, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE);
}

static void
test_saving_keeps_mode_and_link (Fixture *f, gconstpointer data)
{
  g_autofree char *real = write_file (f, "real.json", "{" LEAST "}");
  g_autofree char *link = g_build_filename (f->dir, "function.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) size = json_node_init_int (json_node_alloc (), 512);
  struct stat info;

  g_assert_cmpint (symlink ("real.json", link), ==, 0);
  g_assert_cmpint (chmod (real, 0664), ==, 0);
  g_autoptr (KelvinFunction) function = kelvin_function_load (f->dir, &error);
  g_assert_no_error (error);
  g_autoptr (KelvinFunction) larger = kelvin_function_edit (function, "MemorySize", size, &error);
  g_assert_true (kelvin_function_save (larger, &error));
  g_assert_no_error (error);

  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (stat (real, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0664);
  g_autoptr (KelvinFunction) again = kelvin_function_load (f->dir, &error);
  g_assert_cmpuint (kelvin_function_get_memory_size_mb (again), ==, 512);
}

static void
test_a_failed_save_leaves_the_file (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = parse (f, "{" LEAST "}");
  g_autoptr (GError) error = NULL;

  remove_folder (f->dir);
  g_assert_false (kelvin_function_save (function, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNREADABLE);
  g_assert_nonnull (strstr (error->message, "cannot be saved"));
}

static void
test_the_handlers_file_is_found (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *runtime;
    const char *handler;
    const char *file;
    const char *found;
  } cases[] = {
    { "python3.11", "handler.main", "handler.py", "handler.py" },
    { "python3.11", "src/app.main", "src/app.py", "src/app.py" },
    { "python3.11", "pkg.main", "pkg/__init__.py", "pkg/__init__.py" },
    { "python3.11", "pkg.mod.main", "pkg/mod.py", "pkg/mod.py" },
    { "python3.11", "gone.main", "other.py", NULL },
    { "python3.11", "nodot", "nodot.py", NULL },
    { "nodejs20.x", "index.handler", "index.js", "index.js" },
    { "nodejs20.x", "m.handler", "m.mjs", "m.mjs" },
    { "nodejs20.x", "lib/c.a.b", "lib/c.cjs", "lib/c.cjs" },
    { "nodejs20.x", "gone.handler", "gone.txt", NULL },
    { "provided", "anything", "bootstrap", "bootstrap" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = write_file (f, cases[i].file, "");
      g_autofree char *json = g_strdup_printf ("{\"Runtime\": \"%s\", \"Handler\": \"%s\"}",
                                               cases[i].runtime, cases[i].handler);
      g_autoptr (KelvinFunction) function = parse (f, json);
      g_autofree char *found = kelvin_function_find_handler_file (function);

      g_assert_cmpstr (found, ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func) g_test_add ("/model/function/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("defaults-are-those-of-the-service", test_defaults_are_those_of_the_service);
  ADD ("every-field-is-read", test_every_field_is_read);
  ADD ("a-field-that-nothing-heeds-is-warned-about",
       test_a_field_that_nothing_heeds_is_warned_about);
  ADD ("a-value-out-of-its-rule-is-named", test_a_value_out_of_its_rule_is_named);
  ADD ("variables-over-4-kb-are-refused", test_variables_over_4_kb_are_refused);
  g_test_add_func ("/model/function/runtimes-that-kelvin-runs", test_runtimes_that_kelvin_runs);
  ADD ("an-unknown-runtime-gets-the-known-ones", test_an_unknown_runtime_gets_the_known_ones);
  ADD ("a-bootstrap-needs-no-handler", test_a_bootstrap_needs_no_handler);
  ADD ("malformed-json-has-file-line-and-column", test_malformed_json_has_file_line_and_column);
  ADD ("deep-or-large-documents-are-malformed", test_deep_or_large_documents_are_malformed);
  ADD ("what-is-not-there-is-said", test_what_is_not_there_is_said);
  ADD ("a-pipe-in-place-of-the-file-does-not-block",
       test_a_pipe_in_place_of_the_file_does_not_block);
  ADD ("unknown-fields-are-kept-and-warned-about", test_unknown_fields_are_kept_and_warned_about);
  ADD ("an-edit-changes-one-member-alone", test_an_edit_changes_one_member_alone);
  ADD ("an-edit-out-of-range-is-refused", test_an_edit_out_of_range_is_refused);
  ADD ("saving-keeps-mode-and-link", test_saving_keeps_mode_and_link);
  ADD ("a-failed-save-leaves-the-file", test_a_failed_save_leaves_the_file);
  ADD ("the-handlers-file-is-found", test_the_handlers_file_is_found);

  return g_test_run ();
}
