/* How many decisions a second admission and routing make alone: environments without processes, a
 * clock that is moved by hand.
 *
 * Prints lines of NAME VALUE: decisions a second. */
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/quota.h"

#include <sys/resource.h>

#include "tests/unit/fakes/fake-sandbox.h"

#define ENVIRONMENTS 200
#define DECISIONS 500000
#define MB G_GINT64_CONSTANT (1048576)

typedef struct {
  KelvinClock *clock;
  KelvinDispatcher *dispatcher;
  KelvinTarget *target;
  GBytes *event;
} Bench;

static void
moved_cb (const char *run_id, const KelvinTransition *transition, gpointer user_data)
{
}

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
}

static const KelvinCallEvents call_events = { .responded = responded_cb, .settled = settled_cb };

static void
invoke (Bench *bench, int reserved)
{
  const KelvinAdmissionRules rules = { .reserved = reserved };
  KelvinCallRequest request = {
    .target = bench->target, .run_id = "run", .event = bench->event, .rules = &rules
  };

  kelvin_dispatcher_invoke (bench->dispatcher, &request, &call_events, NULL);
}

static void
report (const char *name, guint n, gint64 began_us)
{
  g_print ("%s %.0f\n", name, n / ((double) (g_get_monotonic_time () - began_us) / 1e6));
}

/* The limits alone. */
static void
measure_quota (void)
{
  g_autoptr (KelvinQuota) quota = kelvin_quota_new ();
  KelvinQuotaFunction *function = kelvin_quota_get_function (quota, "/f");
  const KelvinAdmissionRules rules = { .reserved = 900 };
  gint64 began_us = g_get_monotonic_time ();

  for (guint i = 0; i < DECISIONS; i++)
    if (kelvin_quota_take (function, &rules, KELVIN_QUOTA_IDLE_ENVIRONMENT,
                           i * G_GINT64_CONSTANT (1000000)) == KELVIN_THROTTLE_NONE)
      kelvin_quota_give_back (function);
  report ("limits", DECISIONS, began_us);
}

/* Each call from its admission to its record, refused while ENVIRONMENTS are busy. */
static void
measure_refusals (Bench *bench)
{
  gint64 began_us = g_get_monotonic_time ();

  for (guint i = 0; i < DECISIONS; i++)
    {
      invoke (bench, ENVIRONMENTS);
      if (i % 64 == 0)
        kelvin_clock_advance (bench->clock, 1000000);
    }
  report ("refused", DECISIONS, began_us);
}

int
main (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  KelvinPoller *poller = kelvin_poller_new (context);
  Bench bench = { .clock = kelvin_clock_new (NULL, KELVIN_CLOCK_MANUAL),
                  .target = fake_target_new ("one"),
                  .event = g_bytes_new_static ("{}", 2) };
  KelvinEnvironmentHost host = { .poller = poller, .clock = bench.clock };
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  bench.dispatcher = kelvin_dispatcher_new (&host, moved_cb, NULL);
  measure_quota ();
  for (guint i = 0; i < ENVIRONMENTS; i++)
    invoke (&bench, ENVIRONMENTS);
  measure_refusals (&bench);
  return 0; /* all of it ends with the process */
}
