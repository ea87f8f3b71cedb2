#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* Each event a dot: across when it was due, up how long it took from then. Cold is blue, warm is
 * orange, what failed is a red square. "activated" (uint64, the event's number) tells that one was
 * clicked, or chosen by Enter. */
#define KELVIN_TYPE_SCATTER (kelvin_scatter_get_type ())
G_DECLARE_FINAL_TYPE (KelvinScatter, kelvin_scatter, KELVIN, SCATTER, KelvinChart)

typedef struct {
  gint64 due_ns; /* from the beginning of the run */
  double latency_ms;
  guint64 event;
  gboolean cold;
  gboolean failed;
} KelvinScatterDot;

GtkWidget *kelvin_scatter_new (void);

void kelvin_scatter_clear (KelvinScatter *self);
/* Copies; view and cursor stay. */
void kelvin_scatter_add (KelvinScatter *self, const KelvinScatterDot *dots, guint n);
/* Shows what was added, until @end_ns; at most once a frame. */
void kelvin_scatter_update (KelvinScatter *self, gint64 end_ns);
/* Nothing more will come: its description is whole at once. */
void kelvin_scatter_end (KelvinScatter *self, gint64 end_ns);

G_END_DECLS
