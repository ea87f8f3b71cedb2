#pragma once

#include "engine/analysis/money.h"
#include "engine/analysis/price-table.h"

G_BEGIN_DECLS

/* What invocations cost, by the rules of the service's price list: a GB is 1,024 MB; billed time is
 * whole milliseconds, init included, rounded up once for each invocation. Products go through 128
 * bits, and each line of a sum is rounded once, at the end, half up; a total is the sum of its
 * lines. */

typedef struct {
  gint64 init_us; /* -1 or 0: no init billed */
  gint64 duration_us;
  guint memory_mb;
  guint ephemeral_mb;       /* 512 is free */
  const char *architecture; /* "x86_64" or "arm64" */
} KelvinUse;

/* Every line of the sum, so that the window can show the arithmetic. */
typedef struct {
  gint64 billed_ms;  /* ceil (init + duration), one rounding */
  double gb_seconds; /* for show alone; money is computed from the integers */
  gint64 request_pico_usd;
  gint64 duration_pico_usd; /* tier 1, no free tier */
  gint64 storage_pico_usd;
  gint64 total_pico_usd;
  gint64 init_part_pico_usd; /* how much of duration_pico_usd the init makes */
} KelvinCost;

KelvinCost kelvin_price_table_cost (KelvinPriceTable *self, const KelvinUse *use);

typedef struct {
  gint64 calls;            /* a month */
  double cold_share;       /* 0..1 */
  gint64 warm_duration_us; /* of a warm call */
  gint64 cold_init_us;     /* of a cold call */
  gint64 cold_duration_us;
  guint memory_mb;
  guint ephemeral_mb;
  const char *architecture;
  gboolean free_tier; /* take 1 M requests and 400,000 GB-s off */
} KelvinMonth;

typedef struct {
  double gb_seconds; /* all, before the free tier */
  gint64 requests_pico_usd;
  gint64 duration_pico_usd;  /* tiers applied */
  gint64 init_part_pico_usd; /* how much of it the inits make, at tier 1 */
  gint64 storage_pico_usd;
  gint64 total_pico_usd;
} KelvinMonthCost;

/* One environment of @memory_mb kept ready for a month of 730 hours, without what it serves; -1
 * where the table has no price for that. */
gint64 kelvin_price_table_provisioned_month (KelvinPriceTable *self, guint memory_mb,
                                             const char *architecture);

KelvinMonthCost kelvin_price_table_month (KelvinPriceTable *self, const KelvinMonth *month);

G_END_DECLS
