#pragma once

#include "ui/charts/chart.h"
#include "ui/charts/lane-data.h"

G_BEGIN_DECLS

/* What environments did over time: a row for each, the events that were due above, throttles and
 * connections below, on one time axis. Its items are the bars; "activated" (uint) tells that one
 * was clicked, or chosen by Enter. */
#define KELVIN_TYPE_LANES (kelvin_lanes_get_type ())
G_DECLARE_FINAL_TYPE (KelvinLanes, kelvin_lanes, KELVIN, LANES, KelvinChart)

GtkWidget *kelvin_lanes_new (void);

/* The records that are drawn; whoever adds some calls kelvin_lanes_update afterwards, at most once
 * a frame. (transfer none) */
KelvinLaneData *kelvin_lanes_get_data (KelvinLanes *self);
void kelvin_lanes_update (KelvinLanes *self);
/* The records were cleared, or nothing more will come: view and cursor, or the description, are set
 * anew at once. */
void kelvin_lanes_reset (KelvinLanes *self);
void kelvin_lanes_end (KelvinLanes *self);
/* What the bar that was opened is, "invocation 12, request id …": part of the description; NULL for
 * none. */
void kelvin_lanes_set_opened (KelvinLanes *self, const char *words);
/* The clock that the axis is of; NULL: "real time". */
void kelvin_lanes_set_clock (KelvinLanes *self, const char *words);

G_END_DECLS
