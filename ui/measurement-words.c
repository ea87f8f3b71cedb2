#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/age.h"
#include "ui/measurement.h"

static void
add_part (GString *text, const char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (text, " · %s", part);
}

/* "python 3.11.2 as asked for": the name is what stands before the version in "python3.11". */
static char *
dup_runtime (const KelvinMeasurement *self)
{
  if (self->runtime_asked == NULL)
    return NULL;
  if (self->runtime_found == NULL)
    return g_strdup (self->runtime_asked);

  g_autofree char *name =
      g_strndup (self->runtime_asked, strcspn (self->runtime_asked, "0123456789"));
  if (self->run->note != NULL)
    return g_strdup_printf ("%s %s", name, self->runtime_found);
  /* Translators: a language and its version: "python 3.11.2 as asked for" */
  return g_strdup_printf (_ ("%s %s as asked for"), name, self->runtime_found);
}

static char *
dup_limits (const KelvinMachine *machine)
{
  if (machine == NULL || machine->limits.by[KELVIN_LIMIT_MEMORY] == NULL ||
      machine->limits.by[KELVIN_LIMIT_CPU] == NULL)
    return NULL;

  /* Translators: how two limits are enforced here: "memory approximated, CPU share not enforced" */
  return g_strdup_printf (_ ("memory %s, CPU share %s"), machine->limits.by[KELVIN_LIMIT_MEMORY],
                          machine->limits.by[KELVIN_LIMIT_CPU]);
}

static const char *
get_isolation (const KelvinRun *run)
{
  if (g_strcmp0 (run->isolation, "process") == 0)
    return _ ("without a sandbox");
  return run->isolation != NULL ? _ ("in a sandbox") : NULL;
}

char *
kelvin_measurement_describe (const KelvinMeasurement *self, const KelvinMachine *machine,
                             gint64 now_us)
{
  const KelvinRun *run = self->run;
  gint64 at_us = run->ended_at_us >= 0 ? run->ended_at_us : run->started_at_us;
  g_autofree char *age = kelvin_format_age (at_us, now_us);
  g_autofree char *runtime = dup_runtime (self);
  g_autofree char *limits = dup_limits (machine);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: when, and how many calls of each kind: "Measured 12 s ago: 20 cold, 100 warm" */
  g_string_append_printf (text, _ ("Measured %s: %u cold, %u warm"), age, self->cold->len,
                          self->warm->len);
  if (run->status == KELVIN_STATUS_CANCELLED)
    add_part (text, _ ("cancelled before the end"));
  if (run->status == KELVIN_STATUS_INTERRUPTED)
    add_part (text, _ ("interrupted before the end"));
  add_part (text, runtime);
  add_part (text, run->note);
  add_part (text, get_isolation (run));
  add_part (text, limits);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "errorMessage" of the service's error object, which is what a failed function answers. (nullable)
 */
static char *
dup_error_message (const KelvinInvocation *invocation)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;

  if (invocation->payload == NULL)
    return NULL;
  const char *text = g_bytes_get_data (invocation->payload, &length);
  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;

  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  JsonNode *message = json_object_get_member (json_node_get_object (root), "errorMessage");
  return message != NULL && JSON_NODE_HOLDS_VALUE (message) ? json_node_dup_string (message) : NULL;
}

static const char *
get_failure_word (KelvinStatus status)
{
  switch (status)
    {
    case KELVIN_STATUS_TIMEOUT:
      return _ ("it timed out");
    case KELVIN_STATUS_OUT_OF_MEMORY:
      return _ ("it ran out of memory");
    case KELVIN_STATUS_THROTTLED:
      return _ ("it was throttled");
    case KELVIN_STATUS_CANCELLED:
      return _ ("it was cancelled");
    case KELVIN_STATUS_INTERRUPTED:
      return _ ("it was interrupted");
    case KELVIN_STATUS_RUNNING:
    case KELVIN_STATUS_OK:
    case KELVIN_STATUS_ERROR:
    default:
      return _ ("the function failed");
    }
}

char *
kelvin_measurement_describe_failure (const KelvinInvocation *invocation)
{
  g_autofree char *message = dup_error_message (invocation);
  const char *word = get_failure_word (invocation->status);

  return message != NULL ? g_strdup_printf ("%s: %s", word, message) : g_strdup (word);
}
