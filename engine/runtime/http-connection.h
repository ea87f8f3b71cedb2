#pragma once

#include "engine/poller.h"
#include "engine/runtime/http-parser.h"

G_BEGIN_DECLS

/* One client of a listening socket: requests come out whole, one after another, and each gets one
 * answer. Whatever the client does, it costs a bounded amount of work each time round, and of
 * memory. Bad requests are answered and the connection ended here. */
typedef struct _KelvinHttpConnection KelvinHttpConnection;

typedef struct {
  /* A request is complete; @parser tells what it says, until it is answered. */
  void (*request) (KelvinHttpConnection *connection, KelvinHttpParser *parser, gint64 at_ns,
                   gpointer user_data);
  /* The client is gone, or was sent away; the owner frees the connection now or later. */
  void (*closed) (KelvinHttpConnection *connection, gpointer user_data);
} KelvinHttpConnectionEvents;

/* Takes @fd, which is non-blocking. */
KelvinHttpConnection *kelvin_http_connection_new (KelvinPoller *poller, int fd,
                                                  gsize largest_body_bytes,
                                                  const KelvinHttpConnectionEvents *events,
                                                  gpointer user_data);
void kelvin_http_connection_free (KelvinHttpConnection *self); /* allowed inside a callback */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinHttpConnection, kelvin_http_connection_free)

/* Answers the request. @head: status line and fields, each line ended with CR LF, without the empty
 * line and without Content-Length, which are added. FALSE: nobody waits for an answer there. */
gboolean kelvin_http_connection_answer (KelvinHttpConnection *self, const char *head, GBytes *body);

G_END_DECLS
