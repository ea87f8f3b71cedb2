#pragma once

#include "engine/runtime/http-syntax.h"

G_BEGIN_DECLS

typedef enum {
  KELVIN_HTTP_PROBLEM_NONE,
  KELVIN_HTTP_PROBLEM_SYNTAX,            /* 400 */
  KELVIN_HTTP_PROBLEM_PIPELINED,         /* 400: bytes came after a complete request */
  KELVIN_HTTP_PROBLEM_HEAD_TOO_LARGE,    /* 431 */
  KELVIN_HTTP_PROBLEM_TRANSFER_ENCODING, /* 501 */
  KELVIN_HTTP_PROBLEM_VERSION,           /* 505 */
} KelvinHttpProblem;

/* What a request's head says about how the request goes on. Filled line by line (without CR LF). */
typedef struct {
  KelvinSlice method;
  KelvinSlice target;
  guint64 content_length; /* below 10^18 */
  guint n_hosts;
  gboolean version_1_0;
  gboolean close;
  gboolean has_length;
  gboolean chunked;
  gboolean expects_continue;
} KelvinHttpHead;

/* The slices point into @line. */
KelvinHttpProblem kelvin_http_head_take_request_line (KelvinHttpHead *self, KelvinSlice line);
KelvinHttpProblem kelvin_http_head_take_field (KelvinHttpHead *self, KelvinSlice line);
KelvinHttpProblem kelvin_http_head_end (KelvinHttpHead *self);

G_END_DECLS
