#include "config.h"

#include "ui/cost-lines.h"

#include <glib/gi18n-lib.h>

#include "engine/model/run.h"
#include "ui/charts/duration.h"

#define DECIMALS 12 /* of a pico-dollar */
#define ALL_DIGITS (-1)
#define DIGITS_OF_A_MONTH 4

char *
kelvin_format_usd_exact (gint64 pico_usd, int decimals)
{
  gint64 unit = 1;

  if (decimals == ALL_DIGITS)
    for (decimals = DECIMALS; decimals > 0 && pico_usd % (unit * 10) == 0; decimals--)
      unit *= 10;
  else
    for (int i = decimals; i < DECIMALS; i++)
      unit *= 10;

  gint64 rounded = (pico_usd + unit / 2) / unit;
  gint64 one = KELVIN_PICO_USD_IN_USD / unit; /* a dollar, in units */
  if (decimals == 0)
    return g_strdup_printf ("$%" G_GINT64_FORMAT, rounded);
  return g_strdup_printf ("$%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, rounded / one, decimals,
                          rounded % one);
}

/* What a GB-second costs in the first tier: the price of exactly one. */
static char *
dup_rate (KelvinPriceTable *prices, const char *architecture)
{
  KelvinUse one = { .duration_us = G_USEC_PER_SEC,
                    .memory_mb = 1024,
                    .ephemeral_mb = 512,
                    .architecture = architecture };

  return kelvin_format_usd_exact (kelvin_price_table_cost (prices, &one).duration_pico_usd,
                                  ALL_DIGITS);
}

static void
add_money (KelvinFacts *facts, KelvinFactKind kind, const char *name, gint64 pico_usd, int decimals,
           const char *rule)
{
  g_autofree char *figure = kelvin_format_usd_exact (pico_usd, decimals);

  kelvin_facts_add (facts, kind, name, figure, rule);
}

static void
add_billed_time (KelvinFacts *facts, const KelvinUse *use, const KelvinCost *cost)
{
  g_autofree char *figure = g_strdup_printf ("%" G_GINT64_FORMAT " ms", cost->billed_ms);
  g_autofree char *rule = NULL;

  if (use->init_us > 0)
    /* Translators: milliseconds of initialisation and of the handler */
    rule = g_strdup_printf (_ ("init %.2f ms + duration %.2f ms, rounded up"),
                            kelvin_us_to_ms (use->init_us), kelvin_us_to_ms (use->duration_us));
  else
    rule = g_strdup_printf (_ ("duration %.2f ms, rounded up"), kelvin_us_to_ms (use->duration_us));
  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("Billed time"), figure, rule);
}

static void
add_gb_seconds (KelvinFacts *facts, const KelvinUse *use, const KelvinCost *cost)
{
  g_autofree char *figure = g_strdup_printf (_ ("%.6f GB-s"), cost->gb_seconds);
  g_autofree char *rule = g_strdup_printf (_ ("%" G_GINT64_FORMAT " ms × %u MB ÷ 1,024"),
                                           cost->billed_ms, use->memory_mb);

  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("Memory × time"), figure, rule);
}

void
kelvin_cost_lines_show_call (KelvinFacts *facts, KelvinPriceTable *prices, const KelvinUse *use)
{
  KelvinCost cost = kelvin_price_table_cost (prices, use);
  g_autofree char *rate = dup_rate (prices, use->architecture);
  /* Translators: GB-seconds, price of one, processor architecture */
  g_autofree char *rule =
      g_strdup_printf (_ ("%.6f GB-s × %s, %s"), cost.gb_seconds, rate, use->architecture);

  kelvin_facts_clear (facts);
  add_billed_time (facts, use, &cost);
  add_gb_seconds (facts, use, &cost);
  add_money (facts, KELVIN_FACT_PLAIN, _ ("Duration"), cost.duration_pico_usd, ALL_DIGITS, rule);
  if (cost.init_part_pico_usd > 0)
    add_money (facts, KELVIN_FACT_PART, _ ("of it initialisation"), cost.init_part_pico_usd,
               ALL_DIGITS, NULL);
  if (cost.storage_pico_usd > 0)
    add_money (facts, KELVIN_FACT_PLAIN, _ ("Storage above 512 MB"), cost.storage_pico_usd,
               ALL_DIGITS, NULL);
  add_money (facts, KELVIN_FACT_PLAIN, _ ("Request"), cost.request_pico_usd, ALL_DIGITS, NULL);
  add_money (facts, KELVIN_FACT_SUM, _ ("One call"), cost.total_pico_usd, ALL_DIGITS, NULL);
}

static char *
dup_month_duration_rule (KelvinPriceTable *prices, const KelvinMonth *month, double gb_seconds)
{
  g_autofree char *rate = dup_rate (prices, month->architecture);

  if (month->free_tier)
    /* Translators: GB-seconds, price of one */
    return g_strdup_printf (_ ("%'.0f GB-s, less the free ones, at %s each"), gb_seconds, rate);
  /* Translators: GB-seconds, price of one */
  return g_strdup_printf (_ ("%'.0f GB-s, at %s each"), gb_seconds, rate);
}

static char *
dup_month_requests_rule (const KelvinMonth *month)
{
  if (month->free_tier)
    return g_strdup_printf (_ ("%'" G_GINT64_FORMAT " calls, less the free ones"), month->calls);
  return g_strdup_printf (_ ("%'" G_GINT64_FORMAT " calls"), month->calls);
}

void
kelvin_cost_lines_show_month (KelvinFacts *facts, KelvinPriceTable *prices,
                              const KelvinMonth *month)
{
  KelvinMonthCost cost = kelvin_price_table_month (prices, month);
  g_autofree char *duration_rule = dup_month_duration_rule (prices, month, cost.gb_seconds);
  g_autofree char *requests_rule = dup_month_requests_rule (month);

  kelvin_facts_clear (facts);
  add_money (facts, KELVIN_FACT_PLAIN, _ ("Duration"), cost.duration_pico_usd, DIGITS_OF_A_MONTH,
             duration_rule);
  if (cost.init_part_pico_usd > 0)
    add_money (facts, KELVIN_FACT_PART,
               month->free_tier ? _ ("initialisation, before anything free")
                                : _ ("of it initialisation"),
               cost.init_part_pico_usd, DIGITS_OF_A_MONTH, NULL);
  if (cost.storage_pico_usd > 0)
    add_money (facts, KELVIN_FACT_PLAIN, _ ("Storage above 512 MB"), cost.storage_pico_usd,
               DIGITS_OF_A_MONTH, NULL);
  add_money (facts, KELVIN_FACT_PLAIN, _ ("Requests"), cost.requests_pico_usd, DIGITS_OF_A_MONTH,
             requests_rule);
  add_money (facts, KELVIN_FACT_SUM, _ ("A month"), cost.total_pico_usd, DIGITS_OF_A_MONTH, NULL);
}
