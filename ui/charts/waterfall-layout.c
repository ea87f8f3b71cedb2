#include "config.h"

#include "ui/charts/waterfall-layout.h"

#include "ui/charts/axis-marks.h"

#define NARROW 440
#define LABEL_GAP 16
#define TOTAL_GAP 10
#define BAR_HEIGHT 20
#define ROW_HEIGHT 28
#define REACH 2 /* how far from a thin segment the pointer still means it */

KelvinWaterfallLayout
kelvin_waterfall_layout_fit (const KelvinWaterfallNeeds *needs, float width)
{
  KelvinWaterfallLayout self = { .n_rows = needs->n_rows, .bar_height = BAR_HEIGHT };

  self.stacked = width < NARROW;
  self.label_height = needs->label_height;
  self.bars_x = self.stacked ? 0 : needs->label_width + LABEL_GAP;
  self.bars_width = MAX (width - self.bars_x - TOTAL_GAP - needs->total_width, 1);
  self.row_height = self.stacked ? ROW_HEIGHT + needs->label_height : ROW_HEIGHT;
  self.axis = kelvin_axis_fit (0, needs->end_us / 1000., kelvin_axis_marks_count (self.bars_width));

  return self;
}

graphene_rect_t
kelvin_waterfall_layout_get_plot (const KelvinWaterfallLayout *self)
{
  return GRAPHENE_RECT_INIT (self->bars_x, 0, self->bars_width,
                             kelvin_waterfall_layout_get_height (self));
}

float
kelvin_waterfall_layout_get_height (const KelvinWaterfallLayout *self)
{
  return self->n_rows * self->row_height;
}

float
kelvin_waterfall_layout_place (const KelvinWaterfallLayout *self, gint64 us)
{
  return self->bars_x + self->bars_width * (float) kelvin_axis_place (&self->axis, us / 1000.);
}

float
kelvin_waterfall_layout_get_bar_y (const KelvinWaterfallLayout *self, guint row)
{
  float above = self->stacked ? self->label_height + 2 : (self->row_height - self->bar_height) / 2;

  return row * self->row_height + above;
}

graphene_rect_t
kelvin_waterfall_layout_get_area (const KelvinWaterfallLayout *self,
                                  const KelvinWaterfallSegment *segment)
{
  float x = kelvin_waterfall_layout_place (self, segment->start_us);
  float end = kelvin_waterfall_layout_place (self, segment->start_us + segment->length_us);

  return GRAPHENE_RECT_INIT (x, kelvin_waterfall_layout_get_bar_y (self, segment->row), end - x,
                             self->bar_height);
}

void
kelvin_waterfall_add_segments (GArray *segments, guint row, const KelvinPhases *phases,
                               gint64 start_us)
{
  gint64 at_us = start_us;

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      KelvinWaterfallSegment segment = { row, (KelvinPhase) i, at_us, phases->us[i] };

      if (segment.length_us <= 0)
        continue;
      g_array_append_val (segments, segment);
      at_us += segment.length_us;
    }
}

static float
distance_to (const graphene_rect_t *area, float x)
{
  if (x < area->origin.x)
    return area->origin.x - x;
  return MAX (x - area->origin.x - area->size.width, 0);
}

int
kelvin_waterfall_layout_find (const KelvinWaterfallLayout *self, const GArray *segments, float x,
                              float y)
{
  float nearest = REACH;
  int found = -1;

  for (guint i = 0; i < segments->len; i++)
    {
      graphene_rect_t area = kelvin_waterfall_layout_get_area (
          self, &g_array_index (segments, KelvinWaterfallSegment, i));
      float distance = distance_to (&area, x);

      if (y < area.origin.y || y > area.origin.y + area.size.height || distance > nearest)
        continue;
      if (distance == 0 && area.size.width > REACH)
        return (int) i;
      nearest = distance;
      found = (int) i;
    }

  return found;
}
