#pragma once

#include "engine/analysis/price-table.h"

G_BEGIN_DECLS

/* A price that holds up to a number of GB-seconds a month. */
typedef struct {
  gint64 up_to_gb_s; /* G_MAXINT64 for the last one */
  gint64 pico_usd_per_gb_s;
} KelvinPriceTier;

typedef struct {
  const char *name;                     /* as in function.json: "x86_64", "arm64" */
  GArray *tiers;                        /* of KelvinPriceTier, the lowest first; at least one */
  gint64 provisioned_pico_usd_per_gb_s; /* of an environment kept ready; -1: it has no price */
} KelvinArchitecturePrices;

#define KELVIN_N_PRICED_ARCHITECTURES 2

struct _KelvinPriceTable {
  char *date;
  char *region;
  gint64 pico_usd_per_request;
  gint64 storage_pico_usd_per_gb_s;
  gint64 free_storage_mb; /* of each function, not of a month */
  gint64 free_requests;   /* a month */
  gint64 free_gb_s;
  KelvinArchitecturePrices architectures[KELVIN_N_PRICED_ARCHITECTURES];
};

/* @architecture NULL, or one that has no price of its own: x86_64. */
const KelvinArchitecturePrices *kelvin_price_table_get_prices (KelvinPriceTable *self,
                                                               const char *architecture);

G_END_DECLS
