/* Limits of account and functions, by times that are given. */

#include "engine/dispatch/quota.h"

#define SECOND G_GINT64_CONSTANT (1000000000)

static const KelvinAdmissionRules plain = { .reserved = -1 };

typedef struct {
  KelvinQuota *quota;
  KelvinQuotaFunction *function;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->quota = kelvin_quota_new ();
  f->function = kelvin_quota_get_function (f->quota, "/f");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_quota_free (f->quota);
}

static KelvinThrottle
take (KelvinQuotaFunction *function, const KelvinAdmissionRules *rules, gint64 at_ns)
{
  return kelvin_quota_take (function, rules, KELVIN_QUOTA_IDLE_ENVIRONMENT, at_ns);
}

/* How many of @n events at one instant are let in, each over before the next. */
static guint
let_in (Fixture *f, const KelvinAdmissionRules *rules, KelvinQuotaNeed need, guint n, gint64 at_ns)
{
  guint passed = 0;

  for (guint i = 0; i < n; i++)
    if (kelvin_quota_take (f->function, rules, need, at_ns) == KELVIN_THROTTLE_NONE)
      {
        kelvin_quota_give_back (f->function);
        passed++;
      }
  return passed;
}

static void
test_reserved_zero_throttles_all (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules none = { .reserved = 0 };

  g_assert_cmpint (take (f->function, &none, 0), ==, KELVIN_THROTTLE_RESERVED_CONCURRENCY);
}

static void
test_reservation_is_taken_from_the_others (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules reserved = { .reserved = 900 };
  KelvinQuotaFunction *other = kelvin_quota_get_function (f->quota, "/other");

  g_assert_cmpint (take (f->function, &reserved, 0), ==, KELVIN_THROTTLE_NONE);
  for (guint i = 0; i < KELVIN_UNRESERVED_MINIMUM; i++)
    g_assert_cmpint (take (other, &plain, 0), ==, KELVIN_THROTTLE_NONE);
  g_assert_cmpint (take (other, &plain, 0), ==, KELVIN_THROTTLE_ACCOUNT_CONCURRENCY);
  g_assert_cmpint (take (f->function, &reserved, 0), ==, KELVIN_THROTTLE_NONE);
}

static void
test_requests_are_ten_a_second_and_environment (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules two = { .reserved = 2 };

  g_assert_cmpuint (let_in (f, &two, KELVIN_QUOTA_IDLE_ENVIRONMENT, 50, 0), ==, 20);
  g_assert_cmpint (take (f->function, &two, 0), ==, KELVIN_THROTTLE_RESERVED_RATE);
  g_assert_cmpuint (let_in (f, &two, KELVIN_QUOTA_IDLE_ENVIRONMENT, 50, SECOND / 2), ==, 10);
  g_assert_cmpuint (let_in (f, &two, KELVIN_QUOTA_IDLE_ENVIRONMENT, 50, 100 * SECOND), ==, 20);
}

static void
test_accounts_requests_have_a_rate_too (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (let_in (f, &plain, KELVIN_QUOTA_IDLE_ENVIRONMENT, 10001, 0), ==, 10000);
  g_assert_cmpint (take (f->function, &plain, 0), ==, KELVIN_THROTTLE_ACCOUNT_RATE);
}

static void
test_environments_scale_by_a_thousand_in_ten_seconds (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (let_in (f, &plain, KELVIN_QUOTA_NEW_ENVIRONMENT, 1500, 0), ==, 1000);
  g_assert_cmpint (kelvin_quota_take (f->function, &plain, KELVIN_QUOTA_NEW_ENVIRONMENT, 0), ==,
                   KELVIN_THROTTLE_SCALING_RATE);
  g_assert_cmpint (take (f->function, &plain, 0), ==, KELVIN_THROTTLE_NONE);
  kelvin_quota_give_back (f->function);
  g_assert_cmpuint (let_in (f, &plain, KELVIN_QUOTA_NEW_ENVIRONMENT, 1500, SECOND), ==, 100);
}

static void
test_machine_has_a_limit_of_its_own (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules machine = { .admission = KELVIN_ADMISSION_MACHINE,
                                         .reserved = -1,
                                         .machine_concurrency = 1 };

  g_assert_cmpint (take (f->function, &machine, 0), ==, KELVIN_THROTTLE_NONE);
  g_assert_cmpint (take (f->function, &machine, 0), ==, KELVIN_THROTTLE_MACHINE_CONCURRENCY);
}

static void
test_free_has_no_limit (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules free_of_all = { .admission = KELVIN_ADMISSION_FREE, .reserved = 0 };

  for (guint i = 0; i < 2 * KELVIN_ACCOUNT_CONCURRENCY; i++)
    g_assert_cmpint (take (f->function, &free_of_all, 0), ==, KELVIN_THROTTLE_NONE);
}

/* An edit of function.json while events are under way. */
static void
test_reservation_may_change_while_in_use (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules one = { .reserved = 1 };
  KelvinQuotaFunction *other = kelvin_quota_get_function (f->quota, "/other");

  for (guint i = 0; i < 500; i++)
    g_assert_cmpint (take (f->function, &plain, 0), ==, KELVIN_THROTTLE_NONE);
  g_assert_cmpint (take (f->function, &one, 0), ==, KELVIN_THROTTLE_RESERVED_CONCURRENCY);
  for (guint i = 0; i < 500; i++)
    kelvin_quota_give_back (f->function);
  g_assert_cmpint (take (f->function, &one, 0), ==, KELVIN_THROTTLE_NONE);
  kelvin_quota_give_back (f->function);
  g_assert_cmpuint (kelvin_quota_get_in_use (f->function), ==, 0);
  for (guint i = 0; i < 999; i++)
    g_assert_cmpint (take (other, &plain, 0), ==, KELVIN_THROTTLE_NONE);
  g_assert_cmpint (take (other, &plain, 0), ==, KELVIN_THROTTLE_ACCOUNT_CONCURRENCY);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/quota/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("reserved-zero-throttles-all", test_reserved_zero_throttles_all);
  ADD ("reservation-is-taken-from-the-others", test_reservation_is_taken_from_the_others);
  ADD ("requests-are-ten-a-second-and-environment", test_requests_are_ten_a_second_and_environment);
  ADD ("accounts-requests-have-a-rate-too", test_accounts_requests_have_a_rate_too);
  ADD ("environments-scale-by-a-thousand-in-ten-seconds",
       test_environments_scale_by_a_thousand_in_ten_seconds);
  ADD ("machine-has-a-limit-of-its-own", test_machine_has_a_limit_of_its_own);
  ADD ("free-has-no-limit", test_free_has_no_limit);
  ADD ("reservation-may-change-while-in-use", test_reservation_may_change_while_in_use);
#undef ADD
  return g_test_run ();
}
