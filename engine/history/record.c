#include "engine/history/record.h"

#include <string.h>

#include "engine/history/task-release.h"

static KelvinRecord *
record_new (KelvinRecordKind kind)
{
  KelvinRecord *self = g_new0 (KelvinRecord, 1);

  self->kind = kind;
  return self;
}

KelvinRecord *
kelvin_record_new_run (const KelvinRun *run)
{
  KelvinRecord *self = record_new (KELVIN_RECORD_RUN);

  self->run = kelvin_run_copy (run);
  return self;
}

KelvinRecord *
kelvin_record_new_invocation (KelvinInvocation *invocation)
{
  KelvinRecord *self = record_new (KELVIN_RECORD_INVOCATION);

  self->invocation = kelvin_invocation_ref (invocation);
  return self;
}

KelvinRecord *
kelvin_record_new_transitions (const char *run_id, const KelvinTransition *transitions, gsize n)
{
  KelvinRecord *self = record_new (KELVIN_RECORD_TRANSITIONS);

  self->run_id = g_strdup (run_id);
  self->transitions = g_memdup2 (transitions, n * sizeof *transitions);
  self->n_transitions = n;
  return self;
}

KelvinRecord *
kelvin_record_new_flush (GTask *task)
{
  KelvinRecord *self = record_new (KELVIN_RECORD_FLUSH);

  self->flush = g_object_ref (task);
  return self;
}

void
kelvin_record_free (KelvinRecord *self)
{
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_clear_pointer (&self->invocation, kelvin_invocation_unref);
  g_clear_pointer (&self->flush, kelvin_task_release);
  g_free (self->run_id);
  g_free (self->transitions);
  g_free (self);
}

static gsize
get_invocation_bytes (const KelvinInvocation *invocation)
{
  gsize bytes = sizeof *invocation;

  if (invocation->event != NULL)
    bytes += g_bytes_get_size (invocation->event);
  if (invocation->payload != NULL)
    bytes += g_bytes_get_size (invocation->payload);
  if (invocation->log != NULL)
    bytes += strlen (invocation->log);
  if (invocation->connections != NULL)
    bytes += invocation->connections->len * sizeof (KelvinDoorRecord);
  return bytes;
}

gsize
kelvin_record_get_bytes (const KelvinRecord *self)
{
  gsize bytes = sizeof *self + self->n_transitions * sizeof *self->transitions;

  if (self->invocation != NULL)
    bytes += get_invocation_bytes (self->invocation);
  if (self->run != NULL && self->run->details_json != NULL)
    bytes += strlen (self->run->details_json);
  return bytes;
}
