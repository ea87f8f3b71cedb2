#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a run, an invocation or an attempt stands or ended. */
typedef enum {
  KELVIN_STATUS_RUNNING,
  KELVIN_STATUS_OK,
  KELVIN_STATUS_ERROR,
  KELVIN_STATUS_TIMEOUT,
  KELVIN_STATUS_OUT_OF_MEMORY,
  KELVIN_STATUS_THROTTLED,
  KELVIN_STATUS_CANCELLED,
  KELVIN_STATUS_INTERRUPTED,
} KelvinStatus;

/* How the environment of an attempt came to be. */
typedef enum {
  KELVIN_START_NONE, /* no environment was reached */
  KELVIN_START_COLD,
  KELVIN_START_WARM,
  KELVIN_START_PROVISIONED,
  KELVIN_START_RESTORED,
} KelvinStart;

typedef enum {
  KELVIN_RUN_INVOKE,
  KELVIN_RUN_PROFILE,
  KELVIN_RUN_LOAD,
  KELVIN_RUN_TUNE,
  KELVIN_RUN_DRILL,
  KELVIN_RUN_SERVE,
} KelvinRunKind;

/* The words of JSON and of the database: "ok", "out-of-memory", … The numbers above are stored
 * nowhere. */
const char *kelvin_status_to_string (KelvinStatus status);
gboolean kelvin_status_from_string (const char *text, KelvinStatus *out_status);
/* "cold", "warm", …; NULL for KELVIN_START_NONE */
const char *kelvin_start_to_string (KelvinStart start);
gboolean kelvin_start_from_string (const char *text, KelvinStart *out_start);
const char *kelvin_run_kind_to_string (KelvinRunKind kind);
gboolean kelvin_run_kind_from_string (const char *text, KelvinRunKind *out_kind);

G_END_DECLS
