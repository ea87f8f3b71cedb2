#include "config.h"

#include "ui/environment-words.h"

#include <glib/gi18n-lib.h>

#include "engine/model/run.h"
#include "ui/charts/duration.h"

#define MB (1024.0 * 1024)
/* Of memory that a whole core comes with (reference, section 4.4). */
#define MB_OF_A_CORE 1769.0

static char *
dup_not_measured (void)
{
  return g_strdup (_ ("not measured"));
}

char *
kelvin_describe_memory_use (const KelvinInvocation *invocation)
{
  if (invocation->memory_peak_bytes < 0)
    return dup_not_measured ();

  /* Translators: megabytes used, and those that may be */
  return g_strdup_printf (_ ("%.1f of %u MB"), invocation->memory_peak_bytes / MB,
                          invocation->memory_size_mb);
}

static double
get_share (const KelvinInvocation *invocation)
{
  return invocation->memory_size_mb / MB_OF_A_CORE;
}

/* Init isn't held to the share, so what was used in it says nothing about it. */
char *
kelvin_describe_cpu_use (const KelvinInvocation *invocation)
{
  if (invocation->cpu_us < 0)
    return dup_not_measured ();

  g_autofree char *time = kelvin_format_duration (kelvin_us_to_ms (invocation->cpu_us));
  double share_us = invocation->duration_us * get_share (invocation);
  if (invocation->start != KELVIN_START_WARM || share_us <= 0)
    return g_steal_pointer (&time);

  /* Translators: processor time, and how much of the share that is */
  return g_strdup_printf (_ ("%s, %.0f %% of its share"), time,
                          100 * invocation->cpu_us / share_us);
}

char *
kelvin_describe_cpu_share (const KelvinInvocation *invocation)
{
  /* Translators: cores, and the memory size that they follow from */
  return g_strdup_printf (_ ("the handler’s share is %.3g cores: %u ÷ 1,769 MB"),
                          get_share (invocation), invocation->memory_size_mb);
}

char *
kelvin_describe_temporary_use (const KelvinInvocation *invocation)
{
  if (invocation->temporary_peak_bytes < 0)
    return dup_not_measured ();

  double used_mb = invocation->temporary_peak_bytes / MB;
  if (invocation->temporary_size_mb == 0)
    /* Translators: megabytes */
    return g_strdup_printf (_ ("%.2f MB"), used_mb);

  /* Translators: megabytes used, and those that may be */
  return g_strdup_printf (_ ("%.2f of %u MB"), used_mb, invocation->temporary_size_mb);
}

char *
kelvin_describe_throttled (const KelvinInvocation *invocation)
{
  if (invocation->throttled_us < 0)
    return dup_not_measured ();

  return kelvin_format_duration (kelvin_us_to_ms (invocation->throttled_us));
}

const char *
kelvin_describe_state (KelvinState state)
{
  switch (state)
    {
    case KELVIN_STATE_PARKED:
      return _ ("parked");
    case KELVIN_STATE_STARTING:
      return _ ("starting");
    case KELVIN_STATE_INITIALISING:
      return _ ("initialising");
    case KELVIN_STATE_IDLE:
      return _ ("idle, frozen");
    case KELVIN_STATE_BUSY:
      return _ ("busy");
    case KELVIN_STATE_STOPPING:
      return _ ("stopping");
    case KELVIN_STATE_DEAD:
      return _ ("dead");
    default:
      return "";
    }
}
