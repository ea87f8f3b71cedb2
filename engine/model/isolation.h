#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What keeps functions apart from the machine. Never chosen by Kelvin: each figure says which. */
typedef enum {
  KELVIN_ISOLATION_NAMESPACES, /* a sandbox, docs/sandbox.md */
  KELVIN_ISOLATION_PROCESS,    /* a process of the person's own, held by resource limits alone */
} KelvinIsolation;

/* "namespaces" or "process" */
const char *kelvin_isolation_to_string (KelvinIsolation isolation);
gboolean kelvin_isolation_from_string (const char *text, KelvinIsolation *out_isolation);

G_END_DECLS
