#pragma once

#include <graphene.h>

#include "ui/charts/axis.h"

G_BEGIN_DECLS

/* Rows deeper than this aren't drawn; the table has them. */
#define KELVIN_FLAME_MOST_ROWS 40

/* A frame: a length of time at a depth. */
typedef struct {
  double start_ms;
  double end_ms;
  guint depth;
} KelvinFlameSpan;

/* Where the frames of a flame graph stand. Frames of one depth don't overlap. Pure: drawing and hit
 * test ask the same functions. */
typedef struct {
  const KelvinFlameSpan *spans; /* in the order of their items; the owner's */
  guint n_spans;
  guint *by_row;    /* indices of spans, by depth and then by time */
  guint *row_start; /* n_rows + 1 places in by_row */
  guint n_rows;
  double end_ms;
} KelvinFlameLayout;

/* Keeps @spans. */
void kelvin_flame_layout_init (KelvinFlameLayout *self, const KelvinFlameSpan *spans, guint n);
void kelvin_flame_layout_clear (KelvinFlameLayout *self);

graphene_rect_t kelvin_flame_layout_get_area (const KelvinFlameLayout *self, guint index,
                                              const KelvinAxis *axis, float width,
                                              float row_height);
/* The first place in by_row of a row's frames that end after @ms; the row's end where none does. */
guint kelvin_flame_layout_find_place (const KelvinFlameLayout *self, guint row, double ms);
/* The frame of a row at @ms, the nearest within @tolerance_ms; -1: none. */
int kelvin_flame_layout_find (const KelvinFlameLayout *self, guint row, double ms,
                              double tolerance_ms);

G_END_DECLS
