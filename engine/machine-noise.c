#include "engine/machine-noise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/model/json-member.h"

/* The order in /proc/stat: user nice system idle iowait irq softirq steal; what follows is in them.
 */
#define N_TICKS 8
#define STEAL 7
#define MOST_STEAL_PERCENT 1
#define LARGEST_THROTTLE_FILE 4096

static void
read_ticks (KelvinMachineNoise *noise)
{
  g_autofree char *text = NULL;
  double ticks[N_TICKS] = { 0 };

  noise->total_ticks = noise->steal_ticks = NAN;
  if (!g_file_get_contents ("/proc/stat", &text, NULL, NULL) ||
      sscanf (text, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &ticks[0], &ticks[1], &ticks[2],
              &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]) != N_TICKS)
    return;
  noise->total_ticks = 0;
  for (gsize i = 0; i < N_TICKS; i++)
    noise->total_ticks += ticks[i];
  noise->steal_ticks = ticks[STEAL];
}

static double
read_load (void)
{
  g_autofree char *text = NULL;

  return g_file_get_contents ("/proc/loadavg", &text, NULL, NULL) ? g_ascii_strtod (text, NULL)
                                                                  : NAN;
}

static double
read_stalled (void)
{
  g_autofree char *text = NULL;
  const char *at = g_file_get_contents ("/proc/pressure/cpu", &text, NULL, NULL)
                       ? strstr (text, "total=")
                       : NULL;

  return at != NULL ? g_ascii_strtod (at + strlen ("total="), NULL) : NAN;
}

static double
read_throttled (void)
{
  double sum = NAN;

  for (guint cpu = 0; cpu < g_get_num_processors (); cpu++)
    {
      g_autofree char *path = g_strdup_printf (
          "/sys/devices/system/cpu/cpu%u/thermal_throttle/core_throttle_count", cpu);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL))
        sum = (isnan (sum) ? 0 : sum) + g_ascii_strtod (text, NULL);
    }
  return sum;
}

KelvinMachineNoise
kelvin_machine_noise_read (gint64 now_us)
{
  KelvinMachineNoise noise = { .at_us = now_us, .load = read_load () };

  read_ticks (&noise);
  noise.stalled_us = read_stalled ();
  noise.throttled = read_throttled ();

  return noise;
}

static JsonNode *
number_node (double value)
{
  JsonNode *node = json_node_alloc ();

  return isfinite (value) ? json_node_init_double (node, value) : json_node_init_null (node);
}

JsonNode *
kelvin_machine_noise_to_json (const KelvinMachineNoise *before, const KelvinMachineNoise *after)
{
  JsonObject *object = json_object_new ();
  double ticks = after->total_ticks - before->total_ticks;
  double steal = ticks > 0 ? (after->steal_ticks - before->steal_ticks) / ticks * 100 : NAN;
  double us = (double) (after->at_us - before->at_us);
  double stalled = us > 0 ? (after->stalled_us - before->stalled_us) / us * 100 : NAN;
  double throttled = after->throttled - before->throttled;
  double load = MAX (before->load, 0); /* the run's own isn't in it yet */
  gboolean quiet = !(steal > MOST_STEAL_PERCENT) && !(throttled > 0) &&
                   !(load > (double) g_get_num_processors ());

  json_object_set_boolean_member (object, "quiet", quiet);
  json_object_set_member (object, "stealPercent", number_node (steal));
  json_object_set_member (object, "loadBefore", number_node (before->load));
  json_object_set_member (object, "stalledPercent", number_node (stalled));
  json_object_set_member (object, "throttled", number_node (throttled));

  return kelvin_json_take_object (object);
}
