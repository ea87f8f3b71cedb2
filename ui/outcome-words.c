#include "config.h"

#include "ui/outcome-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/analysis/money.h"
#include "engine/model/json-text.h"
#include "ui/charts/duration.h"

#define LONGEST_MESSAGE 300
#define LARGEST_ERROR (256 * 1024)
#define COMMIT_LENGTH 6

static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return g_strdup (json_node_get_string (node));
}

/* The platform's messages begin with the request's id, which says nothing to a person here. */
static const char *
skip_request_id (const char *message)
{
  const char *error = strstr (message, "Error: ");

  return g_str_has_prefix (message, "RequestId: ") && error != NULL ? error + strlen ("Error: ")
                                                                    : message;
}

/* "KeyError: 'sku'" of the service's error object; NULL where the payload is something else. */
static char *
read_error (KelvinInvocation *invocation)
{
  gsize length = 0;
  const char *data =
      invocation->payload != NULL ? g_bytes_get_data (invocation->payload, &length) : NULL;

  if (data == NULL || length > LARGEST_ERROR)
    return g_strdup (invocation->error_type);

  g_autoptr (JsonNode) node = kelvin_json_parse (data, length, KELVIN_JSON_PAYLOAD_DEPTH, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup (invocation->error_type);

  g_autofree char *type = dup_member (json_node_get_object (node), "errorType");
  g_autofree char *message = dup_member (json_node_get_object (node), "errorMessage");
  if (message == NULL)
    return g_steal_pointer (&type);
  if (type == NULL || g_str_has_prefix (type, "Runtime.") || g_str_has_prefix (type, "Sandbox."))
    return g_strdup (skip_request_id (message));

  return g_strdup_printf ("%s: %s", type, message);
}

static char *
describe_error (KelvinInvocation *invocation)
{
  g_autofree char *error = read_error (invocation);

  if (error == NULL)
    return g_strdup (_ ("Failed"));

  g_strdelimit (error, "\n\r\t", ' ');
  if (g_utf8_strlen (error, -1) > LONGEST_MESSAGE)
    strcpy (g_utf8_offset_to_pointer (error, LONGEST_MESSAGE - 1), "…");
  /* Translators: %s is what the function or the platform said */
  return g_strdup_printf (_ ("Failed: %s"), error);
}

static char *
describe_success (KelvinStart start)
{
  switch (start)
    {
    case KELVIN_START_COLD:
      return g_strdup (_ ("Succeeded, cold"));
    case KELVIN_START_WARM:
      return g_strdup (_ ("Succeeded, warm"));
    case KELVIN_START_PROVISIONED:
      return g_strdup (_ ("Succeeded, provisioned"));
    case KELVIN_START_RESTORED:
      return g_strdup (_ ("Succeeded, restored"));
    case KELVIN_START_NONE:
      break;
    }

  return g_strdup (_ ("Succeeded"));
}

char *
kelvin_describe_outcome (KelvinInvocation *invocation)
{
  g_return_val_if_fail (invocation != NULL, NULL);

  switch (invocation->status)
    {
    case KELVIN_STATUS_OK:
      return describe_success (invocation->start);
    case KELVIN_STATUS_TIMEOUT:
      /* Translators: seconds */
      return g_strdup_printf (_ ("Failed: it was ended at its timeout, after %.0f s"),
                              invocation->duration_us / (double) G_USEC_PER_SEC);
    case KELVIN_STATUS_OUT_OF_MEMORY:
      /* Translators: megabytes */
      return g_strdup_printf (_ ("Failed: the handler ran out of memory at %u MB"),
                              invocation->memory_size_mb);
    case KELVIN_STATUS_THROTTLED:
      return g_strdup (_ ("Throttled: no environment was free"));
    case KELVIN_STATUS_CANCELLED:
      return g_strdup (_ ("Cancelled"));
    case KELVIN_STATUS_INTERRUPTED:
      return g_strdup (_ ("Interrupted: Kelvin ended before it did"));
    case KELVIN_STATUS_RUNNING:
      return g_strdup (_ ("Running"));
    case KELVIN_STATUS_ERROR:
      break;
    }

  return describe_error (invocation);
}

static void
append_part (GString *text, char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
  g_free (part);
}

char *
kelvin_describe_use (KelvinInvocation *invocation)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *cost = NULL;

  g_return_val_if_fail (invocation != NULL, NULL);

  if (invocation->start == KELVIN_START_NONE)
    return g_strdup (_ ("no environment was reached"));

  /* Translators: whole milliseconds */
  append_part (text, g_strdup_printf (_ ("billed %'" G_GINT64_FORMAT " ms"),
                                      invocation->billed_duration_ms));
  if (invocation->memory_peak_bytes >= 0)
    /* Translators: megabytes: what was used at most, and the limit */
    append_part (text, g_strdup_printf (_ ("%.1f of %u MB at the peak"),
                                        invocation->memory_peak_bytes / (1024.0 * 1024),
                                        invocation->memory_size_mb));
  if (invocation->cpu_us >= 0)
    {
      g_autofree char *cpu = kelvin_format_duration (kelvin_us_to_ms (invocation->cpu_us));

      /* Translators: %s is a length of time */
      append_part (text, g_strdup_printf (_ ("CPU %s"), cpu));
    }
  append_part (text, kelvin_format_usd (invocation->cost_pico_usd));
  if (g_strcmp0 (invocation->isolation, "process") == 0)
    append_part (text, g_strdup (_ ("measured without a sandbox")));
  if (invocation->note != NULL)
    append_part (text, g_strdup (invocation->note));
  return g_strdup (text->str);
}

char *
kelvin_describe_run_result (KelvinRun *run)
{
  g_return_val_if_fail (run != NULL, NULL);

  switch (run->status)
    {
    case KELVIN_STATUS_OK:
      return g_strdup (_ ("ok"));
    case KELVIN_STATUS_TIMEOUT:
      return g_strdup (_ ("timed out"));
    case KELVIN_STATUS_OUT_OF_MEMORY:
      return g_strdup (_ ("out of memory"));
    case KELVIN_STATUS_THROTTLED:
      return g_strdup (_ ("throttled"));
    case KELVIN_STATUS_CANCELLED:
      return g_strdup (_ ("cancelled"));
    case KELVIN_STATUS_INTERRUPTED:
      return g_strdup (_ ("interrupted"));
    case KELVIN_STATUS_RUNNING:
      return g_strdup (_ ("running"));
    case KELVIN_STATUS_ERROR:
      break;
    }

  if (run->invocations <= 1)
    return g_strdup (_ ("failed"));

  return g_strdup_printf (ngettext ("%u failed", "%u failed", run->errors), (guint) run->errors);
}

static char *
describe_numbers (KelvinRun *run)
{
  if (run->errors > 0)
    /* Translators: the numbers of failed and of all invocations */
    return g_strdup_printf (_ ("%u of %u failed"), (guint) run->errors, (guint) run->invocations);

  return g_strdup_printf (_ ("All %u succeeded"), (guint) run->invocations);
}

char *
kelvin_describe_run_outcome (KelvinRun *run)
{
  g_return_val_if_fail (run != NULL, NULL);

  switch (run->status)
    {
    case KELVIN_STATUS_TIMEOUT:
      return g_strdup (_ ("Failed: it was ended at its timeout"));
    case KELVIN_STATUS_OUT_OF_MEMORY:
      return g_strdup (_ ("Failed: it ran out of memory"));
    case KELVIN_STATUS_THROTTLED:
      return g_strdup (_ ("Throttled: no environment was free"));
    case KELVIN_STATUS_CANCELLED:
      return g_strdup (_ ("Cancelled"));
    case KELVIN_STATUS_INTERRUPTED:
      return g_strdup (_ ("Interrupted: Kelvin ended before it did"));
    case KELVIN_STATUS_RUNNING:
      return g_strdup (_ ("Running"));
    case KELVIN_STATUS_OK:
    case KELVIN_STATUS_ERROR:
      break;
    }

  if (run->invocations > 1)
    return describe_numbers (run);

  return g_strdup (run->status == KELVIN_STATUS_OK ? _ ("Succeeded") : _ ("Failed"));
}

const char *
kelvin_describe_run_kind (KelvinRunKind kind)
{
  switch (kind)
    {
    case KELVIN_RUN_PROFILE:
      return _ ("profile");
    case KELVIN_RUN_LOAD:
      return _ ("load");
    case KELVIN_RUN_TUNE:
      return _ ("tune");
    case KELVIN_RUN_DRILL:
      return _ ("drill");
    case KELVIN_RUN_SERVE:
      return _ ("serve");
    case KELVIN_RUN_INVOKE:
      break;
    }

  return _ ("invoke");
}

char *
kelvin_describe_commit (KelvinRun *run)
{
  g_return_val_if_fail (run != NULL, NULL);

  if (run->git_commit == NULL)
    return NULL;

  g_autofree char *commit = g_strndup (run->git_commit, COMMIT_LENGTH);
  const char *branch = run->git_branch != NULL ? run->git_branch : "";
  if (run->git_clean)
    return g_strstrip (g_strdup_printf ("%s %s", branch, commit));

  /* Translators: a branch and a commit; files were changed since */
  return g_strstrip (g_strdup_printf (_ ("%s %s, edited"), branch, commit));
}
