#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long a handler takes at a memory size, where the memory size decides the share of processor
 * time alone:
 *
 *   duration = fixed + work / min (memory / 1769 MB, cores)
 *
 * 1,769 MB are one core (reference, section 4.4). What waits is fixed, what computes is work; a
 * handler that computes on one thread gains nothing above one core. Pure. */

/* Memory that is worth one core. */
#define KELVIN_MEMORY_OF_A_CORE_MB 1769.0

typedef struct {
  double memory_mb;
  double duration_ms; /* a median; positive */
} KelvinMemorySample;

typedef struct {
  double fixed_ms; /* neither is negative */
  double work_ms;  /* of one core */
  guint cores;     /* how many it can use; 0: no sample above one core tells */
  /* The largest relative error, in percent, of predicting each sample from the others (Stone 1974,
   * leave-one-out); NAN for fewer than four samples. */
  double error_percent;
} KelvinMemoryModel;

#define KELVIN_MEMORY_MODEL_NEEDS 3

/* Least squares of the relative errors, in 1 / min (share, cores), for each number of cores; the
 * fewest that fit best win. FALSE for fewer than KELVIN_MEMORY_MODEL_NEEDS different sizes. */
gboolean kelvin_memory_model_fit (const KelvinMemorySample *samples, gsize n,
                                  KelvinMemoryModel *out_model);
double kelvin_memory_model_predict (const KelvinMemoryModel *self, double memory_mb);

G_END_DECLS
