#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* When the events of a load are due, and how its callers behave. */

typedef enum {
  KELVIN_PATTERN_STEADY,  /* equal gaps */
  KELVIN_PATTERN_POISSON, /* independent callers: exponential gaps of the same mean */
  KELVIN_PATTERN_BURST,   /* half of the events steadily, half in a hump at a fifth of the time */
  KELVIN_PATTERN_RAMP,    /* from none to twice the rate */
  KELVIN_PATTERN_DAILY,   /* a day's curve in the time given: night, morning, noon, evening */
  KELVIN_PATTERN_TIMES,   /* given one by one */
} KelvinPattern;

/* "steady", "poisson", … */
const char *kelvin_pattern_to_string (KelvinPattern pattern);
gboolean kelvin_pattern_from_string (const char *text, KelvinPattern *out_pattern);
/* For drawing its curve: how many times the mean rate is due at @position (0 the beginning, 1 the
 * end). 1 throughout for `times`. */
double kelvin_pattern_rate_at (KelvinPattern pattern, double position);

typedef enum {
  KELVIN_BACKOFF_NONE,        /* again at once */
  KELVIN_BACKOFF_EXPONENTIAL, /* base × 2ⁿ, at most the cap */
  KELVIN_BACKOFF_FULL_JITTER, /* uniform between 0 and that */
} KelvinBackoff;

/* "none", "exponential", "full-jitter" */
const char *kelvin_backoff_to_string (KelvinBackoff backoff);
gboolean kelvin_backoff_from_string (const char *text, KelvinBackoff *out_backoff);

/* How whoever sends the events takes a failure. All zero: one try, and endless patience. */
typedef struct {
  guint retries; /* further tries after the first; 0 … KELVIN_LOAD_MOST_RETRIES */
  KelvinBackoff backoff;
  gint64 backoff_base_ns; /* 0: KELVIN_BACKOFF_BASE_NS */
  gint64 backoff_cap_ns;  /* 0: KELVIN_BACKOFF_CAP_NS */
  gint64 timeout_ns;      /* of each try; the handler isn't stopped by it. 0: none */
  double retry_budget;    /* further tries at most this share of first tries; 0: no budget */
} KelvinCaller;

#define KELVIN_BACKOFF_BASE_NS (G_GINT64_CONSTANT (100) * 1000000)
#define KELVIN_BACKOFF_CAP_NS (G_GINT64_CONSTANT (20) * 1000000000)

/* How long to wait before try @attempt (2: the first further one) of event @event. The same for the
 * same arguments: no draw depends on the order in which events fail. */
gint64 kelvin_caller_backoff_ns (const KelvinCaller *caller, guint attempt, guint64 seed,
                                 guint64 event);

#define KELVIN_LOAD_MOST_EVENTS 10000000
#define KELVIN_LOAD_MOST_RATE 1000000.0
#define KELVIN_LOAD_MOST_CONCURRENCY 10000
#define KELVIN_LOAD_MOST_RETRIES 1000
#define KELVIN_LOAD_MOST_DURATION_NS (G_GINT64_CONSTANT (86400) * 1000000000)

/* The instants at which events are due, nanoseconds from the beginning, in order: the same for the
 * same arguments. @rate (events a second, the mean over the time) and @duration_ns are within the
 * limits above, and so is their product. (element-type gint64) (transfer full) */
GArray *kelvin_load_plan_new (KelvinPattern pattern, double rate, gint64 duration_ns, guint64 seed);
/* Reads "seconds from the beginning", one a line or the first column of a CSV, whose first line may
 * be a heading; empty lines are left out, times out of order are put in order and counted. NULL
 * with a message that names the line, in G_IO_ERROR, G_IO_ERROR_INVALID_DATA. */
GArray *kelvin_load_plan_read (const char *text, gsize length, gsize *out_out_of_order,
                               GError **error);

G_END_DECLS
