#include "engine/environment/usage-account.h"

void
kelvin_usage_account_init (KelvinUsageAccount *self)
{
  *self = (KelvinUsageAccount){ .attempt_peak_bytes = -1, .peak_bytes = -1 };
}

void
kelvin_usage_account_begin_attempt (KelvinUsageAccount *self)
{
  self->attempt_peak_bytes = self->memory_before_bytes;
}

void
kelvin_usage_account_take (KelvinUsageAccount *self, const KelvinUsage *usage,
                           KelvinDelivery *delivery)
{
  self->answered++;
  self->peak_bytes = MAX (self->peak_bytes, usage->memory_peak_bytes);
  if (delivery == NULL)
    {
      kelvin_usage_account_close (self, usage);
      return;
    }

  self->attempt_peak_bytes = MAX (self->attempt_peak_bytes, usage->memory_peak_bytes);
  delivery->cpu_us = usage->cpu_us - self->cpu_before_us;
  if (usage->throttled_us >= 0)
    delivery->throttled_us = usage->throttled_us - self->throttled_before_us;
  delivery->cgroup_peak_bytes = MAX (delivery->cgroup_peak_bytes, usage->cgroup_peak_bytes);
  if (self->answered == self->init)
    delivery->init_memory_peak_bytes = self->attempt_peak_bytes;
}

gboolean
kelvin_usage_account_is_complete (const KelvinUsageAccount *self)
{
  return self->answered >= self->asked;
}

void
kelvin_usage_account_close (KelvinUsageAccount *self, const KelvinUsage *usage)
{
  self->cpu_before_us = usage->cpu_us;
  self->throttled_before_us = MAX (usage->throttled_us, self->throttled_before_us);
  self->memory_before_bytes = usage->memory_bytes;
}
