#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Money is integers of pico-dollars (1e-12 USD): one billed millisecond at 128 MB is 2,083 of them,
 * which nano-dollars can't hold. 64 bits hold nine million dollars; sums beyond are held at that
 * limit. */

#define KELVIN_PICO_USD_IN_USD G_GINT64_CONSTANT (1000000000000)

/* "0.0000166667": digits, at most 12 of them behind the point, no sign. FALSE for anything else. */
gboolean kelvin_parse_usd (const char *text, gint64 *out_pico_usd);
/* Pico-dollars as a decimal number of dollars, for JSON. */
double kelvin_pico_usd_to_usd (gint64 pico_usd);
/* "$0.00000087": as many digits as its first two that count; "$2.73" from one cent on. */
char *kelvin_format_usd (gint64 pico_usd);

G_END_DECLS
