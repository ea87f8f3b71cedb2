#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* What the history kept of a load: its invocations, page by page, and the steps of its
 * environments. */
typedef struct {
  GPtrArray *invocations; /* of KelvinInvocation: a page; empty where transitions are told */
  GPtrArray *transitions; /* of KelvinPastTransition: a page; likewise */
} KelvinLoadPastPage;

/* Called on the caller's context for each page, in order: first all steps, then invocations. */
typedef void (*KelvinLoadPastFunc) (const KelvinLoadPastPage *page, gpointer user_data);

/* Reads until the end, or until it was cancelled: then @func isn't called again. */
void kelvin_load_past_read_async (KelvinStore *store, const char *run_id, GCancellable *cancellable,
                                  KelvinLoadPastFunc func, gpointer func_data,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean kelvin_load_past_read_finish (KelvinStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
