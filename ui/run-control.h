#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* The invocation that a person started from the Code page, and the result of the one before.
 * Properties: "running"; "invocation" (KelvinInvocation, nullable); "problem" (nullable): why
 * nothing could be run. The last result stays until the next begins. */
#define KELVIN_TYPE_RUN_CONTROL (kelvin_run_control_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunControl, kelvin_run_control, KELVIN, RUN_CONTROL, GObject)

KelvinRunControl *kelvin_run_control_new (KelvinEngine *engine, const char *dir);

/* Does nothing while one runs. */
void kelvin_run_control_start (KelvinRunControl *self, GBytes *event, const char *event_name,
                               gboolean cold);
void kelvin_run_control_cancel (KelvinRunControl *self);
/* What was wrong before a run could begin. */
void kelvin_run_control_refuse (KelvinRunControl *self, const char *problem);

gboolean kelvin_run_control_is_running (KelvinRunControl *self);
gint64 kelvin_run_control_get_started_us (KelvinRunControl *self); /* monotonic */
KelvinInvocation *kelvin_run_control_get_invocation (KelvinRunControl *self);
const char *kelvin_run_control_get_problem (KelvinRunControl *self);

G_END_DECLS
