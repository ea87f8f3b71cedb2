#pragma once

#include <gio/gio.h>

#include "engine/model/status.h"

G_BEGIN_DECLS

/* What a command ends with: a part of the interface that scripts rely on. */
typedef enum {
  KELVIN_EXIT_OK = 0,
  KELVIN_EXIT_FUNCTION_FAILED = 1,
  KELVIN_EXIT_BAD_INPUT = 2,
  KELVIN_EXIT_CANNOT = 3, /* Kelvin itself could not */
  KELVIN_EXIT_INTERRUPTED = 130,
} KelvinExitStatus;

KelvinExitStatus kelvin_exit_status_of_error (const GError *error);
/* Says what went wrong on standard error. */
KelvinExitStatus kelvin_fail (const GError *error);
/* Of how an invocation or a run ended. */
KelvinExitStatus kelvin_exit_status_of (KelvinStatus status);

G_END_DECLS
