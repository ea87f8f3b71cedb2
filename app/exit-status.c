#include "app/exit-status.h"

#include "app/output.h"
#include "engine/analysis/measured-run.h"
#include "engine/engine.h"
#include "engine/model/template.h"

KelvinExitStatus
kelvin_exit_status_of_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return KELVIN_EXIT_INTERRUPTED;
  if (error->domain == KELVIN_FUNCTION_ERROR || error->domain == G_OPTION_ERROR ||
      g_error_matches (error, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT) ||
      error->domain == KELVIN_COMPARE_ERROR ||
      g_error_matches (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND) ||
      g_error_matches (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID))
    return KELVIN_EXIT_BAD_INPUT;
  if (error->domain == KELVIN_TEMPLATE_ERROR && error->code != KELVIN_TEMPLATE_ERROR_NOT_BUILT)
    return KELVIN_EXIT_BAD_INPUT;
  return KELVIN_EXIT_CANNOT;
}

KelvinExitStatus
kelvin_fail (const GError *error)
{
  kelvin_say_error ("%s", error->message);
  return kelvin_exit_status_of_error (error);
}

KelvinExitStatus
kelvin_exit_status_of (KelvinStatus status)
{
  switch (status)
    {
    case KELVIN_STATUS_RUNNING:
    case KELVIN_STATUS_OK:
      return KELVIN_EXIT_OK;
    case KELVIN_STATUS_CANCELLED:
    case KELVIN_STATUS_INTERRUPTED:
      return KELVIN_EXIT_INTERRUPTED;
    case KELVIN_STATUS_ERROR:
    case KELVIN_STATUS_TIMEOUT:
    case KELVIN_STATUS_OUT_OF_MEMORY:
    case KELVIN_STATUS_THROTTLED:
    default:
      return KELVIN_EXIT_FUNCTION_FAILED;
    }
}
