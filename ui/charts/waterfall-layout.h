#pragma once

#include <graphene.h>

#include "engine/model/phase.h"
#include "ui/charts/axis.h"

G_BEGIN_DECLS

/* One phase of one row, on the scale that all rows share. */
typedef struct {
  guint row;
  KelvinPhase phase;
  gint64 start_us;
  gint64 length_us;
} KelvinWaterfallSegment;

/* Where a waterfall's parts stand. Pure: the drawing and the hit test ask the same functions. */
typedef struct {
  KelvinAxis axis; /* from 0 to the end of the longest row, or the part of it that is looked at */
  guint n_rows;
  gboolean stacked; /* narrow: a row's label stands above its bar */
  float bars_x, bars_width;
  float row_height, bar_height;
  float label_height;
} KelvinWaterfallLayout;

typedef struct {
  guint n_rows;
  gint64 end_us;      /* of the longest row */
  float label_width;  /* of the widest label */
  float label_height; /* of a line of text */
  float total_width;  /* of the widest total, which stands behind its bar */
} KelvinWaterfallNeeds;

KelvinWaterfallLayout kelvin_waterfall_layout_fit (const KelvinWaterfallNeeds *needs, float width);
/* Where the bars may be drawn. */
graphene_rect_t kelvin_waterfall_layout_get_plot (const KelvinWaterfallLayout *self);
/* From the top of the first row to the bottom of the last. */
float kelvin_waterfall_layout_get_height (const KelvinWaterfallLayout *self);
float kelvin_waterfall_layout_place (const KelvinWaterfallLayout *self, gint64 us);
/* Top of the bar of a row. */
float kelvin_waterfall_layout_get_bar_y (const KelvinWaterfallLayout *self, guint row);
graphene_rect_t kelvin_waterfall_layout_get_area (const KelvinWaterfallLayout *self,
                                                  const KelvinWaterfallSegment *segment);

/* The phases of a row that happened and took time, appended to @segments. */
void kelvin_waterfall_add_segments (GArray *segments, guint row, const KelvinPhases *phases,
                                    gint64 start_us);
/* Index of the segment at the point, the nearest one of its row within two pixels; -1 for none. */
int kelvin_waterfall_layout_find (const KelvinWaterfallLayout *self, const GArray *segments,
                                  float x, float y);

G_END_DECLS
