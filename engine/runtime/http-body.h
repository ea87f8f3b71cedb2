#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The body of a request while it arrives: room is made before bytes come, so that they can be read
 * to where they stay. One over the limit is counted no further and kept nowhere. */
typedef struct {
  gsize largest_bytes;
  char *bytes;
  gsize size;
  gsize length;
  gboolean too_large;
} KelvinHttpBody;

void kelvin_http_body_clear (KelvinHttpBody *self); /* empty again; the limit stays */
/* @more_bytes will come. */
void kelvin_http_body_announce (KelvinHttpBody *self, guint64 more_bytes);
void kelvin_http_body_add (KelvinHttpBody *self, const char *bytes, gsize length);
GBytes *kelvin_http_body_take (KelvinHttpBody *self); /* (transfer full) */

G_END_DECLS
