#include "engine/runtime/http-body.h"

#include <string.h>

void
kelvin_http_body_clear (KelvinHttpBody *self)
{
  g_clear_pointer (&self->bytes, g_free);
  self->size = 0;
  self->length = 0;
  self->too_large = FALSE;
}

void
kelvin_http_body_announce (KelvinHttpBody *self, guint64 more_bytes)
{
  if (self->too_large)
    return;
  if (more_bytes > self->largest_bytes - self->length)
    {
      kelvin_http_body_clear (self);
      self->too_large = TRUE;
      return;
    }

  gsize needed = self->length + (gsize) more_bytes;

  if (needed <= self->size)
    return;
  self->size = MIN (MAX (needed, self->size * 2), self->largest_bytes);
  self->bytes = g_realloc (self->bytes, self->size);
}

void
kelvin_http_body_add (KelvinHttpBody *self, const char *bytes, gsize length)
{
  if (self->too_large || length == 0)
    return;
  g_return_if_fail (length <= self->size - self->length);

  memcpy (self->bytes + self->length, bytes, length);
  self->length += length;
}

GBytes *
kelvin_http_body_take (KelvinHttpBody *self)
{
  GBytes *bytes = g_bytes_new_take (g_steal_pointer (&self->bytes), self->length);

  kelvin_http_body_clear (self);

  return bytes;
}
