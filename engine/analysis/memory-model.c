#include "engine/analysis/memory-model.h"

#include <math.h>

/* The service's largest memory size has 5.8 cores. */
#define MOST_CORES 6
/* One core more has to explain this much of what was left unexplained; noise explains a little. */
#define WORTH_A_CORE 0.5

typedef struct {
  double fixed_ms, work_ms;
  double error; /* sum of the squared relative errors */
} Fit;

static double
slowness (double memory_mb, guint cores)
{
  return 1.0 / MIN (memory_mb / KELVIN_MEMORY_OF_A_CORE_MB, (double) cores);
}

static double
sum_errors (const KelvinMemorySample *samples, gsize n, gsize without, guint cores, const Fit *fit)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      double predicted = fit->fixed_ms + fit->work_ms * slowness (samples[i].memory_mb, cores);
      double error = predicted / samples[i].duration_ms - 1;

      if (i != without)
        sum += error * error;
    }
  return sum;
}

/* Weighted by 1 / duration², so that errors are relative: (1 / y) = (f + w x) / y. */
static Fit
fit_line (const KelvinMemorySample *samples, gsize n, gsize without, guint cores)
{
  double ff = 0, fw = 0, ww = 0, f1 = 0, w1 = 0;
  Fit fit = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      double f = 1 / samples[i].duration_ms;
      double w = slowness (samples[i].memory_mb, cores) / samples[i].duration_ms;

      if (i == without)
        continue;
      ff += f * f;
      fw += f * w;
      ww += w * w;
      f1 += f;
      w1 += w;
    }

  double determinant = ff * ww - fw * fw;

  /* All at the same slowness: nothing tells waiting from work. */
  fit.work_ms = determinant > 1e-9 * ff * ww ? (ff * w1 - fw * f1) / determinant : 0;
  fit.fixed_ms = (f1 - fw * fit.work_ms) / ff;
  if (fit.work_ms < 0)
    fit = (Fit){ .fixed_ms = f1 / ff };
  else if (fit.fixed_ms < 0)
    fit = (Fit){ .work_ms = w1 / ww };
  fit.error = sum_errors (samples, n, without, cores, &fit);
  return fit;
}

static double
get_largest (const KelvinMemorySample *samples, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, samples[i].memory_mb);
  return largest;
}

static guint
choose_cores (const KelvinMemorySample *samples, gsize n)
{
  guint most = (guint) ceil (get_largest (samples, n) / KELVIN_MEMORY_OF_A_CORE_MB - 1e-9);
  guint best = 1;
  double least = fit_line (samples, n, n, 1).error;

  for (guint cores = 2; cores <= MIN (most, MOST_CORES); cores++)
    {
      double error = fit_line (samples, n, n, cores).error;

      if (error < least * WORTH_A_CORE)
        {
          best = cores;
          least = error;
        }
    }
  return best;
}

static double
leave_one_out (const KelvinMemorySample *samples, gsize n, guint cores)
{
  double largest = 0;

  if (n <= KELVIN_MEMORY_MODEL_NEEDS)
    return NAN;
  for (gsize i = 0; i < n; i++)
    {
      Fit fit = fit_line (samples, n, i, cores);
      double predicted = fit.fixed_ms + fit.work_ms * slowness (samples[i].memory_mb, cores);

      largest = MAX (largest, fabs (predicted / samples[i].duration_ms - 1) * 100);
    }
  return largest;
}

gboolean
kelvin_memory_model_fit (const KelvinMemorySample *samples, gsize n, KelvinMemoryModel *out_model)
{
  if (n < KELVIN_MEMORY_MODEL_NEEDS)
    return FALSE;

  guint cores = choose_cores (samples, n);
  Fit fit = fit_line (samples, n, n, cores);

  out_model->fixed_ms = fit.fixed_ms;
  out_model->work_ms = fit.work_ms;
  out_model->cores = get_largest (samples, n) > KELVIN_MEMORY_OF_A_CORE_MB ? cores : 0;
  out_model->error_percent = leave_one_out (samples, n, cores);
  return TRUE;
}

double
kelvin_memory_model_predict (const KelvinMemoryModel *self, double memory_mb)
{
  return self->fixed_ms + self->work_ms * slowness (memory_mb, MAX (self->cores, 1));
}
