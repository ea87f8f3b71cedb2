#pragma once

#include "engine/drill.h"
#include "engine/load-private.h"

G_BEGIN_DECLS

typedef enum { KELVIN_DRILL_AS_IT_IS, KELVIN_DRILL_WITH_FIX } KelvinDrillVariant;

/* What is played. */
typedef struct {
  KelvinLoadRequest request; /* times_ns is this plan's; it stands empty when `plan` is called */
  KelvinLoadPlay play;       /* step_ns and kind are set */
  GPtrArray *steps;          /* of KelvinDrillStep */
} KelvinDrillPlan;

/* One scenario. Adding one is a file and a line in drill-list.c. */
typedef struct {
  KelvinDrillInfo info;
  gint64 step_ms; /* what an attempt takes, by plan */
  void (*plan) (KelvinDrillPlan *plan, KelvinDrillVariant variant);
  gboolean (*is_harmed) (const KelvinLoadResult *load);
  /* What a count shows of why; no measured time in it. (transfer full) */
  char *(*explain) (const KelvinLoadResult *load);
} KelvinDrill;

extern const KelvinDrill kelvin_drill_cold_burst;
extern const KelvinDrill kelvin_drill_throttling;
extern const KelvinDrill kelvin_drill_caller_retry_storm;
extern const KelvinDrill kelvin_drill_connection_storm;
extern const KelvinDrill kelvin_drill_slow_downstream;
extern const KelvinDrill kelvin_drill_cost_runaway;

const KelvinDrill *kelvin_drill_find (const char *name);

/* --- for their plans --- */

G_GNUC_PRINTF (3, 4)
void kelvin_drill_plan_say (KelvinDrillPlan *self, gint64 at_ms, const char *format, ...);
/* @n events are due at @at_ms; in order of time. */
void kelvin_drill_plan_add (KelvinDrillPlan *self, gint64 at_ms, guint n);
/* @n in each of @n_steps steps from @from_ms on. */
void kelvin_drill_plan_repeat (KelvinDrillPlan *self, gint64 from_ms, guint n_steps, guint n);

G_END_DECLS
