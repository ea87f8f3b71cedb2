#include "config.h"

#include "ui/load-bars.h"

#define NS_PER_US 1000

static gint64
length_ns (const KelvinPhases *phases, KelvinPhase phase)
{
  return MAX (phases->us[phase], 0) * NS_PER_US;
}

/* Phases add up to the time that was waited, so they are laid out from its end. */
static void
set_times (KelvinLaneBar *bar, const KelvinPhases *phases, gint64 end_ns)
{
  bar->end_ns = end_ns;
  bar->handler_ns =
      end_ns - length_ns (phases, KELVIN_PHASE_RESPONSE) - length_ns (phases, KELVIN_PHASE_HANDLER);
  bar->init_ns = bar->handler_ns - length_ns (phases, KELVIN_PHASE_INIT);
  bar->start_ns = bar->init_ns - length_ns (phases, KELVIN_PHASE_RUNTIME) -
                  length_ns (phases, KELVIN_PHASE_SANDBOX);
}

gboolean
kelvin_load_bar_of_attempt (const KelvinLoadAttempt *attempt, KelvinLaneBar *out_bar)
{
  if (attempt->environment == 0)
    return FALSE;

  *out_bar = (KelvinLaneBar){ .event = attempt->event,
                              .environment = attempt->environment,
                              .attempt = attempt->attempt,
                              .start = attempt->start,
                              .status = attempt->status,
                              .due_ns = attempt->due_ns };
  set_times (out_bar, &attempt->phases, attempt->ended_ns);
  return TRUE;
}

gboolean
kelvin_load_dot_of_attempt (const KelvinLoadAttempt *attempt, KelvinScatterDot *out_dot)
{
  if (!attempt->last || attempt->status == KELVIN_STATUS_CANCELLED)
    return FALSE;

  *out_dot =
      (KelvinScatterDot){ .due_ns = attempt->event_due_ns,
                          .latency_ms = (double) (attempt->ended_ns - attempt->event_due_ns) / 1e6,
                          .event = attempt->event,
                          .cold = attempt->start == KELVIN_START_COLD,
                          .failed = attempt->status != KELVIN_STATUS_OK };
  return TRUE;
}

/* The history names one environment for an invocation: that of the first try that reached one. */
static KelvinAttempt
find_served (const KelvinInvocation *invocation)
{
  KelvinAttempt first = { .number = 1,
                          .start = invocation->start,
                          .status = invocation->status,
                          .started_at_us = invocation->started_at_us,
                          .phases = invocation->phases };

  if (first.start != KELVIN_START_NONE || invocation->attempts == NULL)
    return first;

  for (guint i = 0; i < invocation->attempts->len; i++)
    {
      const KelvinAttempt *attempt = &g_array_index (invocation->attempts, KelvinAttempt, i);

      if (attempt->start != KELVIN_START_NONE)
        return *attempt;
    }
  return first;
}

gboolean
kelvin_load_bar_of_invocation (const KelvinInvocation *invocation, gint64 started_us,
                               KelvinLaneBar *out_bar)
{
  guint64 environment = 0;

  if (!kelvin_environment_parse_name (invocation->environment, &environment) || environment == 0)
    return FALSE;

  KelvinAttempt served = find_served (invocation);
  gint64 due_ns = (served.started_at_us - started_us) * NS_PER_US;
  *out_bar = (KelvinLaneBar){ .event = invocation->number,
                              .environment = environment,
                              .attempt = served.number,
                              .start = served.start,
                              .status = served.status,
                              .due_ns = due_ns };
  set_times (out_bar, &served.phases,
             due_ns + kelvin_phases_get_total_us (&served.phases) * NS_PER_US);
  return TRUE;
}

gboolean
kelvin_load_dot_of_invocation (const KelvinInvocation *invocation, gint64 started_us,
                               KelvinScatterDot *out_dot)
{
  gint64 end_us = invocation->started_at_us + kelvin_phases_get_total_us (&invocation->phases);

  if (invocation->status == KELVIN_STATUS_CANCELLED || invocation->status == KELVIN_STATUS_RUNNING)
    return FALSE;

  for (guint i = 0; invocation->attempts != NULL && i < invocation->attempts->len; i++)
    {
      const KelvinAttempt *attempt = &g_array_index (invocation->attempts, KelvinAttempt, i);

      end_us = MAX (end_us, attempt->started_at_us + kelvin_phases_get_total_us (&attempt->phases));
    }
  *out_dot = (KelvinScatterDot){ .due_ns = (invocation->started_at_us - started_us) * NS_PER_US,
                                 .latency_ms = (double) (end_us - invocation->started_at_us) / 1e3,
                                 .event = invocation->number,
                                 .cold = invocation->start == KELVIN_START_COLD,
                                 .failed = invocation->status != KELVIN_STATUS_OK };
  return TRUE;
}
