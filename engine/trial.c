#include "engine/trial.h"

#include <math.h>

#include "engine/analysis/cost.h"

/* Place 0 is the base, the others are variants that have something to try. */
typedef struct {
  KelvinTarget *target;
  KelvinAdvice *advice; /* NULL for the base */
  double total_ms;      /* of this round; NAN: it failed */
  GBytes *payload;      /* nullable: of this round */
} Contender;

struct _KelvinTrial {
  KelvinEngine *engine;
  char *run_id;
  GBytes *event;
  KelvinTrialEvents events;
  gpointer user_data;
  GArray *contenders; /* of Contender */
  guint *order;       /* of this round */
  guint place;        /* in it */
  guint rounds_left;
  guint n_starts;
  GBytes *first_payload; /* nullable: the base's in the first round */
  gboolean base_wavers;  /* its own answers differ: they can't be compared */
  gboolean cancelled;
  KelvinCall *call;
  KelvinTimer *turn;
};

static void start_next (KelvinTrial *self);

static void
contender_clear (gpointer data)
{
  Contender *contender = data;

  g_clear_pointer (&contender->payload, g_bytes_unref);
}

static Contender *
get_contender (KelvinTrial *self, guint index)
{
  return &g_array_index (self->contenders, Contender, index);
}

static void
add_contender (KelvinTrial *self, KelvinTarget *target, KelvinAdvice *advice)
{
  Contender contender = { target, advice, NAN, NULL };

  g_array_append_val (self->contenders, contender);
}

/* Fisher and Yates. */
static void
shuffle (KelvinTrial *self)
{
  guint n = self->contenders->len;

  for (guint i = 0; i < n; i++)
    self->order[i] = i;
  for (guint i = n; i > 1; i--)
    {
      guint other = (guint) g_random_int_range (0, (gint32) i);
      guint kept = self->order[i - 1];

      self->order[i - 1] = self->order[other];
      self->order[other] = kept;
    }
  self->place = 0;
}

/* --- a round --- */

static void
note_base (KelvinTrial *self)
{
  GBytes *payload = get_contender (self, 0)->payload;

  if (payload == NULL)
    return;
  if (self->first_payload == NULL)
    self->first_payload = g_bytes_ref (payload);
  else if (!g_bytes_equal (self->first_payload, payload))
    self->base_wavers = TRUE;
}

static void
end_round (KelvinTrial *self)
{
  const Contender *base = get_contender (self, 0);

  note_base (self);
  for (guint i = 1; i < self->contenders->len && !isnan (base->total_ms); i++)
    {
      const Contender *one = get_contender (self, i);
      double saved_ms = base->total_ms - one->total_ms;

      if (isnan (one->total_ms) ||
          (!self->base_wavers && one->payload != NULL && base->payload != NULL &&
           !g_bytes_equal (one->payload, base->payload)))
        one->advice->answers_differ = TRUE;
      else
        g_array_append_val (one->advice->saved_ms, saved_ms);
    }
}

/* Answers that differ in one round only because the base's own do are no reason. */
static void
forgive_wavering (KelvinTrial *self)
{
  for (guint i = 1; i < self->contenders->len && self->base_wavers; i++)
    {
      KelvinAdvice *advice = get_contender (self, i)->advice;

      if (advice->saved_ms->len > 0)
        advice->answers_differ = FALSE;
    }
}

static void
end (KelvinTrial *self, const GError *error)
{
  forgive_wavering (self);
  self->events.ended (error, self->user_data);
}

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  KelvinTrial *self = user_data;
  Contender *contender = get_contender (self, self->order[self->place]);

  self->call = NULL;
  if (delivery->error != NULL)
    {
      end (self, delivery->error);
      return;
    }
  g_clear_pointer (&contender->payload, g_bytes_unref);
  contender->total_ms = delivery->status == KELVIN_STATUS_OK
                            ? (double) kelvin_phases_get_total_us (&delivery->phases) / 1000
                            : NAN;
  contender->payload = delivery->payload != NULL ? g_bytes_ref (delivery->payload) : NULL;
  self->n_starts++;
  self->place++;
  if (self->place == self->contenders->len && !self->cancelled)
    end_round (self);
  self->events.progressed (self->n_starts, self->user_data);
  start_next (self);
}

static const KelvinCallEvents call_events = { .responded = responded_cb, .settled = settled_cb };

static void
start_next (KelvinTrial *self)
{
  static const KelvinAdmissionRules unlimited = { .admission = KELVIN_ADMISSION_FREE,
                                                  .reserved = -1 };
  KelvinCallRequest request = {
    .run_id = self->run_id,
    .event = self->event,
    .flags = KELVIN_CALL_COLD | KELVIN_CALL_LAST,
    .rules = &unlimited,
  };

  if (self->place == self->contenders->len && self->rounds_left > 0)
    {
      self->rounds_left--;
      shuffle (self);
    }
  if (self->cancelled || self->engine->closing || self->contenders->len < 2 ||
      self->place == self->contenders->len)
    {
      end (self, NULL);
      return;
    }
  request.target = get_contender (self, self->order[self->place])->target;
  self->call = kelvin_dispatcher_invoke (self->engine->dispatcher, &request, &call_events, self);
}

static void
first_turn_cb (gpointer user_data)
{
  KelvinTrial *self = user_data;

  self->turn = NULL;
  start_next (self);
}

KelvinTrial *
kelvin_trial_start (const KelvinTrialOptions *options, const KelvinTrialEvents *events,
                    gpointer user_data)
{
  KelvinTrial *self = g_new0 (KelvinTrial, 1);
  GPtrArray *variants = options->variants->variants;

  self->engine = options->engine;
  self->run_id = g_strdup (options->run_id);
  self->event = g_bytes_ref (options->event);
  self->events = *events;
  self->user_data = user_data;
  self->rounds_left = options->rounds;
  self->contenders = g_array_new (FALSE, FALSE, sizeof (Contender));
  g_array_set_clear_func (self->contenders, contender_clear);
  add_contender (self, options->base, NULL);
  for (guint i = 0; i < variants->len; i++)
    {
      KelvinVariant *variant = variants->pdata[i];

      if (variant->target != NULL)
        add_contender (self, variant->target, variant->advice);
    }
  self->order = g_new0 (guint, self->contenders->len);
  self->place = self->contenders->len;
  self->turn =
      kelvin_clock_add (self->engine->clock, KELVIN_TIME_MONOTONIC, 0, first_turn_cb, self);
  return self;
}

guint
kelvin_trial_count_starts (KelvinTrial *self)
{
  return self->contenders->len < 2 ? 0 : self->contenders->len * self->rounds_left;
}

void
kelvin_trial_cancel (KelvinTrial *self)
{
  self->cancelled = TRUE;
  if (self->call != NULL)
    kelvin_call_cancel (self->call);
}

void
kelvin_trial_free (KelvinTrial *self)
{
  g_clear_pointer (&self->turn, kelvin_timer_cancel);
  g_clear_pointer (&self->first_payload, g_bytes_unref);
  g_array_unref (self->contenders);
  g_bytes_unref (self->event);
  g_free (self->run_id);
  g_free (self->order);
  g_free (self);
}
