#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KELVIN_PRICE_ERROR (kelvin_price_error_quark ())
typedef enum {
  KELVIN_PRICE_ERROR_INVALID, /* the message names file, field and what would be right */
} KelvinPriceError;
GQuark kelvin_price_error_quark (void);

/* What the service asks for, in one region at one date. Immutable once loaded; any thread. */
typedef struct _KelvinPriceTable KelvinPriceTable;

/* data/prices.json, or one that a person put in its place (DATA_DIR/prices.json wins). Blocking.
 * Prices are decimal strings, so that they come out as exact integers. */
KelvinPriceTable *kelvin_price_table_load (const char *path, GError **error);
void kelvin_price_table_free (KelvinPriceTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinPriceTable, kelvin_price_table_free)
const char *kelvin_price_table_get_date (KelvinPriceTable *self);   /* "2026-09" */
const char *kelvin_price_table_get_region (KelvinPriceTable *self); /* "us-east-1" */

G_END_DECLS
