#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* What ran during what: frames hang below those that they are part of, all on one axis of time, in
 * the order in which they ran. Enter, or a click, activates a frame: the signal "activated" (guint
 * index). */
#define KELVIN_TYPE_FLAME_GRAPH (kelvin_flame_graph_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFlameGraph, kelvin_flame_graph, KELVIN, FLAME_GRAPH, KelvinChart)

typedef struct {
  const char *name;   /* "json.decoder" */
  const char *detail; /* nullable: what else its tooltip says */
  double start_ms;
  double end_ms;
  double self_ms;
  guint depth;
  KelvinHue hue;
} KelvinFlameFrame;

GtkWidget *kelvin_flame_graph_new (void);

/* Copies what it needs. Arrow keys walk through frames in the order that they are given in: each
 * after the one that it is part of. */
void kelvin_flame_graph_set_frames (KelvinFlameGraph *self, const KelvinFlameFrame *frames,
                                    guint n);

G_END_DECLS
