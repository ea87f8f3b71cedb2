#include "engine/analysis/money.h"

#define DECIMALS 12
#define PICO_USD_IN_CENT (KELVIN_PICO_USD_IN_USD / 100)

gboolean
kelvin_parse_usd (const char *text, gint64 *out_pico_usd)
{
  gint64 value = 0;
  int decimals = -1; /* before the point */

  if (!g_ascii_isdigit (text[0]))
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '.' && decimals < 0 && g_ascii_isdigit (c[1]))
        {
          decimals = 0;
          continue;
        }
      if (!g_ascii_isdigit (*c) || decimals == DECIMALS || value > G_MAXINT64 / 10 - 1)
        return FALSE;
      value = value * 10 + g_ascii_digit_value (*c);
      if (decimals >= 0)
        decimals++;
    }
  for (int i = MAX (decimals, 0); i < DECIMALS; i++)
    {
      if (value > G_MAXINT64 / 10)
        return FALSE;
      value *= 10;
    }
  *out_pico_usd = value;
  return TRUE;
}

double
kelvin_pico_usd_to_usd (gint64 pico_usd)
{
  return (double) pico_usd / (double) KELVIN_PICO_USD_IN_USD;
}

/* How many decimals show the first two digits that count of an amount below one cent. */
static int
decimals_of_small (guint64 pico_usd)
{
  int decimals = DECIMALS + 1;

  for (guint64 rest = pico_usd; rest > 0; rest /= 10)
    decimals--;
  return MIN (decimals + 1, DECIMALS);
}

char *
kelvin_format_usd (gint64 pico_usd)
{
  const char *sign = pico_usd < 0 ? "-" : "";
  guint64 amount = pico_usd < 0 ? -(guint64) pico_usd : (guint64) pico_usd;

  if (amount == 0)
    return g_strdup ("$0");
  if (amount >= PICO_USD_IN_CENT)
    {
      guint64 cents = (amount + PICO_USD_IN_CENT / 2) / PICO_USD_IN_CENT;
      return g_strdup_printf ("%s$%" G_GUINT64_FORMAT ".%02u", sign, cents / 100,
                              (guint) (cents % 100));
    }

  int decimals = decimals_of_small (amount);
  guint64 unit = 1;
  for (int i = decimals; i < DECIMALS; i++)
    unit *= 10;
  return g_strdup_printf ("%s$0.%0*" G_GUINT64_FORMAT, sign, decimals, (amount + unit / 2) / unit);
}
