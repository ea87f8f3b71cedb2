#include "engine/progress-teller.h"

struct _KelvinProgressTeller {
  GTask *task; /* whose owner owns this */
  KelvinProgressFunc func;
  gpointer user_data;
  GMainContext *caller;
  gint64 told_ns;
};

/* Often enough for a smooth bar; the window draws no faster. */
#define PROGRESS_NS (G_GINT64_CONSTANT (50) * 1000000)

typedef struct {
  KelvinProgressFunc func;
  gpointer user_data;
  GTask *task; /* keeps the caller's data until the last word */
  KelvinProgress progress;
} Telling;

static gboolean
tell_cb (gpointer user_data)
{
  Telling *telling = user_data;

  if (!g_task_get_completed (telling->task))
    telling->func (&telling->progress, telling->user_data);
  return G_SOURCE_REMOVE;
}

static void
telling_free (gpointer user_data)
{
  Telling *telling = user_data;

  g_clear_pointer (&telling->progress.last, kelvin_invocation_unref);
  g_object_unref (telling->task);
  g_free (telling);
}

KelvinProgressTeller *
kelvin_progress_teller_new (GTask *task, KelvinProgressFunc func, gpointer user_data)
{
  KelvinProgressTeller *self = g_new0 (KelvinProgressTeller, 1);

  self->task = task;
  self->func = func;
  self->user_data = user_data;
  self->caller = g_main_context_ref_thread_default ();

  return self;
}

void
kelvin_progress_teller_free (KelvinProgressTeller *self)
{
  g_main_context_unref (self->caller);
  g_free (self);
}

void
kelvin_progress_teller_tell (KelvinProgressTeller *self, gint64 now_ns,
                             const KelvinProgress *progress)
{
  if (self->func == NULL || now_ns - self->told_ns < PROGRESS_NS)
    return;
  self->told_ns = now_ns;

  Telling *telling = g_new0 (Telling, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  telling->func = self->func;
  telling->user_data = self->user_data;
  telling->task = g_object_ref (self->task);
  telling->progress = *progress;
  if (telling->progress.last != NULL)
    kelvin_invocation_ref (telling->progress.last);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, telling, telling_free);
  g_source_attach (source, self->caller);
}
