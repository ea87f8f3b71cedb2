#include "engine/load-private.h"

/* Warm-ups: environments that are made before the first event is due. They are calls like others,
 * but no events of the load: nothing of them is counted. */

/* At once: more would only wait for each other's processors. */
#define AT_ONCE 8

static void warm_some (KelvinLoad *self);

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  KelvinLoad *self = user_data;

  g_ptr_array_remove_fast (self->warm_ups, call);
  warm_some (self);
}

static const KelvinCallEvents call_events = { .responded = responded_cb, .settled = settled_cb };

static void
warm_one (KelvinLoad *self)
{
  static const KelvinAdmissionRules unlimited = { .admission = KELVIN_ADMISSION_FREE,
                                                  .reserved = -1 };
  KelvinCallRequest request = {
    .target = self->target,
    .run_id = self->run->id,
    .event = self->event,
    .flags = KELVIN_CALL_COLD,
    .rules = &unlimited,
  };

  self->warm_left--;
  g_ptr_array_add (self->warm_ups, kelvin_dispatcher_invoke (self->engine->dispatcher, &request,
                                                             &call_events, self));
}

static void
warm_some (KelvinLoad *self)
{
  while (!self->cancelled && self->warm_left > 0 && self->warm_ups->len < AT_ONCE)
    warm_one (self);
  if (self->warm_ups->len == 0)
    kelvin_load_is_warm (self);
}

void
kelvin_load_warm_up (KelvinLoad *self)
{
  self->warm_left = self->request.warm;
  warm_some (self);
}

void
kelvin_load_cancel_warm_ups (KelvinLoad *self)
{
  while (self->warm_ups->len > 0)
    kelvin_call_cancel (g_ptr_array_index (self->warm_ups, 0));
}
