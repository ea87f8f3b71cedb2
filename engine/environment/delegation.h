#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KELVIN_DELEGATION_ERROR (kelvin_delegation_error_quark ())
typedef enum {
  KELVIN_DELEGATION_ERROR_NO_BUS,  /* the user has no message bus here */
  KELVIN_DELEGATION_ERROR_REFUSED, /* there is no systemd on it, or it couldn't */
} KelvinDelegationError;
GQuark kelvin_delegation_error_quark (void);

/* Asks the user's systemd to put the process @pid into a control group of its own that it may
 * divide: a transient scope with Delegate=yes, which ends with the process. After @limit_ms it
 * fails with G_IO_ERROR_TIMED_OUT. Calls back on the thread-default context. */
void kelvin_delegation_ask_async (GPid pid, guint limit_ms, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean kelvin_delegation_ask_finish (GAsyncResult *result, GError **error);

G_END_DECLS
