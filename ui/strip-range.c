#include "ui/strip-range.h"

#include <math.h>

#define MS 1000

void
kelvin_strip_range_step (KelvinStripRange *self, KelvinStripStep step, int by)
{
  int last = (int) self->n - 1;

  if (self->n == 0)
    return;

  if (kelvin_strip_range_is_empty (self))
    self->anchor = self->cursor = last;
  else
    self->cursor = CLAMP (self->cursor + by, 0, last);
  if (step == KELVIN_STRIP_MOVE)
    self->anchor = self->cursor;
}

void
kelvin_strip_range_span (KelvinStripRange *self, double start, double end)
{
  int last = (int) self->n - 1;

  if (self->n == 0)
    return;

  self->anchor = CLAMP ((int) (start * self->n), 0, last);
  self->cursor = CLAMP ((int) (end * self->n), 0, last);
}

gboolean
kelvin_strip_range_is_empty (const KelvinStripRange *self)
{
  return self->n == 0 || self->anchor < 0;
}

gboolean
kelvin_strip_range_get_times (const KelvinStripRange *self, gint64 from_us, gint64 to_us,
                              gint64 *out_since_us, gint64 *out_until_us)
{
  gint64 length_us = to_us - from_us;

  if (kelvin_strip_range_is_empty (self))
    return FALSE;

  gint64 first = MIN (self->anchor, self->cursor);
  gint64 end = MAX (self->anchor, self->cursor) + 1;
  *out_since_us = (from_us + length_us * first / self->n) / MS * MS;
  *out_until_us = (from_us + length_us * end / self->n + MS - 1) / MS * MS;
  return TRUE;
}

static int
find_bound (const KelvinStripRange *self, gint64 from_us, gint64 to_us, gint64 at_us)
{
  double share = (double) (at_us - from_us) / (double) (to_us - from_us);

  return (int) lround (CLAMP (share, 0, 1) * self->n);
}

void
kelvin_strip_range_set_times (KelvinStripRange *self, gint64 from_us, gint64 to_us, gint64 since_us,
                              gint64 until_us)
{
  gboolean backwards = self->cursor < self->anchor;

  if (self->n == 0 || to_us <= from_us)
    return;

  int first = find_bound (self, from_us, to_us, since_us >= 0 ? since_us : from_us);
  int last = find_bound (self, from_us, to_us, until_us >= 0 ? until_us : to_us) - 1;
  first = MIN (first, (int) self->n - 1);
  last = MAX (last, first);
  self->anchor = backwards ? last : first;
  self->cursor = backwards ? first : last;
}
