#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A command does one thing after the other: it starts a call with kelvin_await_cb and the address
 * of a result that is NULL, and waits here until the call returns. Signals and progress are served.
 */
void kelvin_await_cb (GObject *source, GAsyncResult *result, gpointer result_address);
void kelvin_await (GAsyncResult **result);

G_END_DECLS
