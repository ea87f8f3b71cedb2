#include "engine/analysis/cost.h"

#include <glib/gstdio.h>

/* The examples that the service's price list is explained with: all the digits that they give, or
 * half a pico-dollar for each rounded line. */

typedef struct {
  KelvinPriceTable *prices;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "..", "..", "data", "prices.json", NULL);
  g_autoptr (GError) error = NULL;

  f->prices = kelvin_price_table_load (path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_price_table_free (f->prices);
}

static void
assert_usd (gint64 pico_usd, const char *usd)
{
  gint64 expected = -1;

  g_assert_true (kelvin_parse_usd (usd, &expected));
  g_assert_cmpint (pico_usd, ==, expected);
}

static void
test_table_names_its_date (Fixture *f, gconstpointer data)
{
  g_assert_cmpstr (kelvin_price_table_get_date (f->prices), ==, "2026-09");
  g_assert_cmpstr (kelvin_price_table_get_region (f->prices), ==, "us-east-1");
}

static void
test_one_cold_invoke (Fixture *f, gconstpointer data)
{
  const KelvinUse use = { 110100, 12340, 128, 512, "x86_64" };
  KelvinCost cost = kelvin_price_table_cost (f->prices, &use);

  g_assert_cmpint (cost.billed_ms, ==, 123);
  g_assert_cmpfloat_with_epsilon (cost.gb_seconds, 0.015375, 1e-15);
  assert_usd (cost.duration_pico_usd, "0.000000256251"); /* …250.5125 of them */
  assert_usd (cost.request_pico_usd, "0.0000002");
  assert_usd (cost.total_pico_usd, "0.000000456251");
  assert_usd (cost.init_part_pico_usd,
              "0.000000229167"); /* 110 ms: the rest would be billed as 13 */
  g_assert_cmpint (cost.storage_pico_usd, ==, 0);
}

static void
test_time_is_rounded_up_once (Fixture *f, gconstpointer data)
{
  const KelvinUse whole = { -1, 2000, 128, 512, "x86_64" };
  const KelvinUse above = { 0, 2001, 128, 512, "x86_64" };
  const KelvinUse split = { 500, 400, 128, 512, "x86_64" };

  g_assert_cmpint (kelvin_price_table_cost (f->prices, &whole).billed_ms, ==, 2);
  g_assert_cmpint (kelvin_price_table_cost (f->prices, &above).billed_ms, ==, 3);
  g_assert_cmpint (kelvin_price_table_cost (f->prices, &split).billed_ms, ==, 1);
  g_assert_cmpint (kelvin_price_table_cost (f->prices, &split).init_part_pico_usd, ==, 0);
}

/* One billed millisecond at each size of the price list. */
static void
test_price_of_a_millisecond (Fixture *f, gconstpointer data)
{
  static const struct {
    guint memory_mb;
    const char *x86_64, *arm64;
  } known[] = {
    { 128, "0.000000002083", "0.000000001667" },  { 256, "0.000000004167", "0.000000003333" },
    { 512, "0.000000008333", "0.000000006667" },  { 1024, "0.000000016667", "0.000000013333" },
    { 1769, "0.000000028792", "0.000000023034" }, { 3008, "0.000000048958", "0.000000039167" },
    { 8192, "0.000000133334", "0.000000106667" }, { 10240, "0.000000166667", "0.000000133334" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      KelvinUse use = { -1, 1000, known[i].memory_mb, 512, "x86_64" };
      assert_usd (kelvin_price_table_cost (f->prices, &use).duration_pico_usd, known[i].x86_64);
      use.architecture = "arm64";
      assert_usd (kelvin_price_table_cost (f->prices, &use).duration_pico_usd, known[i].arm64);
    }
}

static void
test_month_with_free_tier (Fixture *f, gconstpointer data)
{
  const KelvinMonth month = { .calls = 3000000,
                              .warm_duration_us = 120000,
                              .memory_mb = 1536,
                              .ephemeral_mb = 512,
                              .architecture = "x86_64",
                              .free_tier = TRUE };
  KelvinMonthCost cost = kelvin_price_table_month (f->prices, &month);

  g_assert_cmpfloat_with_epsilon (cost.gb_seconds, 540000, 1e-6);
  assert_usd (cost.duration_pico_usd, "2.333338");
  assert_usd (cost.requests_pico_usd, "0.4");
  assert_usd (cost.total_pico_usd, "2.733338");
  g_assert_cmpint (cost.init_part_pico_usd, ==, 0);
}

static void
test_month_with_cold_starts (Fixture *f, gconstpointer data)
{
  const KelvinMonth month = { 10000000, 0.005, 85000, 240000, 85000, 512, 512, "arm64", FALSE };
  KelvinMonthCost cost = kelvin_price_table_month (f->prices, &month);

  g_assert_cmpfloat_with_epsilon (cost.gb_seconds, 431000, 1e-6);
  assert_usd (cost.duration_pico_usd, "5.7466954");
  assert_usd (cost.requests_pico_usd, "2");
  assert_usd (cost.total_pico_usd, "7.7466954");
  assert_usd (cost.init_part_pico_usd, "0.0800004");
}

static void
test_month_with_ephemeral_storage (Fixture *f, gconstpointer data)
{
  const KelvinMonth month = { .calls = 1500000,
                              .warm_duration_us = 120000,
                              .memory_mb = 1536,
                              .ephemeral_mb = 5120,
                              .architecture = "x86_64" };
  KelvinMonthCost cost = kelvin_price_table_month (f->prices, &month);

  assert_usd (cost.duration_pico_usd, "4.500009");
  assert_usd (cost.storage_pico_usd, "0.025029");
  assert_usd (cost.requests_pico_usd, "0.3");
  assert_usd (cost.total_pico_usd, "4.825038");
}

/* 7 billion GB-s: 70 million calls of 100 s at 1 GB. */
static void
test_month_crosses_a_tier (Fixture *f, gconstpointer data)
{
  KelvinMonth month = { .calls = 70000000,
                        .warm_duration_us = 100000000,
                        .memory_mb = 1024,
                        .ephemeral_mb = 512,
                        .architecture = "x86_64" };

  assert_usd (kelvin_price_table_month (f->prices, &month).duration_pico_usd, "115000.2");
  month.calls = 200000000; /* 20 billion: all three */
  assert_usd (kelvin_price_table_month (f->prices, &month).duration_pico_usd, "301667.2");
}

static void
test_month_beyond_all_sums_stays_at_the_limit (Fixture *f, gconstpointer data)
{
  const KelvinMonth month = { .calls = G_MAXINT64,
                              .cold_share = 2,
                              .cold_duration_us = 900000000,
                              .memory_mb = 10240,
                              .ephemeral_mb = 10240 };
  KelvinMonthCost cost = kelvin_price_table_month (f->prices, &month);

  g_assert_cmpint (cost.duration_pico_usd, ==, G_MAXINT64);
  g_assert_cmpint (cost.total_pico_usd, ==, G_MAXINT64);
}

static void
test_price_tables_that_are_wrong (void)
{
  static const struct {
    const char *json, *message;
  } wrong[] = {
    { "[]", "a price table is one JSON object" },
    { "{\"date\": 1}", "field \"date\" must be there, and be text" },
    { "{\"date\": \"2026-09\", \"region\": \"r\", \"request\": \"0.2e-6\"}",
      "field \"request\" is \"0.2e-6\"" },
    { "{\"date\": \"2026-09\", \"region\": \"r\", \"request\": \"0\", \"ephemeralStorage\": {}}",
      "field \"ephemeralStorage.freeMB\" must" },
    { "{", "line 1" },
  };
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (dir, "prices.json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, wrong[i].json, -1, NULL));
      g_assert_null (kelvin_price_table_load (path, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, wrong[i].message));
      g_assert_nonnull (strstr (error->message, path));
    }
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func) g_test_add ("/analysis/cost/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("table-names-its-date", test_table_names_its_date);
  ADD ("one-cold-invoke", test_one_cold_invoke);
  ADD ("time-is-rounded-up-once", test_time_is_rounded_up_once);
  ADD ("price-of-a-millisecond", test_price_of_a_millisecond);
  ADD ("month-with-free-tier", test_month_with_free_tier);
  ADD ("month-with-cold-starts", test_month_with_cold_starts);
  ADD ("month-with-ephemeral-storage", test_month_with_ephemeral_storage);
  ADD ("month-crosses-a-tier", test_month_crosses_a_tier);
  ADD ("month-beyond-all-sums-stays-at-the-limit", test_month_beyond_all_sums_stays_at_the_limit);
#undef ADD
  g_test_add_func ("/analysis/cost/price-tables-that-are-wrong", test_price_tables_that_are_wrong);
  return g_test_run ();
}
