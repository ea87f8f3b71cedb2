#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The local Lambda endpoint: speaks the service's Invoke call (2015-03-31) over HTTP, checks what
 * can be checked without knowing the functions, and hands the rest to its owner. On the thread of
 * the thread-default context in which it was made. */
typedef struct _KelvinEndpoint KelvinEndpoint;

/* One Invoke call that waits for its answer. */
typedef struct _KelvinEndpointCall KelvinEndpointCall;

/* The owner answers @call, now or later, exactly once. */
typedef void (*KelvinEndpointFunc) (KelvinEndpointCall *call, gpointer user_data);
/* A call has been answered, or an answer has been sent. */
typedef void (*KelvinEndpointEasedFunc) (gpointer user_data);

typedef enum {
  KELVIN_INVOCATION_REQUEST_RESPONSE,
  KELVIN_INVOCATION_DRY_RUN,
} KelvinInvocationType;

KelvinEndpoint *kelvin_endpoint_new (KelvinEndpointFunc func, gpointer user_data);
/* Not while it has calls. Connections that are still open are closed. */
void kelvin_endpoint_free (KelvinEndpoint *self);

/* @port 0: a free one. *out_url: "http://HOST:PORT". (transfer full) */
gboolean kelvin_endpoint_listen (KelvinEndpoint *self, const char *host, guint port, char **out_url,
                                 GError **error);
/* No new connections from now on, and what comes by open ones is refused. @eased may be called
 * from inside an answer. */
void kelvin_endpoint_stop (KelvinEndpoint *self, KelvinEndpointEasedFunc eased);
/* Whether any call waits for its answer, one whose event is still being checked among them. */
gboolean kelvin_endpoint_has_calls (KelvinEndpoint *self);
/* Whether any answer is still being sent; asked where there are no calls. */
gboolean kelvin_endpoint_has_answers (KelvinEndpoint *self);

const char *kelvin_endpoint_call_get_function (KelvinEndpointCall *call);
const char *
kelvin_endpoint_call_get_qualifier (KelvinEndpointCall *call); /* NULL where none was given */
KelvinInvocationType kelvin_endpoint_call_get_invocation_type (KelvinEndpointCall *call);
GBytes *kelvin_endpoint_call_get_event (KelvinEndpointCall *call);
const char *kelvin_endpoint_call_get_client_context (KelvinEndpointCall *call); /* nullable */
const char *kelvin_endpoint_call_get_trace_id (KelvinEndpointCall *call);       /* nullable */
gboolean kelvin_endpoint_call_wants_log (KelvinEndpointCall *call);

/* The function's answer. @log NULL where it isn't wanted; its last 4 KB go out. */
void kelvin_endpoint_call_answer (KelvinEndpointCall *call, const char *request_id,
                                  const char *trace_id, GBytes *payload, gboolean function_error,
                                  const char *log);
void kelvin_endpoint_call_answer_throttled (KelvinEndpointCall *call, const char *request_id,
                                            GBytes *body);
void kelvin_endpoint_call_answer_dry_run (KelvinEndpointCall *call);
/* An error of the API: {"Type": …, "Message": …}, with x-amzn-ErrorType (reference, section 5.2).
 */
void kelvin_endpoint_call_refuse (KelvinEndpointCall *call, guint status, const char *error_type,
                                  const char *message);

G_END_DECLS
