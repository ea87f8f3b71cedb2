#pragma once

#include "engine/environment/launcher.h"
#include "engine/environment/sandbox-limits.h"
#include "launcher/protocol.h"

G_BEGIN_DECLS

/* What launcher.c and sandbox.c need of each other. */

/* Sends now, or when the socket takes it. Takes @fds in any case. */
gboolean kelvin_launcher_send (KelvinLauncher *self, GBytes *message, const int *fds, guint n_fds,
                               GError **error);
KelvinPoller *kelvin_launcher_get_poller (KelvinLauncher *self);
guint64 kelvin_launcher_next_id (KelvinLauncher *self);
void kelvin_launcher_add_sandbox (KelvinLauncher *self, guint64 id, KelvinSandbox *sandbox);
void kelvin_launcher_remove_sandbox (KelvinLauncher *self, guint64 id);

GPid kelvin_launcher_get_pid (KelvinLauncher *self);
/* Lets the program look for control groups anew. One at a time. */
void kelvin_launcher_look_async (KelvinLauncher *self, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean kelvin_launcher_look_finish (GAsyncResult *result, GError **error);

KelvinSandbox *kelvin_sandbox_ref (KelvinSandbox *self);
void kelvin_sandbox_unref (KelvinSandbox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinSandbox, kelvin_sandbox_unref)

/* The launcher's news of a sandbox. @pidfd and @limits are taken; @limits is NULL without groups.
 */
void kelvin_sandbox_handle_created (KelvinSandbox *self, int pidfd, KelvinSandboxLimits *limits,
                                    gboolean was_parked);
/* Its namespaces, after `created`: a network is led into them. Takes both. */
void kelvin_sandbox_handle_network (KelvinSandbox *self, int user_namespace, int network_namespace);
void kelvin_sandbox_handle_failed (KelvinSandbox *self, const KelvinFailed *failed);
void kelvin_sandbox_handle_gone (KelvinSandbox *self);
/* The launcher ended, so the sandbox ends: `failed` if it wasn't ready, then `gone`. */
void kelvin_sandbox_handle_launcher_gone (KelvinSandbox *self);
/* The launcher is about to be freed: nothing comes of it any more. */
void kelvin_sandbox_detach (KelvinSandbox *self);

/* launcher-failure.c: what failed and why, and where there is one, the fix. */
GError *kelvin_launcher_error_new (KelvinSandboxPlan *plan, const KelvinFailed *failed);

G_END_DECLS
