#include "engine/advising.h"

#include <math.h>

#include "engine/analysis/cost.h"

/* The share of cold starts is that of the newest runs that served the function. */
#define MOST_RUNS 1000

struct _KelvinAdvising {
  KelvinEngine *engine;
  KelvinRun *run;
  GBytes *event;
  KelvinTarget *target;
  KelvinImportProfile *imports;
  guint rounds;
  guint total;
  KelvinAdvisingEvents events;
  gpointer user_data;

  GCancellable *cancellable;
  KelvinVariants *variants; /* nullable */
  KelvinTrial *trial;       /* nullable */
  KelvinColdWorth worth;
};

static void
remove_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_boolean (task, TRUE);
}

/* The task's data are the variants: its thread, the last to hold it, may remove their files. */
static void
free_variants (KelvinVariants *variants)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, variants, (GDestroyNotify) kelvin_variants_free);
  g_task_run_in_thread (task, remove_in_thread);
}

static void
advising_free (KelvinAdvising *self)
{
  g_clear_pointer (&self->trial, kelvin_trial_free);
  g_clear_pointer (&self->variants, free_variants);
  g_object_unref (self->cancellable);
  kelvin_target_unref (self->target);
  kelvin_run_unref (self->run);
  g_bytes_unref (self->event);
  g_free (self);
}

static GPtrArray *
take_advice (KelvinAdvising *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_advice_free);

  for (guint i = 0; self->variants != NULL && i < self->variants->variants->len; i++)
    {
      KelvinVariant *variant = self->variants->variants->pdata[i];

      g_ptr_array_add (list, g_steal_pointer (&variant->advice));
    }
  return list;
}

static void
end (KelvinAdvising *self, const GError *error)
{
  self->events.ended (take_advice (self), &self->worth, error, self->user_data);
  advising_free (self);
}

/* --- trying --- */

static void
progressed_cb (guint n_starts, gpointer user_data)
{
  KelvinAdvising *self = user_data;

  self->events.progressed (n_starts, self->total, self->user_data);
}

static void
trial_ended_cb (const GError *error, gpointer user_data)
{
  end (user_data, error);
}

static void
try_variants (KelvinAdvising *self)
{
  static const KelvinTrialEvents events = { .progressed = progressed_cb, .ended = trial_ended_cb };
  const KelvinTrialOptions options = {
    .engine = self->engine,
    .run_id = self->run->id,
    .event = self->event,
    .base = self->target,
    .variants = self->variants,
    .rounds = self->rounds,
  };

  self->trial = kelvin_trial_start (&options, &events, self);
  self->total = kelvin_trial_count_starts (self->trial);
}

/* --- what it's worth --- */

static void
set_worth (KelvinAdvising *self, GPtrArray *runs)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  KelvinUse use = { .init_us = 1000 * 1000,
                    .memory_mb = kelvin_function_get_memory_size_mb (function),
                    .ephemeral_mb = 512,
                    .architecture = kelvin_function_get_architecture (function) };
  guint64 calls = 0, cold = 0;

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const KelvinRun *run = runs->pdata[i];

      calls += run->invocations;
      cold += run->cold_starts;
    }
  self->worth.cold_share = calls > 0 ? (double) cold / (double) calls : NAN;
  self->worth.pico_usd_per_thousand_ms =
      kelvin_price_table_cost (self->engine->prices, &use).duration_pico_usd;
}

static void
runs_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KelvinAdvising *self = user_data;
  g_autoptr (GPtrArray) runs =
      kelvin_store_list_runs_finish (KELVIN_STORE (source), result, NULL, NULL);

  set_worth (self, runs);
  if (g_cancellable_is_cancelled (self->cancellable))
    end (self, NULL);
  else
    try_variants (self);
}

static void
variants_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KelvinAdvising *self = user_data;
  g_autoptr (GError) error = NULL;
  KelvinRunFilter filter = { .function_name = self->run->function_name,
                             .kinds = "serve,load",
                             .since_us = -1,
                             .until_us = -1,
                             .limit = MOST_RUNS };

  self->variants = kelvin_variants_make_finish (result, &error);
  if (self->variants == NULL)
    {
      end (self, error);
      return;
    }
  kelvin_store_list_runs_async (self->engine->store, &filter, NULL, runs_listed_cb, self);
}

KelvinAdvising *
kelvin_advising_start (const KelvinAdvisingOptions *options, const KelvinAdvisingEvents *events,
                       gpointer user_data)
{
  KelvinAdvising *self = g_new0 (KelvinAdvising, 1);

  self->engine = options->engine;
  self->run = kelvin_run_ref (options->run);
  self->event = g_bytes_ref (options->event);
  self->target = kelvin_target_ref (options->target);
  self->imports = options->imports;
  self->rounds = options->rounds;
  self->events = *events;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->worth.cold_share = NAN;
  kelvin_variants_make_async (self->target, self->imports, self->engine->prices,
                              self->engine->data_dir, self->cancellable, variants_made_cb, self);
  return self;
}

void
kelvin_advising_cancel (KelvinAdvising *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->trial != NULL)
    kelvin_trial_cancel (self->trial);
}
