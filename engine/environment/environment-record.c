#include "engine/environment/environment-private.h"
#include "engine/environment/fault.h"
#include "engine/environment/platform-log.h"

static void
take_report (KelvinEnvironment *self)
{
  if (self->delivery->recording == KELVIN_RECORD_NOTHING || self->sandbox == NULL)
    return;
  self->delivery->report = kelvin_sandbox_take_report (self->sandbox);
}

void
kelvin_environment_complete_record (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;

  /* Again: the mark of the init's start comes by another descriptor than the response. */
  kelvin_timeline_note_phases (&self->timeline, delivery);
  if (delivery->invoke_ns >= 0)
    delivery->duration_us = MAX (self->ended_ns - delivery->invoke_ns, 0) / 1000;
  if (delivery->status == KELVIN_STATUS_TIMEOUT && delivery->invoke_ns >= 0)
    delivery->duration_us = kelvin_environment_timeout_ns (self) / 1000;
  /* What was seen beyond the limit came too late to be had. */
  delivery->memory_peak_bytes =
      MIN (self->usage.attempt_peak_bytes, kelvin_environment_memory_limit_bytes (self));
  delivery->environment_memory_peak_bytes =
      MIN (self->usage.peak_bytes, kelvin_environment_memory_limit_bytes (self));
  if (self->doors != NULL)
    kelvin_doors_take_records (self->doors, delivery, self->ending != ENDING_SETTLE_IDLE);
  delivery->was_parked = delivery->start == KELVIN_START_COLD && self->sandbox != NULL &&
                         kelvin_sandbox_was_parked (self->sandbox);
  kelvin_platform_log_end (delivery, self->memory_size_mb);
  take_report (self);
}

void
kelvin_environment_log_fault (KelvinEnvironment *self, const char *message, const char *error_type)
{
  if (self->output != NULL)
    kelvin_output_capture_drain (self->output);
  kelvin_attempt_log_add_format (self->delivery->log, "%s\n%s", message, error_type);
}

GBytes *
kelvin_environment_log_exit (KelvinEnvironment *self, const KelvinExit *how)
{
  g_autofree char *message = kelvin_fault_exit_message (self->delivery->id_text, how);

  kelvin_environment_log_fault (self, message, "Runtime.ExitError");
  return kelvin_fault_payload ("Runtime.ExitError", message);
}
