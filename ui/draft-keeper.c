#include "config.h"

#include "ui/draft-keeper.h"

#define PAUSE_MS 500

struct _KelvinDraftKeeper {
  char *drafts_dir;
  char *path;
  KelvinDraftFunc create; /* NULL: ended */
  gpointer data;
  guint timeout_id;
  gboolean busy;
  gboolean again; /* touched while an operation was under way */
};

typedef struct {
  char *drafts_dir;
  char *path;
  KelvinDraft *draft; /* NULL: remove it */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->drafts_dir);
  g_free (job->path);
  g_clear_pointer (&job->draft, kelvin_draft_free);
  g_free (job);
}

static void
keeper_free (KelvinDraftKeeper *self)
{
  g_free (self->drafts_dir);
  g_free (self->path);
  g_free (self);
}

static void
keep_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  GError *error = NULL;

  if (job->draft == NULL)
    kelvin_draft_remove (job->drafts_dir, job->path);
  else if (!kelvin_draft_write (job->draft, job->drafts_dir, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KelvinDraftKeeper *self = data;
  GApplication *application = g_application_get_default ();
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_warning ("%s", error->message);

  self->busy = FALSE;
  if (self->create == NULL)
    keeper_free (self);
  else if (self->again)
    kelvin_draft_keeper_touch (self);
  if (application != NULL)
    g_application_release (application);
}

static void
keep (KelvinDraftKeeper *self)
{
  GApplication *application = g_application_get_default ();

  self->again = self->busy;
  if (self->busy)
    return;

  Job *job = g_new0 (Job, 1);
  job->drafts_dir = g_strdup (self->drafts_dir);
  job->path = g_strdup (self->path);
  job->draft = self->create (self->data);

  g_autoptr (GTask) task = g_task_new (NULL, NULL, kept_cb, self);
  g_task_set_source_tag (task, keep);
  g_task_set_task_data (task, job, job_free);
  if (application != NULL)
    g_application_hold (application);
  self->busy = TRUE;
  g_task_run_in_thread (task, keep_in_thread);
}

static gboolean
timeout_cb (gpointer data)
{
  KelvinDraftKeeper *self = data;

  self->timeout_id = 0;
  keep (self);
  return G_SOURCE_REMOVE;
}

KelvinDraftKeeper *
kelvin_draft_keeper_new (const char *drafts_dir, const char *path, KelvinDraftFunc create,
                         gpointer data)
{
  KelvinDraftKeeper *self = g_new0 (KelvinDraftKeeper, 1);

  self->drafts_dir = g_strdup (drafts_dir);
  self->path = g_strdup (path);
  self->create = create;
  self->data = data;
  return self;
}

void
kelvin_draft_keeper_end (KelvinDraftKeeper *self)
{
  if (self->timeout_id != 0)
    {
      g_clear_handle_id (&self->timeout_id, g_source_remove);
      keep (self);
    }

  self->create = NULL;
  if (!self->busy)
    keeper_free (self);
}

/* Not put off by each key: who types without a pause has a draft too. */
void
kelvin_draft_keeper_touch (KelvinDraftKeeper *self)
{
  if (self->timeout_id == 0)
    self->timeout_id = g_timeout_add (PAUSE_MS, timeout_cb, self);
}
