#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* By whose limits events are admitted. */
typedef enum {
  KELVIN_ADMISSION_SERVICE, /* account, reserved concurrency, rates: as the service */
  KELVIN_ADMISSION_MACHINE, /* those, and no more environments than this machine can carry */
  KELVIN_ADMISSION_FREE,    /* none of them; a machine out of memory still refuses */
} KelvinAdmission;

/* "service", "machine", "free" */
const char *kelvin_admission_to_string (KelvinAdmission admission);
gboolean kelvin_admission_from_string (const char *text, KelvinAdmission *out_admission);

/* The service's default quota for an account: environments busy at once. */
#define KELVIN_ACCOUNT_CONCURRENCY 1000
/* What no reservation may take of it. */
#define KELVIN_UNRESERVED_MINIMUM 100

/* What an event is admitted by. */
typedef struct {
  KelvinAdmission admission;
  int reserved;              /* concurrency of the function's own; -1: none */
  guint machine_concurrency; /* what this machine can carry; looked at for MACHINE alone */
} KelvinAdmissionRules;

G_END_DECLS
