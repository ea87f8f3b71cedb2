#include "engine/environment/delivery.h"

/* X-Amzn-Trace-Id: Root=1-<8 hex: seconds>-<24 hex>;Parent=<16 hex>;Sampled=0, made from the
 * request id, whose first 48 bits are time and whose rest is random. */
static char *
make_trace_id (const KelvinRequestId *id)
{
  const guint8 *b = id->bytes;
  guint32 seconds = (guint32) (g_get_real_time () / G_USEC_PER_SEC);

  return g_strdup_printf ("Root=1-%08x-%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x;"
                          "Parent=%02x%02x%02x%02x%02x%02x%02x%02x;Sampled=0",
                          seconds, b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                          b[14], b[15], b[15], b[14], b[13], b[12], b[11], b[10], b[9], b[7]);
}

KelvinDelivery *
kelvin_delivery_new (GBytes *event, gint64 arrived_ns)
{
  KelvinDelivery *self = g_new0 (KelvinDelivery, 1);

  self->id = kelvin_request_id_new ();
  kelvin_request_id_to_text (&self->id, self->id_text);
  self->trace_id = make_trace_id (&self->id);
  self->event = g_bytes_ref (event);
  self->arrived_ns = arrived_ns;
  self->start = KELVIN_START_NONE;
  self->status = KELVIN_STATUS_RUNNING;
  self->phases = KELVIN_PHASES_NONE;
  self->invoke_ns = -1;
  self->delivered_ns = -1;
  self->responded_ns = -1;
  self->init_duration_us = -1;
  self->cpu_us = -1;
  self->memory_peak_bytes = -1;
  self->init_memory_peak_bytes = -1;
  self->cgroup_peak_bytes = -1;
  self->throttled_us = -1;
  self->environment_memory_peak_bytes = -1;
  self->temporary_peak_bytes = -1;
  self->log = kelvin_attempt_log_new ();

  return self;
}

void
kelvin_delivery_free (KelvinDelivery *self)
{
  g_free (self->trace_id);
  g_free (self->client_context);
  g_bytes_unref (self->event);
  g_clear_pointer (&self->payload, g_bytes_unref);
  g_clear_pointer (&self->report, g_bytes_unref);
  g_free (self->error_type);
  g_clear_error (&self->error);
  kelvin_attempt_log_free (self->log);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_free (self);
}

gint64
kelvin_delivery_get_billed_ms (const KelvinDelivery *self)
{
  return (MAX (self->init_duration_us, 0) + self->duration_us + 999) / 1000;
}
