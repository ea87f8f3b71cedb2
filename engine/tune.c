#include "engine/tune.h"

#include <math.h>

#include "engine/analysis/cost.h"
#include "engine/tune-private.h"

const guint kelvin_tune_usual_sizes[] = { 128, 256, 512, 1024, 1769, 3008 };
const gsize kelvin_tune_n_usual_sizes = G_N_ELEMENTS (kelvin_tune_usual_sizes);

/* Differences that no bill and no caller notices. */
#define NO_DIFFERENCE 0.01
/* CPU time over time at which still only one thread computes: a runtime's own threads do a little.
 */
#define ONE_THREAD 1.1

static void
point_free (gpointer data)
{
  KelvinTunePoint *point = data;

  g_array_unref (point->samples_ms);
  g_array_unref (point->cpu_ms);
  g_free (point);
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *) a, second = *(const guint *) b;

  return (first > second) - (first < second);
}

KelvinTune *
kelvin_tune_new (const guint *sizes, gsize n_sizes, guint runs)
{
  KelvinTune *self = g_new0 (KelvinTune, 1);
  g_autoptr (GArray) sorted = g_array_new (FALSE, FALSE, sizeof (guint));

  self->runs = runs;
  self->processors = g_get_num_processors ();
  self->points = g_ptr_array_new_with_free_func (point_free);
  self->predictions = g_array_new (FALSE, FALSE, sizeof (KelvinTunePrediction));
  g_array_append_vals (sorted, sizes, (guint) n_sizes);
  g_array_sort (sorted, by_size);
  for (guint i = 0; i < sorted->len; i++)
    {
      guint size = g_array_index (sorted, guint, i);
      KelvinTunePoint *point;

      if (kelvin_tune_get_point (self, size) != NULL)
        continue;
      point = g_new0 (KelvinTunePoint, 1);
      point->memory_mb = size;
      point->failure = KELVIN_STATUS_OK;
      point->samples_ms = g_array_new (FALSE, FALSE, sizeof (double));
      point->cpu_ms = g_array_new (FALSE, FALSE, sizeof (double));
      g_ptr_array_add (self->points, point);
    }
  return self;
}

void
kelvin_tune_free (KelvinTune *self)
{
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_free (self->event_name);
  g_ptr_array_unref (self->points);
  g_array_unref (self->predictions);
  g_free (self);
}

const KelvinTunePoint *
kelvin_tune_get_point (const KelvinTune *self, guint memory_mb)
{
  for (guint i = 0; i < self->points->len; i++)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i);

      if (point->memory_mb == memory_mb)
        return point;
    }
  return NULL;
}

/* --- what follows from the samples --- */

static KelvinCost
price (KelvinPriceTable *prices, KelvinFunction *function, guint memory_mb, double duration_ms)
{
  const KelvinUse use = {
    .init_us = -1,
    .duration_us = (gint64) ceil (duration_ms * 1000),
    .memory_mb = memory_mb,
    .ephemeral_mb = kelvin_function_get_ephemeral_storage_mb (function),
    .architecture = kelvin_function_get_architecture (function),
  };

  return kelvin_price_table_cost (prices, &use);
}

static gint64
price_or_none (KelvinPriceTable *prices, KelvinFunction *function, guint memory_mb,
               double duration_ms)
{
  return isnan (duration_ms) ? -1 : price (prices, function, memory_mb, duration_ms).total_pico_usd;
}

static void
conclude_point (KelvinTunePoint *point, KelvinPriceTable *prices, KelvinFunction *function)
{
  KelvinSummary *summary = &point->duration_ms;

  *summary =
      kelvin_summary_of ((const double *) (void *) point->samples_ms->data, point->samples_ms->len);
  point->billed_ms = isnan (summary->p50)
                         ? -1
                         : price (prices, function, point->memory_mb, summary->p50).billed_ms;
  point->cost_pico_usd = price_or_none (prices, function, point->memory_mb, summary->p50);
  point->cost_low = price_or_none (prices, function, point->memory_mb, summary->p50_low);
  point->cost_high = price_or_none (prices, function, point->memory_mb, summary->p50_high);
}

/* A size that also failed is no choice: what it saves isn't worth an error. */
static gboolean
is_choice (const KelvinTunePoint *point)
{
  return point->errors == 0 && point->duration_ms.count > 0;
}

/* How much worse @point is than the best, by a quantity of which less is better. */
typedef double (*Quantity) (const KelvinTunePoint *point);

static double
read_duration (const KelvinTunePoint *point)
{
  return MAX (point->duration_ms.p50, 0.001);
}

static double
read_cost (const KelvinTunePoint *point)
{
  return (double) MAX (point->cost_pico_usd, 1);
}

/* The product has no unit: a tenth faster is worth a tenth dearer. */
static double
read_balance (const KelvinTunePoint *point)
{
  return read_duration (point) * read_cost (point);
}

static const KelvinTunePoint *
find_least (const KelvinTune *self, Quantity quantity)
{
  const KelvinTunePoint *least = NULL;

  for (guint i = 0; i < self->points->len; i++)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i);

      if (is_choice (point) && (least == NULL || quantity (point) < quantity (least)))
        least = point;
    }
  return least;
}

/* Of the sizes that can't be told from the fastest, the smallest: nobody pays for what isn't
 * there. */
static guint
choose_fastest (const KelvinTune *self)
{
  const KelvinTunePoint *least = find_least (self, read_duration);

  for (guint i = 0; least != NULL && i < self->points->len; i++)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i);
      double high = isnan (least->duration_ms.p50_high) ? least->duration_ms.p50
                                                        : least->duration_ms.p50_high;

      if (is_choice (point) &&
          (point->duration_ms.p50 <= high ||
           point->duration_ms.p50 <= least->duration_ms.p50 * (1 + NO_DIFFERENCE)))
        return point->memory_mb;
    }
  return 0;
}

/* Of the sizes that cost the same, the largest, which is the fastest. */
static guint
choose_cheapest (const KelvinTune *self)
{
  const KelvinTunePoint *least = find_least (self, read_cost);

  for (guint i = self->points->len; least != NULL && i > 0; i--)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i - 1);

      if (is_choice (point) && read_cost (point) <= read_cost (least) * (1 + NO_DIFFERENCE) &&
          read_duration (point) <= read_duration (least))
        return point->memory_mb;
    }
  return 0;
}

static gboolean
is_beyond_machine (const KelvinTune *self, guint memory_mb)
{
  return memory_mb > KELVIN_MEMORY_OF_A_CORE_MB * self->processors;
}

static void
fit_model (KelvinTune *self)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (KelvinMemorySample));

  for (guint i = 0; i < self->points->len; i++)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i);
      KelvinMemorySample sample = { point->memory_mb, point->duration_ms.p50 };

      if (point->duration_ms.count > 0 && !is_beyond_machine (self, point->memory_mb))
        g_array_append_val (samples, sample);
    }
  self->has_model = kelvin_memory_model_fit ((const KelvinMemorySample *) (void *) samples->data,
                                             samples->len, &self->model);
}

static void
predict (KelvinTune *self, KelvinPriceTable *prices, KelvinFunction *function)
{
  static const guint sizes[] = { 128, 256, 512, 1024, 1536, 1769, 2048, 3008, 4096, 8192, 10240 };

  for (guint i = 0; self->has_model && i < G_N_ELEMENTS (sizes); i++)
    {
      KelvinTunePrediction prediction = { .memory_mb = sizes[i] };

      if (kelvin_tune_get_point (self, sizes[i]) != NULL ||
          (self->model.cores == 0 && sizes[i] > KELVIN_MEMORY_OF_A_CORE_MB))
        continue;
      prediction.duration_ms = kelvin_memory_model_predict (&self->model, sizes[i]);
      prediction.cost_pico_usd = price_or_none (prices, function, sizes[i], prediction.duration_ms);
      g_array_append_val (self->predictions, prediction);
    }
}

/* With more than a core's share and computing most of the time, it used no more than one. */
static gboolean
used_one_thread (const KelvinTunePoint *point)
{
  KelvinSummary cpu =
      kelvin_summary_of ((const double *) (void *) point->cpu_ms->data, point->cpu_ms->len);
  double used = cpu.p50 / point->duration_ms.p50;

  return cpu.count > 0 && used > 0.5 && used < ONE_THREAD;
}

static void
judge_threads (KelvinTune *self)
{
  for (guint i = 0; i < self->points->len; i++)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i);

      if (point->memory_mb > KELVIN_MEMORY_OF_A_CORE_MB * ONE_THREAD &&
          point->duration_ms.count > 0)
        self->single_threaded = used_one_thread (point);
    }
}

void
kelvin_tune_conclude (KelvinTune *self, KelvinPriceTable *prices, KelvinFunction *function)
{
  for (guint i = 0; i < self->points->len; i++)
    {
      KelvinTunePoint *point = g_ptr_array_index (self->points, i);

      conclude_point (point, prices, function);
      if (self->beyond_machine_mb == 0 && is_beyond_machine (self, point->memory_mb))
        self->beyond_machine_mb = point->memory_mb;
    }
  self->cheapest = choose_cheapest (self);
  self->fastest = choose_fastest (self);
  self->balanced = 0;
  if (self->cheapest > 0)
    self->balanced = find_least (self, read_balance)->memory_mb;
  fit_model (self);
  predict (self, prices, function);
  judge_threads (self);
}

/* --- for people --- */

static void
remark_threads (const KelvinTune *self, GPtrArray *remarks)
{
  if (self->single_threaded)
    g_ptr_array_add (remarks, g_strdup ("the handler computes on one thread: above 1769 MB, one "
                                        "core, it gains nothing"));
  else if (self->has_model && self->model.work_ms < 0.05 * self->model.fixed_ms)
    g_ptr_array_add (remarks, g_strdup ("the handler mostly waits: memory hardly changes how long "
                                        "it takes"));
}

static void
remark_failures (const KelvinTune *self, GPtrArray *remarks)
{
  for (guint i = 0; i < self->points->len; i++)
    {
      const KelvinTunePoint *point = g_ptr_array_index (self->points, i);

      if (point->errors > 0)
        g_ptr_array_add (remarks,
                         g_strdup_printf ("%u MB: %u invokes failed (%s), so it is no choice",
                                          point->memory_mb, point->errors,
                                          kelvin_status_to_string (point->failure)));
    }
}

char **
kelvin_tune_get_remarks (const KelvinTune *self)
{
  g_autoptr (GPtrArray) remarks = g_ptr_array_new ();

  remark_threads (self, remarks);
  remark_failures (self, remarks);
  if (self->beyond_machine_mb > 0)
    g_ptr_array_add (
        remarks, g_strdup_printf ("from %u MB on the service gives more than the %u cores of this "
                                  "machine, so what was measured there is at most as fast",
                                  self->beyond_machine_mb, self->processors));
  if (self->run != NULL &&
      kelvin_limits_get_standing (&self->run->limits, KELVIN_LIMIT_CPU) != KELVIN_STANDING_ENFORCED)
    g_ptr_array_add (remarks, g_strdup ("nothing here holds a function to its CPU share, so more "
                                        "memory makes nothing faster: see kelvin doctor"));
  g_ptr_array_add (remarks, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&remarks), FALSE);
}
