#include "engine/load-live.h"

/* Records of one kind in a batch; a frame of 16 ms at 100,000 attempts a second has 1,600. */
#define MOST_IN_BATCH 16384

typedef struct {
  GArray *attempts;
  GArray *transitions;
  GArray *due;
  GArray *doors;
  guint64 dropped;
} Records;

struct _KelvinLoadLive {
  KelvinLoadFunc func; /* NULL: nobody looks */
  gpointer user_data;
  GTask *task; /* not owned: whose data this is part of */
  GMainContext *caller;
  Records records;
  int *under_way; /* batches that the caller has before it; shared with them, counted */
};

typedef struct {
  KelvinLoadFunc func;
  gpointer user_data;
  GTask *task; /* keeps the caller's data until the last word */
  int *under_way;
  Records records;
  char *run_id;
  KelvinLoadBatch batch;
} Telling;

static void
records_init (Records *records)
{
  records->attempts = g_array_new (FALSE, FALSE, sizeof (KelvinLoadAttempt));
  records->transitions = g_array_new (FALSE, FALSE, sizeof (KelvinLoadTransition));
  records->due = g_array_new (FALSE, FALSE, sizeof (gint64));
  records->doors = g_array_new (FALSE, FALSE, sizeof (KelvinLoadDoor));
  records->dropped = 0;
}

static void
records_clear (Records *records)
{
  g_array_unref (records->attempts);
  g_array_unref (records->transitions);
  g_array_unref (records->due);
  g_array_unref (records->doors);
}

KelvinLoadLive *
kelvin_load_live_new (GTask *task, KelvinLoadFunc func, gpointer user_data)
{
  KelvinLoadLive *self = g_new0 (KelvinLoadLive, 1);

  self->func = func;
  self->user_data = user_data;
  self->task = task;
  self->caller = g_main_context_ref_thread_default ();
  self->under_way = g_atomic_rc_box_new0 (int);
  records_init (&self->records);

  return self;
}

void
kelvin_load_live_free (KelvinLoadLive *self)
{
  records_clear (&self->records);
  g_main_context_unref (self->caller);
  g_atomic_rc_box_release (self->under_way);
  g_free (self);
}

gboolean
kelvin_load_live_is_watched (const KelvinLoadLive *self)
{
  return self->func != NULL;
}

static void
add (KelvinLoadLive *self, GArray *records, gconstpointer record)
{
  if (self->func == NULL)
    return;
  if (records->len < MOST_IN_BATCH)
    g_array_append_vals (records, record, 1);
  else
    self->records.dropped++;
}

void
kelvin_load_live_add_attempt (KelvinLoadLive *self, const KelvinLoadAttempt *attempt)
{
  add (self, self->records.attempts, attempt);
}

void
kelvin_load_live_add_transition (KelvinLoadLive *self, const KelvinLoadTransition *transition)
{
  add (self, self->records.transitions, transition);
}

void
kelvin_load_live_add_due (KelvinLoadLive *self, gint64 due_ns)
{
  add (self, self->records.due, &due_ns);
}

void
kelvin_load_live_add_door (KelvinLoadLive *self, const KelvinLoadDoor *door)
{
  add (self, self->records.doors, door);
}

static gboolean
tell_cb (gpointer user_data)
{
  Telling *telling = user_data;

  if (!g_task_get_completed (telling->task))
    telling->func (&telling->batch, telling->user_data);
  return G_SOURCE_REMOVE;
}

static void
telling_free (gpointer user_data)
{
  Telling *telling = user_data;

  g_atomic_int_dec_and_test (telling->under_way);
  g_atomic_rc_box_release (telling->under_way);
  records_clear (&telling->records);
  g_free (telling->run_id);
  g_object_unref (telling->task);
  g_free (telling);
}

static void
fill_batch (Telling *telling)
{
  KelvinLoadBatch *batch = &telling->batch;
  Records *records = &telling->records;

  batch->attempts = (const KelvinLoadAttempt *) (void *) records->attempts->data;
  batch->n_attempts = records->attempts->len;
  batch->transitions = (const KelvinLoadTransition *) (void *) records->transitions->data;
  batch->n_transitions = records->transitions->len;
  batch->due_ns = (const gint64 *) (void *) records->due->data;
  batch->n_due = records->due->len;
  batch->doors = (const KelvinLoadDoor *) (void *) records->doors->data;
  batch->n_doors = records->doors->len;
  batch->dropped = records->dropped;
}

void
kelvin_load_live_tell (KelvinLoadLive *self, const char *run_id, gint64 now_ns, gint64 planned_ns,
                       const KelvinLoadCounts *counts, KelvinLoadLiveEnd end)
{
  g_autoptr (GSource) source = NULL;
  Telling *telling;

  if (self->func == NULL)
    return;
  if (end == KELVIN_LOAD_LIVE_MORE && g_atomic_int_get (self->under_way) > 0)
    return;
  telling = g_new0 (Telling, 1);
  telling->func = self->func;
  telling->user_data = self->user_data;
  telling->task = g_object_ref (self->task);
  telling->under_way = g_atomic_rc_box_acquire (self->under_way);
  telling->records = self->records;
  telling->run_id = g_strdup (run_id);
  telling->batch.run_id = telling->run_id;
  telling->batch.now_ns = now_ns;
  telling->batch.planned_ns = planned_ns;
  telling->batch.counts = *counts;
  fill_batch (telling);
  records_init (&self->records);
  g_atomic_int_inc (self->under_way);

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, telling, telling_free);
  g_source_attach (source, self->caller);
}
