#include "config.h"

#include "ui/charts/flame-layout.h"

#include <math.h>

static int
compare_spans (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const KelvinFlameSpan *spans = user_data;
  const KelvinFlameSpan *first = &spans[*(const guint *) a];
  const KelvinFlameSpan *second = &spans[*(const guint *) b];

  if (first->depth != second->depth)
    return first->depth < second->depth ? -1 : 1;
  return (first->start_ms > second->start_ms) - (first->start_ms < second->start_ms);
}

void
kelvin_flame_layout_init (KelvinFlameLayout *self, const KelvinFlameSpan *spans, guint n)
{
  *self = (KelvinFlameLayout){ .spans = spans, .n_spans = n };
  g_autoptr (GArray) order = g_array_sized_new (FALSE, FALSE, sizeof (guint), n + 1);

  for (guint i = 0; i < n; i++)
    {
      g_array_append_val (order, i);
      self->n_rows = MAX (self->n_rows, spans[i].depth + 1);
      self->end_ms = MAX (self->end_ms, spans[i].end_ms);
    }
  g_array_sort_with_data (order, compare_spans, (gpointer) spans);
  self->by_row = (guint *) g_array_steal (order, NULL);

  self->row_start = g_new0 (guint, self->n_rows + 1);
  for (guint i = 0; i < n; i++)
    self->row_start[spans[i].depth + 1]++;
  for (guint row = 0; row < self->n_rows; row++)
    self->row_start[row + 1] += self->row_start[row];
}

void
kelvin_flame_layout_clear (KelvinFlameLayout *self)
{
  g_free (self->by_row);
  g_free (self->row_start);
  *self = (KelvinFlameLayout){ 0 };
}

graphene_rect_t
kelvin_flame_layout_get_area (const KelvinFlameLayout *self, guint index, const KelvinAxis *axis,
                              float width, float row_height)
{
  const KelvinFlameSpan *span = &self->spans[index];
  float from = width * (float) kelvin_axis_place (axis, span->start_ms);
  float to = width * (float) kelvin_axis_place (axis, span->end_ms);

  return GRAPHENE_RECT_INIT (from, span->depth * row_height, MAX (to - from, 0.5f), row_height);
}

guint
kelvin_flame_layout_find_place (const KelvinFlameLayout *self, guint row, double ms)
{
  guint low = self->row_start[row];
  guint high = self->row_start[row + 1];

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->spans[self->by_row[middle]].end_ms <= ms)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* How far @ms is from a frame; 0 within it. */
static double
distance_from (const KelvinFlameSpan *span, double ms)
{
  return MAX (MAX (span->start_ms - ms, ms - span->end_ms), 0);
}

int
kelvin_flame_layout_find (const KelvinFlameLayout *self, guint row, double ms, double tolerance_ms)
{
  double nearest = tolerance_ms;
  int found = -1;

  if (row >= self->n_rows)
    return -1;

  guint place = kelvin_flame_layout_find_place (self, row, ms);
  for (guint i = place > self->row_start[row] ? place - 1 : place;
       i < self->row_start[row + 1] && i <= place; i++)
    {
      double distance = distance_from (&self->spans[self->by_row[i]], ms);

      if (distance > nearest || (found >= 0 && distance == nearest && distance > 0))
        continue;
      nearest = distance;
      found = (int) self->by_row[i];
    }
  return found;
}
