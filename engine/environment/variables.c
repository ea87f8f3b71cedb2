#include "engine/environment/variables.h"

#include <stdlib.h>

#include "engine/environment/doors.h"
#include "engine/model/request-id.h"

const char *
kelvin_region (void)
{
  static gsize once = 0;
  static const char *region = NULL;

  if (g_once_init_enter (&once))
    {
      const char *asked = g_getenv ("AWS_REGION");

      region = asked != NULL && asked[0] != '\0' ? g_strdup (asked) : "us-east-1";
      g_once_init_leave (&once, 1);
    }
  return region;
}

char *
kelvin_function_arn (KelvinFunction *function)
{
  return g_strdup_printf ("arn:aws:lambda:%s:" KELVIN_ACCOUNT_ID ":function:%s", kelvin_region (),
                          kelvin_function_get_name (function));
}

char *
kelvin_log_stream_name (gint64 real_us)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (real_us / G_USEC_PER_SEC);
  g_autofree char *day = g_date_time_format (now, "%Y/%m/%d");
  KelvinRequestId id = kelvin_request_id_new ();
  g_autoptr (GString) name = g_string_new (day);

  g_string_append (name, "/[$LATEST]");
  for (gsize i = 0; i < sizeof id.bytes; i++)
    g_string_append_printf (name, "%02x", id.bytes[i]);

  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
set (GHashTable *variables, const char *name, const char *value)
{
  g_hash_table_insert (variables, g_strdup (name), g_strdup (value));
}

static void G_GNUC_PRINTF (3, 4)
    set_format (GHashTable *variables, const char *name, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_hash_table_insert (variables, g_strdup (name), g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
set_of_person (GHashTable *variables, KelvinFunction *function)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, kelvin_function_get_variables (function));
  while (g_hash_table_iter_next (&iter, &name, &value))
    set (variables, name, value);
}

/* What a person's own value replaces. */
static void
set_unreserved (GHashTable *variables, KelvinFunction *function)
{
  gboolean provided = kelvin_function_get_runtime_family (function) == KELVIN_RUNTIME_PROVIDED;

  set (variables, "TZ", ":UTC");
  set (variables, "LANG", "en_US.UTF-8");
  set_format (variables, "PATH", "%s/usr/local/bin:/usr/bin/:/bin:/opt/bin",
              provided ? "" : "/var/lang/bin:");
  set_format (variables, "LD_LIBRARY_PATH",
              "%s/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
              provided ? "" : "/var/lang/lib:");
  set (variables, "AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
  set (variables, "AWS_XRAY_DAEMON_ADDRESS", "169.254.100.1:2000");
  set (variables, "AWS_ENDPOINT_URL", KELVIN_OWN_DOOR_URL);
}

/* Nothing answers to them: a person's own profile enters only where a setting says so. */
static void
set_credentials (GHashTable *variables)
{
  set (variables, "AWS_ACCESS_KEY_ID", "ASIAKELVINLOCALSANDBOX");
  set (variables, "AWS_SECRET_ACCESS_KEY", "made-up-by-kelvin");
  set (variables, "AWS_SESSION_TOKEN", "made-up-by-kelvin");
}

static void
set_of_runtime (GHashTable *variables, const KelvinTarget *target)
{
  KelvinFunction *function = kelvin_version_get_function (target->version);

  switch (kelvin_function_get_runtime_family (function))
    {
    case KELVIN_RUNTIME_PYTHON:
      set_format (variables, "AWS_EXECUTION_ENV", "AWS_Lambda_%s",
                  kelvin_function_get_runtime (function));
      set (variables, "PYTHONPATH", "/var/runtime");
      break;
    case KELVIN_RUNTIME_NODE:
      set_format (variables, "AWS_EXECUTION_ENV", "AWS_Lambda_%s",
                  kelvin_function_get_runtime (function));
      set_format (variables, "NODE_PATH",
                  "/opt/nodejs/node%d/node_modules:/opt/nodejs/node_modules:"
                  "/var/runtime/node_modules:/var/runtime:/var/task",
                  atoi (target->interpreter->version));
      break;
    case KELVIN_RUNTIME_PROVIDED:
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
set_reserved (GHashTable *variables, KelvinFunction *function, const char *log_stream,
              const char *initialisation)
{
  set (variables, "_HANDLER", kelvin_function_get_handler (function));
  set (variables, "AWS_REGION", kelvin_region ());
  set (variables, "AWS_DEFAULT_REGION", kelvin_region ());
  set (variables, "AWS_LAMBDA_FUNCTION_NAME", kelvin_function_get_name (function));
  set (variables, "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
  set_format (variables, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "%u",
              kelvin_function_get_memory_size_mb (function));
  set (variables, "AWS_LAMBDA_INITIALIZATION_TYPE", initialisation);
  set_format (variables, "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/%s",
              kelvin_function_get_name (function));
  set (variables, "AWS_LAMBDA_LOG_STREAM_NAME", log_stream);
  set (variables, "AWS_LAMBDA_RUNTIME_API", KELVIN_RUNTIME_API_ADDRESS);
  set (variables, "LAMBDA_TASK_ROOT", "/var/task");
  set (variables, "LAMBDA_RUNTIME_DIR", "/var/runtime");
  set (variables, "PWD", "/var/task");
  if (kelvin_function_get_system_packages (function))
    set (variables, "KELVIN_SYSTEM_PACKAGES", "1");
}

char **
kelvin_variables_new (const KelvinTarget *target, const char *log_stream, KelvinRecording recording,
                      const char *initialisation)
{
  KelvinFunction *function = kelvin_version_get_function (target->version);
  g_autoptr (GHashTable) variables =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GStrvBuilder *builder = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer name, value;

  set_unreserved (variables, function);
  set_of_runtime (variables, target);
  set_of_person (variables, function);
  set_credentials (variables);
  set_reserved (variables, function, log_stream, initialisation);
  if (recording != KELVIN_RECORD_NOTHING)
    set (variables, "KELVIN_RECORD_IMPORTS", recording == KELVIN_RECORD_FILES ? "files" : "times");

  g_hash_table_iter_init (&iter, variables);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *pair = g_strconcat (name, "=", value, NULL);

      g_strv_builder_add (builder, pair);
    }

  char **all = g_strv_builder_end (builder);

  g_strv_builder_unref (builder);
  return all;
}
