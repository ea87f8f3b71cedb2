#include "engine/analysis/cost.h"

#include "engine/analysis/price-table-private.h"

#define MB_MS_IN_GB_S (1024 * 1000)

/* A month's megabyte-milliseconds times a price don't fit into 64 bits. */
typedef __int128 Wide;

static gint64
to_pico_usd (Wide mb_ms_times_price)
{
  Wide rounded = (mb_ms_times_price + MB_MS_IN_GB_S / 2) / MB_MS_IN_GB_S;

  return (gint64) MIN (rounded, (Wide) G_MAXINT64);
}

static gint64
add_pico_usd (gint64 a, gint64 b)
{
  return a > G_MAXINT64 - b ? G_MAXINT64 : a + b;
}

static gint64
billed_ms (gint64 init_us, gint64 duration_us)
{
  return (MAX (init_us, 0) + MAX (duration_us, 0) + 999) / 1000;
}

static gint64
charged_storage_mb (KelvinPriceTable *self, guint ephemeral_mb)
{
  return MAX ((gint64) ephemeral_mb - self->free_storage_mb, 0);
}

static gint64
first_tier_price (KelvinPriceTable *self, const char *architecture)
{
  GArray *tiers = kelvin_price_table_get_prices (self, architecture)->tiers;

  return g_array_index (tiers, KelvinPriceTier, 0).pico_usd_per_gb_s;
}

KelvinCost
kelvin_price_table_cost (KelvinPriceTable *self, const KelvinUse *use)
{
  gint64 price = first_tier_price (self, use->architecture);
  gint64 ms = billed_ms (use->init_us, use->duration_us);
  Wide mb_ms = (Wide) ms * use->memory_mb;
  Wide mb_ms_without_init = (Wide) billed_ms (0, use->duration_us) * use->memory_mb;
  Wide storage_mb_ms = (Wide) ms * charged_storage_mb (self, use->ephemeral_mb);
  KelvinCost cost = {
    .billed_ms = ms,
    .gb_seconds = (double) mb_ms / MB_MS_IN_GB_S,
    .request_pico_usd = self->pico_usd_per_request,
    .duration_pico_usd = to_pico_usd (mb_ms * price),
    .storage_pico_usd = to_pico_usd (storage_mb_ms * self->storage_pico_usd_per_gb_s),
    .init_part_pico_usd = to_pico_usd ((mb_ms - mb_ms_without_init) * price),
  };

  cost.total_pico_usd = add_pico_usd (add_pico_usd (cost.request_pico_usd, cost.duration_pico_usd),
                                      cost.storage_pico_usd);
  return cost;
}

/* The month's time at the price of each tier that it reaches. What is free was taken off before. */
static gint64
tiered_pico_usd (const GArray *tiers, Wide mb_ms)
{
  Wide sum = 0;
  Wide below = 0;

  for (guint i = 0; i < tiers->len && mb_ms > below; i++)
    {
      const KelvinPriceTier *tier = &g_array_index (tiers, KelvinPriceTier, i);
      Wide border = MIN (mb_ms, (Wide) tier->up_to_gb_s * MB_MS_IN_GB_S);

      sum += (border - below) * tier->pico_usd_per_gb_s;
      below = border;
    }
  return to_pico_usd (sum);
}

static gint64
requests_pico_usd (KelvinPriceTable *self, gint64 calls, gboolean free_tier)
{
  gint64 charged = MAX (calls - (free_tier ? self->free_requests : 0), 0);

  return (gint64) MIN ((Wide) charged * self->pico_usd_per_request, (Wide) G_MAXINT64);
}

static gint64
share_of_calls (gint64 calls, double share)
{
  if (!(share > 0))
    return 0;
  if (share >= 1)
    return calls;
  return MIN ((gint64) ((double) calls * share + 0.5), calls);
}

KelvinMonthCost
kelvin_price_table_month (KelvinPriceTable *self, const KelvinMonth *month)
{
  gint64 calls = MAX (month->calls, 0);
  gint64 cold_calls = share_of_calls (calls, month->cold_share);
  gint64 cold_ms = billed_ms (month->cold_init_us, month->cold_duration_us);
  gint64 init_ms = cold_ms - billed_ms (0, month->cold_duration_us);
  Wide ms = (Wide) (calls - cold_calls) * billed_ms (0, month->warm_duration_us) +
            (Wide) cold_calls * cold_ms;
  Wide mb_ms = ms * month->memory_mb;
  Wide free_mb_ms = month->free_tier ? (Wide) self->free_gb_s * MB_MS_IN_GB_S : 0;
  Wide storage_mb_ms = ms * charged_storage_mb (self, month->ephemeral_mb);
  const GArray *tiers = kelvin_price_table_get_prices (self, month->architecture)->tiers;
  KelvinMonthCost cost = {
    .gb_seconds = (double) mb_ms / MB_MS_IN_GB_S,
    .requests_pico_usd = requests_pico_usd (self, calls, month->free_tier),
    .duration_pico_usd = tiered_pico_usd (tiers, MAX (mb_ms - free_mb_ms, 0)),
    .init_part_pico_usd = to_pico_usd ((Wide) cold_calls * init_ms * month->memory_mb *
                                       first_tier_price (self, month->architecture)),
    .storage_pico_usd = to_pico_usd (storage_mb_ms * self->storage_pico_usd_per_gb_s),
  };

  cost.total_pico_usd = add_pico_usd (add_pico_usd (cost.requests_pico_usd, cost.duration_pico_usd),
                                      cost.storage_pico_usd);
  return cost;
}

gint64
kelvin_price_table_provisioned_month (KelvinPriceTable *self, guint memory_mb,
                                      const char *architecture)
{
  gint64 price = kelvin_price_table_get_prices (self, architecture)->provisioned_pico_usd_per_gb_s;
  Wide ms = (Wide) 730 * 3600 * 1000;

  return price < 0 ? -1 : to_pico_usd (ms * memory_mb * price);
}
