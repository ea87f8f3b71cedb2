#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lets go of @task in the context that its callback runs in. A thread of the store's that held the
 * last reference to a task, and so to the store, would have to wait for its own end. */
void kelvin_task_release (GTask *task);

G_END_DECLS
