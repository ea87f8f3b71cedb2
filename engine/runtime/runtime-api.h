#pragma once

#include <gio/gio.h>

#include "engine/poller.h"
#include "engine/runtime/runtime-event.h"

G_BEGIN_DECLS

/* The service's hard buffer: 6 MiB and 100 bytes (reference: Runtime API 1.6). */
#define KELVIN_LARGEST_PAYLOAD_BYTES (6 * 1024 * 1024 + 100)

/* The Runtime API (2018-06-01) of one environment, spoken on its listening socket by a small strict
 * HTTP/1.1 parser. Keeps the states of the published API and answers 400, 403, 404, 405 and 413
 * itself; the owner is told of what was accepted. Engine thread alone. */
typedef struct _KelvinRuntimeApi KelvinRuntimeApi;

/* @at_ns: CLOCK_MONOTONIC when the request had arrived whole. Bodies are raw bytes. */
typedef struct {
  /* The runtime asks for an event and waits. The first call ends init. */
  void (*next) (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data);
  void (*response) (KelvinRuntimeApi *api, GBytes *body, gint64 at_ns, gpointer user_data);
  /* @error_type: as in Lambda-Runtime-Function-Error-Type, "" if none */
  void (*error) (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
                 gpointer user_data);
  void (*init_error) (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
                      gpointer user_data);
  /* A response over the limit: the runtime got 413; the invocation has failed. */
  void (*response_too_large) (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data);
} KelvinRuntimeApiEvents;

/* Takes @listen_fd. */
KelvinRuntimeApi *kelvin_runtime_api_new (KelvinPoller *poller, int listen_fd,
                                          const KelvinRuntimeApiEvents *events, gpointer user_data);
void kelvin_runtime_api_free (KelvinRuntimeApi *self); /* allowed inside a callback */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRuntimeApi, kelvin_runtime_api_free)

/* As new: for the next runtime on the same socket. Call it when no process of the one before is
 * left: its connections are closed, those too that it had asked for and nobody had taken. Not from
 * inside a callback. */
void kelvin_runtime_api_reset (KelvinRuntimeApi *self);

/* Answers the waiting `next`; only after the owner was told of it. */
void kelvin_runtime_api_deliver (KelvinRuntimeApi *self, const KelvinRuntimeEvent *event);

G_END_DECLS
