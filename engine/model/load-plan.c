#include "engine/model/load-plan.h"

#include <math.h>
#include <string.h>

static const char *const pattern_words[] = {
  [KELVIN_PATTERN_STEADY] = "steady", [KELVIN_PATTERN_POISSON] = "poisson",
  [KELVIN_PATTERN_BURST] = "burst",   [KELVIN_PATTERN_RAMP] = "ramp",
  [KELVIN_PATTERN_DAILY] = "daily",   [KELVIN_PATTERN_TIMES] = "times",
};

static const char *const backoff_words[] = {
  [KELVIN_BACKOFF_NONE] = "none",
  [KELVIN_BACKOFF_EXPONENTIAL] = "exponential",
  [KELVIN_BACKOFF_FULL_JITTER] = "full-jitter",
};

/* The hump of a burst, in parts of the time. */
#define HUMP_AT 0.2
#define HUMP_WIDTH 0.05

/* Quantiles are read from the integral of a curve over this many slices. */
#define SLICES 4096

static gboolean
find_word (const char *const *words, guint n, const char *text, guint *out_index)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (words[i], text) == 0)
      {
        *out_index = i;
        return TRUE;
      }
  return FALSE;
}

const char *
kelvin_pattern_to_string (KelvinPattern pattern)
{
  return pattern_words[pattern];
}

gboolean
kelvin_pattern_from_string (const char *text, KelvinPattern *out_pattern)
{
  guint index;

  if (!find_word (pattern_words, G_N_ELEMENTS (pattern_words), text, &index))
    return FALSE;
  *out_pattern = index;
  return TRUE;
}

const char *
kelvin_backoff_to_string (KelvinBackoff backoff)
{
  return backoff_words[backoff];
}

gboolean
kelvin_backoff_from_string (const char *text, KelvinBackoff *out_backoff)
{
  guint index;

  if (!find_word (backoff_words, G_N_ELEMENTS (backoff_words), text, &index))
    return FALSE;
  *out_backoff = index;
  return TRUE;
}

static double
hump (double position)
{
  double distance = (position - HUMP_AT) / HUMP_WIDTH;

  return exp (-distance * distance / 2.0) / (HUMP_WIDTH * sqrt (2.0 * G_PI));
}

/* A day from midnight: little before dawn, a summit before noon, another in the evening. */
static double
day (double position)
{
  double hour = position * 24.0;
  double morning = exp (-pow ((hour - 11.0) / 3.0, 2.0) / 2.0);
  double evening = exp (-pow ((hour - 20.0) / 2.0, 2.0) / 2.0);

  /* The mean of the sum over a day is this divisor. */
  return (0.15 + morning + 0.8 * evening) / 0.627;
}

double
kelvin_pattern_rate_at (KelvinPattern pattern, double position)
{
  switch (pattern)
    {
    case KELVIN_PATTERN_BURST:
      return 0.5 + 0.5 * hump (position);
    case KELVIN_PATTERN_RAMP:
      return 2.0 * position;
    case KELVIN_PATTERN_DAILY:
      return day (position);
    case KELVIN_PATTERN_STEADY:
    case KELVIN_PATTERN_POISSON:
    case KELVIN_PATTERN_TIMES:
    default:
      return 1.0;
    }
}

static GArray *
new_plan (double expected)
{
  return g_array_sized_new (FALSE, FALSE, sizeof (gint64), (guint) MIN (expected, 1e6) + 1);
}

static void
add_time (GArray *plan, double at_ns)
{
  gint64 at = (gint64) at_ns;

  g_array_append_val (plan, at);
}

static GArray *
plan_steady (double n, gint64 duration_ns)
{
  GArray *plan = new_plan (n);

  for (guint64 i = 0; (double) i < n; i++)
    add_time (plan, (double) i / n * (double) duration_ns);
  return plan;
}

static GArray *
plan_poisson (double rate, gint64 duration_ns, guint64 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) (seed ^ (seed >> 32)));
  GArray *plan = new_plan (rate * (double) duration_ns / 1e9);
  double at_ns = 0.0;

  while (plan->len < KELVIN_LOAD_MOST_EVENTS)
    {
      at_ns -= log (1.0 - g_rand_double (random)) / rate * 1e9;
      if (at_ns >= (double) duration_ns)
        break;
      add_time (plan, at_ns);
    }
  return plan;
}

static void
integrate (KelvinPattern pattern, double *sums)
{
  sums[0] = 0.0;
  for (guint i = 0; i < SLICES; i++)
    sums[i + 1] = sums[i] + kelvin_pattern_rate_at (pattern, (i + 0.5) / SLICES);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/* Stratified: one event in each of n equal parts of the curve's area, placed in it by the seed. So
 * the number is exact and the shape holds for few events too. */
static GArray *
plan_curve (KelvinPattern pattern, double n, gint64 duration_ns, guint64 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) (seed ^ (seed >> 32)));
  g_autofree double *sums = g_new (double, SLICES + 1);
  GArray *plan = new_plan (n);
  guint slice = 0;

  integrate (pattern, sums);
  for (guint64 i = 0; (double) i < n; i++)
    {
      double area = MIN (((double) i + g_rand_double (random)) / n, 1.0) * sums[SLICES];

      while (slice < SLICES - 1 && sums[slice + 1] < area)
        slice++;
      add_time (plan, (slice + (area - sums[slice]) / MAX (sums[slice + 1] - sums[slice], 1e-12)) /
                          SLICES * (double) (duration_ns - 1));
    }
  g_array_sort (plan, compare_times);
  return plan;
}

GArray *
kelvin_load_plan_new (KelvinPattern pattern, double rate, gint64 duration_ns, guint64 seed)
{
  double n = MAX (round (rate * (double) duration_ns / 1e9), 1.0);

  g_return_val_if_fail (rate > 0.0 && duration_ns > 0, NULL);
  g_return_val_if_fail (n <= KELVIN_LOAD_MOST_EVENTS, NULL);

  switch (pattern)
    {
    case KELVIN_PATTERN_POISSON:
      return plan_poisson (rate, duration_ns, seed);
    case KELVIN_PATTERN_BURST:
    case KELVIN_PATTERN_RAMP:
    case KELVIN_PATTERN_DAILY:
      return plan_curve (pattern, n, duration_ns, seed);
    case KELVIN_PATTERN_STEADY:
    case KELVIN_PATTERN_TIMES:
    default:
      return plan_steady (n, duration_ns);
    }
}

/* --- times one by one --- */

typedef enum {
  LINE_TIME,
  LINE_EMPTY,
  LINE_HEADING, /* no number at all: allowed as the first line */
  LINE_WRONG,
} LineKind;

/* @line ends with NUL. The first column alone is read. */
static LineKind
read_line (char *line, double *out_s)
{
  char *comma = strchr (line, ',');
  char *end = NULL;

  if (comma == NULL && g_strstrip (line)[0] == '\0')
    return LINE_EMPTY;
  if (comma != NULL)
    *comma = '\0';
  g_strstrip (line);
  *out_s = g_ascii_strtod (line, &end);
  if (end == line)
    return line[0] == '\0' ? LINE_WRONG : LINE_HEADING;
  if (*end != '\0' || !isfinite (*out_s) || *out_s < 0.0 ||
      *out_s * 1e9 > (double) KELVIN_LOAD_MOST_DURATION_NS)
    return LINE_WRONG;
  return LINE_TIME;
}

static gboolean
add_line (GArray *plan, char *line, guint64 number, gsize *out_of_order, GError **error)
{
  g_autofree char *copy = g_strndup (line, 40);
  double s = 0.0;
  LineKind kind = read_line (line, &s);
  gint64 at = (gint64) (s * 1e9);

  if (kind == LINE_EMPTY || (kind == LINE_HEADING && number == 1))
    return TRUE;
  if (kind != LINE_TIME)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "line %" G_GUINT64_FORMAT " is “%s”; right is a number of seconds from the "
                   "beginning, 0 to 86400, such as 1.25",
                   number, copy);
      return FALSE;
    }
  if (plan->len >= KELVIN_LOAD_MOST_EVENTS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "line %" G_GUINT64_FORMAT " is one too many: at most %d times can be given",
                   number, KELVIN_LOAD_MOST_EVENTS);
      return FALSE;
    }
  if (plan->len > 0 && at < g_array_index (plan, gint64, plan->len - 1))
    (*out_of_order)++;
  g_array_append_val (plan, at);
  return TRUE;
}

GArray *
kelvin_load_plan_read (const char *text, gsize length, gsize *out_out_of_order, GError **error)
{
  g_autoptr (GArray) plan = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *copy = g_strndup (text, length);
  gsize out_of_order = 0;
  guint64 number = 1;
  char *line = copy;

  while (line != NULL)
    {
      char *end = strchr (line, '\n');

      if (end != NULL)
        *end++ = '\0';
      if (!add_line (plan, line, number++, &out_of_order, error))
        return NULL;
      line = end;
    }
  if (plan->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "there is no time in it; right is a number of seconds a line");
      return NULL;
    }
  if (out_of_order > 0)
    g_array_sort (plan, compare_times);
  *out_out_of_order = out_of_order;
  return g_steal_pointer (&plan);
}

/* --- callers --- */

/* The finalizer of SplitMix64 (Steele, Lea and Flood 2014): a draw that is a function of where it
 * is made, so that no order of events changes it. */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

gint64
kelvin_caller_backoff_ns (const KelvinCaller *caller, guint attempt, guint64 seed, guint64 event)
{
  gint64 base_ns = caller->backoff_base_ns > 0 ? caller->backoff_base_ns : KELVIN_BACKOFF_BASE_NS;
  gint64 cap_ns = caller->backoff_cap_ns > 0 ? caller->backoff_cap_ns : KELVIN_BACKOFF_CAP_NS;
  double wait_ns = MIN ((double) base_ns * exp2 ((double) attempt - 2.0), (double) cap_ns);

  g_return_val_if_fail (attempt >= 2, 0);

  if (caller->backoff == KELVIN_BACKOFF_NONE)
    return 0;
  if (caller->backoff == KELVIN_BACKOFF_FULL_JITTER)
    wait_ns *= (double) (mix (mix (mix (seed) ^ event) ^ attempt) >> 11) * 0x1p-53;
  return (gint64) wait_ns;
}
