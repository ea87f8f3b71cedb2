#include "engine/environment/timeline.h"

void
kelvin_timeline_begin (KelvinTimeline *self, gint64 taken_ns)
{
  *self = (KelvinTimeline){ .taken_ns = taken_ns };
}

void
kelvin_timeline_begin_start (KelvinTimeline *self, gint64 at_ns)
{
  g_return_if_fail (self->n_starts < G_N_ELEMENTS (self->starts));

  self->starts[self->n_starts++] =
      (KelvinRuntimeStart){ .begun_ns = at_ns, .code_ns = -1, .ended_ns = -1 };
}

static KelvinRuntimeStart *
last_start (KelvinTimeline *self)
{
  return self->n_starts > 0 ? &self->starts[self->n_starts - 1] : NULL;
}

void
kelvin_timeline_note_code (KelvinTimeline *self, gint64 at_ns)
{
  KelvinRuntimeStart *start = last_start (self);

  if (start != NULL)
    start->code_ns = at_ns;
}

void
kelvin_timeline_end_start (KelvinTimeline *self, gint64 at_ns)
{
  KelvinRuntimeStart *start = last_start (self);

  if (start != NULL && start->ended_ns < 0)
    start->ended_ns = at_ns;
}

gint64
kelvin_timeline_get_start_us (const KelvinTimeline *self)
{
  const KelvinRuntimeStart *start = &self->starts[MAX (self->n_starts, 1) - 1];

  return self->n_starts > 0 && start->ended_ns >= 0 ? (start->ended_ns - start->begun_ns) / 1000
                                                    : 0;
}

/* Adds up in nanoseconds: a phase of several slices is rounded once. */
static void
add (gint64 *sum_ns, gint64 from_ns, gint64 to_ns)
{
  *sum_ns = MAX (*sum_ns, 0) + MAX (to_ns - from_ns, 0);
}

static void
add_start (const KelvinRuntimeStart *start, gint64 before_ns, gint64 *ns)
{
  add (&ns[KELVIN_PHASE_SANDBOX], before_ns, start->begun_ns);
  if (start->ended_ns < 0)
    return;
  if (start->code_ns < 0)
    {
      add (&ns[KELVIN_PHASE_RUNTIME], start->begun_ns, start->ended_ns);
      return;
    }
  add (&ns[KELVIN_PHASE_RUNTIME], start->begun_ns, start->code_ns);
  add (&ns[KELVIN_PHASE_INIT], start->code_ns, start->ended_ns);
}

void
kelvin_timeline_note_phases (const KelvinTimeline *self, KelvinDelivery *delivery)
{
  gint64 ns[KELVIN_N_PHASES] = { -1, -1, -1, -1, -1, -1 };
  gint64 before_ns = self->taken_ns;
  gboolean is_plainly_warm = delivery->start != KELVIN_START_COLD && self->n_starts == 0;

  if (!is_plainly_warm)
    add (&ns[KELVIN_PHASE_QUEUE], delivery->arrived_ns, self->taken_ns);
  else if (delivery->delivered_ns >= 0)
    add (&ns[KELVIN_PHASE_QUEUE], delivery->arrived_ns, delivery->delivered_ns);
  for (guint i = 0; i < self->n_starts; i++)
    {
      add_start (&self->starts[i], before_ns, ns);
      before_ns = self->starts[i].ended_ns;
    }
  if (delivery->delivered_ns >= 0 && delivery->responded_ns >= 0)
    add (&ns[KELVIN_PHASE_HANDLER], delivery->delivered_ns, delivery->responded_ns);

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    if (i != KELVIN_PHASE_RESPONSE)
      delivery->phases.us[i] = ns[i] < 0 ? -1 : ns[i] / 1000;
  if (delivery->start == KELVIN_START_COLD && self->n_starts > 0 && self->starts[0].ended_ns >= 0)
    delivery->init_duration_us = (self->starts[0].ended_ns - self->starts[0].begun_ns) / 1000;
}
