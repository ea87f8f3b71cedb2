#pragma once

#include "ui/charts/axis-marks.h"
#include "ui/charts/lanes-layout.h"
#include "ui/charts/lanes.h"
#include "ui/charts/legend.h"

G_BEGIN_DECLS

/* Shared by lanes.c, which is the type, and lanes-draw.c, which draws it. */

#define KELVIN_LANES_MOST_TRIES 16

/* A try of the event that is pointed at. */
typedef struct {
  int bar; /* -1: throttled, no environment was reached */
  gint64 at_ns;
} KelvinLanesTry;

struct _KelvinLanes {
  KelvinChart parent_instance;

  KelvinLaneData *data;
  GPtrArray *labels; /* of PangoLayout: "env 1", … */
  float label_width, label_height;
  KelvinLegend legend;
  PangoLayout *due_label, *due_most, *due_none, *throttles_label, *door_label, *door_most;
  PangoLayout *cross;
  PangoLayout *clock; /* whose time it is */
  double most_due;    /* a second, of the bins that are seen */
  guint most_open;    /* that door_most says */
  gint64 bin_ns;

  GtkWidget *scrollbar;
  GtkAdjustment *scroll;

  /* Of the bar under pointer or cursor: */
  int pointed;
  KelvinLanesTry tries[KELVIN_LANES_MOST_TRIES];
  guint n_tries;
  PangoLayout *link_label; /* nullable */

  char *opened;        /* nullable */
  gint64 described_us; /* monotonic */
  guint n_rows;        /* that the size was asked for */
  gboolean with_throttles, with_door;

  KelvinLanesLayout layout; /* set when the size is, as the marks */
  KelvinAxisMarks marks;
};

void kelvin_lanes_draw (KelvinLanes *self, GtkSnapshot *snapshot);
/* The highest bin of the due events that are seen, in events a second. */
double kelvin_lanes_find_most_due (KelvinLanes *self);

G_END_DECLS
