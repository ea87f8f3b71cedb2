#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An event to deliver; all strings are copied or written before the call returns. */
typedef struct {
  const char *request_id;
  gint64 deadline_ms; /* Unix epoch */
  const char *function_arn;
  const char *trace_id;
  const char *client_context; /* nullable */
  const char *content_type;   /* nullable: application/json */
  GBytes *body;
} KelvinRuntimeEvent;

/* Status line and fields of the answer that delivers it. (transfer full) */
char *kelvin_runtime_event_make_head (const KelvinRuntimeEvent *self);

G_END_DECLS
