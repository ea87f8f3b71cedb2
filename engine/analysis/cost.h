#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Money is integers of pico-dollars (1e-12 USD): one billed millisecond at 128 MB is 2,083 of them, which
 * nano-dollars can't hold. Products go through 128 bits and are rounded once, at the end, half up.
 * Rules: service's price list, reference section 10. */

#define KELVIN_PRICE_ERROR (kelvin_price_error_quark ())
typedef enum {
  KELVIN_PRICE_ERROR_INVALID, /* the message names file, field and what would be right */
} KelvinPriceError;
GQuark kelvin_price_error_quark (void);

typedef struct _KelvinPriceTable KelvinPriceTable;

/* data/prices.json, or one that a person put in its place (DATA_DIR/prices.json wins). Blocking. */
KelvinPriceTable *kelvin_price_table_load (const char *path, GError **error);
void kelvin_price_table_free (KelvinPriceTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinPriceTable, kelvin_price_table_free)
const char *kelvin_price_table_get_date (KelvinPriceTable *self);   /* "2026-09" */
const char *kelvin_price_table_get_region (KelvinPriceTable *self); /* "us-east-1" */

typedef struct {
  gint64 init_us;       /* -1 or 0: no init billed */
  gint64 duration_us;
  guint memory_mb;
  guint ephemeral_mb;   /* 512 is free */
  const char *architecture;
} KelvinUse;

/* Every line of the sum, so that the window can show the arithmetic. */
typedef struct {
  gint64 billed_ms;            /* ceil (init + duration), one rounding */
  double gb_seconds;           /* for show alone; money is computed from the integers */
  gint64 request_pico_usd;
  gint64 duration_pico_usd;    /* tier 1, no free tier */
  gint64 storage_pico_usd;
  gint64 total_pico_usd;
  gint64 init_part_pico_usd;   /* how much of duration_pico_usd the init makes */
} KelvinCost;

KelvinCost kelvin_price_table_cost (KelvinPriceTable *self, const KelvinUse *use);

typedef struct {
  gint64 calls;             /* a month */
  double cold_share;        /* 0..1 */
  gint64 warm_duration_us;  /* of a warm call */
  gint64 cold_init_us;      /* of a cold call */
  gint64 cold_duration_us;
  guint memory_mb;
  guint ephemeral_mb;
  const char *architecture;
  gboolean free_tier;       /* take 1 M requests and 400,000 GB-s off */
} KelvinMonth;

typedef struct {
  double gb_seconds;         /* all, before the free tier */
  gint64 requests_pico_usd;
  gint64 duration_pico_usd;  /* tiers applied */
  gint64 init_part_pico_usd; /* how much of it the inits make, at tier 1 */
  gint64 storage_pico_usd;
  gint64 total_pico_usd;
} KelvinMonthCost;

KelvinMonthCost kelvin_price_table_month (KelvinPriceTable *self, const KelvinMonth *month);

/* Pico-dollars as a decimal number of dollars, for JSON. */
double kelvin_pico_usd_to_usd (gint64 pico_usd);
/* "$0.00000087": as many digits as its first two that count; "$2.73" from one cent on. */
char *kelvin_format_usd (gint64 pico_usd);

G_END_DECLS
