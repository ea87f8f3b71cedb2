#include "engine/environment/platform-log.h"

#include <string.h>

#include "engine/model/run.h"

static char *
describe_runtime (const KelvinTarget *target)
{
  const KelvinInterpreter *interpreter = target->interpreter;

  if (interpreter == NULL)
    {
      KelvinFunction *function = kelvin_version_get_function (target->version);

      /* "provided.al2023" is written provided:al2023 */
      return g_strdelimit (g_strdup (kelvin_function_get_runtime (function)), ".", ':');
    }

  const char *digits = interpreter->name + strcspn (interpreter->name, "0123456789");
  int name_length = (int) (digits - interpreter->name);

  return g_strdup_printf ("%.*s:%s (%s)", name_length, interpreter->name, digits,
                          interpreter->version);
}

void
kelvin_platform_log_init_start (KelvinDelivery *delivery, const KelvinTarget *target)
{
  g_autofree char *runtime = describe_runtime (target);

  kelvin_attempt_log_add_format (delivery->log, "INIT_START Runtime Version: %s", runtime);
}

void
kelvin_platform_log_start (KelvinDelivery *delivery)
{
  kelvin_attempt_log_add_format (delivery->log, "START RequestId: %s Version: $LATEST",
                                 delivery->id_text);
}

void
kelvin_platform_log_init_failed (KelvinDelivery *delivery, KelvinInitPhase phase,
                                 gint64 duration_us, KelvinStatus status, const char *error_type)
{
  gboolean is_timeout = status == KELVIN_STATUS_TIMEOUT;

  kelvin_attempt_log_add_format (
      delivery->log, "INIT_REPORT Init Duration: %.2f ms\tPhase: %s\tStatus: %s%s%s",
      (double) duration_us / 1000.0, phase == KELVIN_INIT_PHASE_INIT ? "init" : "invoke",
      is_timeout ? "timeout" : "error",
      is_timeout ? "" : "\tError Type: ", is_timeout ? "" : error_type);
}

void
kelvin_platform_log_timeout (KelvinDelivery *delivery, guint timeout_s, gint64 now_us)
{
  g_autofree char *instant = kelvin_format_instant (now_us);

  kelvin_attempt_log_add_format (delivery->log, "%s %s Task timed out after %u.00 seconds\n",
                                 instant, delivery->id_text, timeout_s);
}

/* Nothing after a success or an error that the handler reported. */
static char *
describe_status (const KelvinDelivery *delivery)
{
  if (delivery->status == KELVIN_STATUS_TIMEOUT)
    return g_strdup ("Status: timeout");
  if (delivery->error_type == NULL)
    return g_strdup ("");
  return g_strdup_printf ("Status: error\tError Type: %s", delivery->error_type);
}

/* To the nearest, so that it agrees with the figure beside it. */
static gint64
to_whole_mb (gint64 bytes)
{
  const gint64 mb = 1024 * 1024;

  return (MAX (bytes, 0) + mb / 2) / mb;
}

void
kelvin_platform_log_end (KelvinDelivery *delivery, guint memory_size_mb)
{
  g_autofree char *status = describe_status (delivery);
  g_autofree char *init = g_strdup ("");

  if (delivery->delivered_ns < 0)
    kelvin_platform_log_start (delivery);
  if (delivery->init_duration_us >= 0)
    {
      g_free (init);
      init = g_strdup_printf ("Init Duration: %.2f ms\t",
                              (double) delivery->init_duration_us / 1000.0);
    }
  kelvin_attempt_log_add_format (delivery->log, "END RequestId: %s", delivery->id_text);
  kelvin_attempt_log_add_format (
      delivery->log,
      "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %" G_GINT64_FORMAT
      " ms\tMemory Size: %u MB\tMax Memory Used: %" G_GINT64_FORMAT " MB\t%s%s",
      delivery->id_text, (double) delivery->duration_us / 1000.0,
      kelvin_delivery_get_billed_ms (delivery), memory_size_mb,
      to_whole_mb (delivery->environment_memory_peak_bytes), init, status);
}
