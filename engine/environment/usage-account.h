#pragma once

#include "engine/environment/delivery.h"
#include "engine/environment/launcher.h"

G_BEGIN_DECLS

/* What an environment's processes used, attempt by attempt, from readings whose answers keep the
 * order in which they were asked for. */
typedef struct {
  guint64 asked;
  guint64 answered;
  guint64 init; /* the number of the reading at the end of init; 0: none */
  /* Readings, up to the end of the attempt before. */
  gint64 cpu_before_us;
  gint64 throttled_before_us;
  gint64 memory_before_bytes;

  gint64 attempt_peak_bytes; /* of memory, in the attempt under way; -1 unknown */
  gint64 peak_bytes;         /* ever */
} KelvinUsageAccount;

void kelvin_usage_account_init (KelvinUsageAccount *self);
/* Of an environment that had one before. */
void kelvin_usage_account_begin_attempt (KelvinUsageAccount *self);
/* @delivery: (nullable): the attempt that it belongs to; between attempts what was used is
 * nobody's.
 */
void kelvin_usage_account_take (KelvinUsageAccount *self, const KelvinUsage *usage,
                                KelvinDelivery *delivery);
/* Has every reading that was asked for been answered? */
gboolean kelvin_usage_account_is_complete (const KelvinUsageAccount *self);
/* With this reading an attempt ends. */
void kelvin_usage_account_close (KelvinUsageAccount *self, const KelvinUsage *usage);

G_END_DECLS
