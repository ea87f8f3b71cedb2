#include "engine/model/name-suggestion.h"

#include <string.h>

#define LONGEST_NAME 64
#define FARTHEST 2

/* Optimal string alignment distance (Damerau 1964, with Wagner and Fischer's table). */
static guint
distance (const char *a, gsize a_length, const char *b, gsize b_length)
{
  guint table[LONGEST_NAME + 1][LONGEST_NAME + 1];

  for (gsize i = 0; i <= a_length; i++)
    table[i][0] = (guint) i;
  for (gsize j = 0; j <= b_length; j++)
    table[0][j] = (guint) j;

  for (gsize i = 1; i <= a_length; i++)
    for (gsize j = 1; j <= b_length; j++)
      {
        guint change = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
        guint best = MIN (change, MIN (table[i - 1][j], table[i][j - 1]) + 1);

        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          best = MIN (best, table[i - 2][j - 2] + 1);
        table[i][j] = best;
      }

  return table[a_length][b_length];
}

const char *
kelvin_name_suggestion (const char *name, const char *const *candidates)
{
  g_autofree char *low_name = g_ascii_strdown (name, -1);
  gsize name_length = strlen (name);
  const char *best = NULL;
  guint best_distance = FARTHEST + 1;

  if (name_length > LONGEST_NAME)
    return NULL;

  for (gsize i = 0; candidates[i] != NULL; i++)
    {
      g_autofree char *low_candidate = g_ascii_strdown (candidates[i], -1);
      gsize candidate_length = strlen (candidates[i]);

      if (candidate_length > LONGEST_NAME)
        continue;
      guint d = distance (low_name, name_length, low_candidate, candidate_length);
      /* of a short name, two letters are too much of it */
      if (d < best_distance && d * 3 <= candidate_length)
        {
          best = candidates[i];
          best_distance = d;
        }
    }

  return best;
}
