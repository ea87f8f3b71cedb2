#include "engine/runtime/runtime-call.h"

#include <string.h>

typedef struct {
  const char *method;
  const char *before; /* the path, up to the request id where there is one */
  const char *after;  /* and from there on; NULL: there is none */
  KelvinRuntimeCall call;
} Route;

static const Route routes[] = {
  { "GET", "/2018-06-01/runtime/invocation/next", NULL, KELVIN_RUNTIME_CALL_NEXT },
  { "POST", "/2018-06-01/runtime/invocation/", "/response", KELVIN_RUNTIME_CALL_RESPONSE },
  { "POST", "/2018-06-01/runtime/invocation/", "/error", KELVIN_RUNTIME_CALL_ERROR },
  { "POST", "/2018-06-01/runtime/init/error", NULL, KELVIN_RUNTIME_CALL_INIT_ERROR },
  { "GET", "/2018-06-01/ping", NULL, KELVIN_RUNTIME_CALL_PING },
};

/* A client may name the whole address, as to a proxy, and a query, which means nothing here. */
static KelvinSlice
path_of (const char *target)
{
  if (g_ascii_strncasecmp (target, "http://", 7) == 0)
    target += 7 + strcspn (target + 7, "/");

  return (KelvinSlice){ target, strcspn (target, "?") };
}

static gboolean
matches (const Route *route, KelvinSlice path, KelvinSlice *out_request_id)
{
  gsize before = strlen (route->before);
  gsize after = route->after != NULL ? strlen (route->after) : 0;

  if (path.length < before + after || memcmp (path.text, route->before, before) != 0)
    return FALSE;

  KelvinSlice id = { path.text + before, path.length - before - after };

  if (route->after == NULL)
    return id.length == 0;
  if (id.length == 0 || memchr (id.text, '/', id.length) != NULL ||
      memcmp (id.text + id.length, route->after, after) != 0)
    return FALSE;
  *out_request_id = id;

  return TRUE;
}

KelvinRuntimeCall
kelvin_runtime_call_find (const char *method, const char *target, KelvinSlice *out_request_id)
{
  KelvinSlice path = path_of (target);

  *out_request_id = (KelvinSlice){ "", 0 };
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (matches (&routes[i], path, out_request_id))
      return strcmp (routes[i].method, method) == 0 ? routes[i].call
                                                    : KELVIN_RUNTIME_CALL_WRONG_METHOD;

  return KELVIN_RUNTIME_CALL_UNKNOWN;
}
