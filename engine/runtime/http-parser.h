#pragma once

#include "engine/runtime/http-head.h"

G_BEGIN_DECLS

/* Reads one HTTP/1.1 request after another from a stream of bytes: incremental, strict and bounded.
 * The parser owns the memory that is read into, so that a large body arrives where it stays:
 *
 *   gsize size;
 *   char *space = kelvin_http_parser_get_space (parser, &size);
 *   gssize n = read (fd, space, size);
 *   switch (kelvin_http_parser_take (parser, n)) …
 *
 * Once a request is complete, no more is taken before kelvin_http_parser_next_request. */
typedef struct _KelvinHttpParser KelvinHttpParser;

typedef enum {
  KELVIN_HTTP_INCOMPLETE,
  KELVIN_HTTP_COMPLETE,
  KELVIN_HTTP_BAD, /* for good: kelvin_http_parser_get_problem says why */
} KelvinHttpState;

#define KELVIN_HTTP_LARGEST_HEAD_BYTES (64 * 1024)

/* A body over @largest_body_bytes is read to its end and not kept. */
KelvinHttpParser *kelvin_http_parser_new (gsize largest_body_bytes);
void kelvin_http_parser_free (KelvinHttpParser *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinHttpParser, kelvin_http_parser_free)

/* Where to put the next bytes, at least one. */
char *kelvin_http_parser_get_space (KelvinHttpParser *self, gsize *out_size);
KelvinHttpState kelvin_http_parser_take (KelvinHttpParser *self, gsize n_bytes);
void kelvin_http_parser_next_request (KelvinHttpParser *self);

/* Bytes of a request have come, and it isn't complete. */
gboolean kelvin_http_parser_is_amid_request (KelvinHttpParser *self);
/* TRUE once, when the client waits for "100 Continue" before it sends the body. */
gboolean kelvin_http_parser_take_expectation (KelvinHttpParser *self);
KelvinHttpProblem kelvin_http_parser_get_problem (KelvinHttpParser *self);

/* Of a complete request, until the next one. */
const char *kelvin_http_parser_get_method (KelvinHttpParser *self);
const char *kelvin_http_parser_get_target (KelvinHttpParser *self);
/* The first field of that name in the head or, behind it, the trailers. (transfer full) (nullable)
 */
char *kelvin_http_parser_get_field (KelvinHttpParser *self, const char *name);
GBytes *kelvin_http_parser_take_body (KelvinHttpParser *self); /* (transfer full), empty if none */
gboolean kelvin_http_parser_is_body_too_large (KelvinHttpParser *self);
gboolean kelvin_http_parser_keeps_alive (KelvinHttpParser *self);

G_END_DECLS
