#include "engine/dispatch/quota.h"

/* So many requests a second for each environment of the limit (reference, section 9). */
#define REQUESTS_A_SECOND 10
/* New environments of a function: so many at once, refilled in ten seconds. */
#define SCALING_SIZE 1000.0
#define SCALING_A_SECOND 100.0

/* A token bucket: full at first, refilled continuously, never over its size. */
typedef struct {
  double level;
  gint64 at_ns;
  gboolean begun;
} Bucket;

struct _KelvinQuotaFunction {
  KelvinQuota *quota;
  guint in_use;
  guint in_use_unreserved; /* of those: taken while it had no reservation */
  int reserved;            /* at its last event */
  Bucket requests;
  Bucket scaling;
};

struct _KelvinQuota {
  GHashTable *functions; /* folder → KelvinQuotaFunction */
  guint in_use;
  guint in_use_unreserved; /* by functions without a reservation */
  guint reserved;          /* by all functions together */
};

KelvinQuota *
kelvin_quota_new (void)
{
  KelvinQuota *self = g_new0 (KelvinQuota, 1);

  self->functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

void
kelvin_quota_free (KelvinQuota *self)
{
  g_hash_table_unref (self->functions);
  g_free (self);
}

KelvinQuotaFunction *
kelvin_quota_get_function (KelvinQuota *self, const char *dir)
{
  KelvinQuotaFunction *function = g_hash_table_lookup (self->functions, dir);

  if (function != NULL)
    return function;
  function = g_new0 (KelvinQuotaFunction, 1);
  function->quota = self;
  function->reserved = -1;
  g_hash_table_insert (self->functions, g_strdup (dir), function);

  return function;
}

static void
bucket_fill (Bucket *bucket, double size, double per_s, gint64 now_ns)
{
  double passed_s = (double) (now_ns - bucket->at_ns) / 1e9;

  bucket->level = bucket->begun ? MIN (size, bucket->level + passed_s * per_s) : size;
  bucket->at_ns = now_ns;
  bucket->begun = TRUE;
}

/* The reservation may have been edited since the last event. */
static void
note_reservation (KelvinQuotaFunction *function, int reserved)
{
  KelvinQuota *quota = function->quota;

  if (function->reserved == reserved)
    return;
  quota->reserved += (guint) MAX (reserved, 0);
  quota->reserved -= (guint) MAX (function->reserved, 0);
  function->reserved = reserved;
  function->requests.begun = FALSE;
}

/* What a function without a reservation may use together with its like. */
static guint
unreserved_limit (const KelvinQuota *quota)
{
  guint reserved = MIN (quota->reserved, KELVIN_ACCOUNT_CONCURRENCY - KELVIN_UNRESERVED_MINIMUM);

  return KELVIN_ACCOUNT_CONCURRENCY - reserved;
}

static KelvinThrottle
check_concurrency (const KelvinQuotaFunction *function, const KelvinAdmissionRules *rules)
{
  const KelvinQuota *quota = function->quota;

  if (rules->reserved >= 0 && function->in_use >= (guint) rules->reserved)
    return KELVIN_THROTTLE_RESERVED_CONCURRENCY;
  if (rules->reserved < 0 && quota->in_use_unreserved >= unreserved_limit (quota))
    return KELVIN_THROTTLE_ACCOUNT_CONCURRENCY;
  if (quota->in_use >= KELVIN_ACCOUNT_CONCURRENCY)
    return KELVIN_THROTTLE_ACCOUNT_CONCURRENCY;
  return KELVIN_THROTTLE_NONE;
}

static KelvinThrottle
check_rates (KelvinQuotaFunction *function, const KelvinAdmissionRules *rules, KelvinQuotaNeed need,
             gint64 now_ns)
{
  guint limit = rules->reserved >= 0 ? (guint) rules->reserved : KELVIN_ACCOUNT_CONCURRENCY;
  double a_second = (double) limit * REQUESTS_A_SECOND;

  bucket_fill (&function->requests, a_second, a_second, now_ns);
  bucket_fill (&function->scaling, SCALING_SIZE, SCALING_A_SECOND, now_ns);
  if (function->requests.level < 1.0)
    return rules->reserved >= 0 ? KELVIN_THROTTLE_RESERVED_RATE : KELVIN_THROTTLE_ACCOUNT_RATE;
  if (need == KELVIN_QUOTA_NEW_ENVIRONMENT && function->scaling.level < 1.0)
    return KELVIN_THROTTLE_SCALING_RATE;
  function->requests.level -= 1.0;
  if (need == KELVIN_QUOTA_NEW_ENVIRONMENT)
    function->scaling.level -= 1.0;
  return KELVIN_THROTTLE_NONE;
}

static KelvinThrottle
check (KelvinQuotaFunction *function, const KelvinAdmissionRules *rules, KelvinQuotaNeed need,
       gint64 now_ns)
{
  KelvinThrottle throttle;

  if (rules->admission == KELVIN_ADMISSION_FREE)
    return KELVIN_THROTTLE_NONE;
  throttle = check_concurrency (function, rules);
  if (throttle != KELVIN_THROTTLE_NONE)
    return throttle;
  if (rules->admission == KELVIN_ADMISSION_MACHINE &&
      function->quota->in_use >= rules->machine_concurrency)
    return KELVIN_THROTTLE_MACHINE_CONCURRENCY;
  return check_rates (function, rules, need, now_ns);
}

KelvinThrottle
kelvin_quota_take (KelvinQuotaFunction *function, const KelvinAdmissionRules *rules,
                   KelvinQuotaNeed need, gint64 now_ns)
{
  KelvinThrottle throttle;

  note_reservation (function, rules->reserved);
  throttle = check (function, rules, need, now_ns);
  if (throttle != KELVIN_THROTTLE_NONE)
    return throttle;
  function->in_use++;
  function->quota->in_use++;
  if (rules->reserved >= 0)
    return KELVIN_THROTTLE_NONE;
  function->in_use_unreserved++;
  function->quota->in_use_unreserved++;

  return KELVIN_THROTTLE_NONE;
}

void
kelvin_quota_give_back (KelvinQuotaFunction *function)
{
  g_return_if_fail (function->in_use > 0);

  function->in_use--;
  function->quota->in_use--;
  /* Places of one function are alike: those outside its reservation go first. */
  if (function->in_use_unreserved == 0)
    return;
  function->in_use_unreserved--;
  function->quota->in_use_unreserved--;
}

guint
kelvin_quota_get_in_use (KelvinQuotaFunction *function)
{
  return function->in_use;
}
