#include "app/session.h"

#include <glib-unix.h>
#include <unistd.h>

#include "app/await.h"
#include "app/exit-status.h"
#include "app/output.h"

struct _KelvinSession {
  KelvinEngine *engine;
  GCancellable *cancellable;
  guint interrupt_source;
  guint terminate_source;
};

static gboolean
stop_cb (gpointer user_data)
{
  KelvinSession *self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable))
    _exit (KELVIN_EXIT_INTERRUPTED); /* the launcher sees it, and ends the sandboxes */
  kelvin_say_remark ("stopping; Ctrl+C once more ends at once");
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_CONTINUE;
}

KelvinSession *
kelvin_session_open (const KelvinCommandLine *line)
{
  KelvinSession *self = g_new0 (KelvinSession, 1);
  const KelvinEngineOptions options = {
    .data_dir = line->data_dir,
    .isolation = line->isolation,
    .payloads = line->no_payloads ? KELVIN_STORE_NO_PAYLOADS : KELVIN_STORE_KEEP_PAYLOADS,
  };

  self->cancellable = g_cancellable_new ();
  self->interrupt_source = g_unix_signal_add (SIGINT, stop_cb, self);
  self->terminate_source = g_unix_signal_add (SIGTERM, stop_cb, self);
  self->engine = kelvin_engine_new (&options);
  return self;
}

KelvinEngine *
kelvin_session_get_engine (KelvinSession *self)
{
  return self->engine;
}

GCancellable *
kelvin_session_get_cancellable (KelvinSession *self)
{
  return self->cancellable;
}

int
kelvin_session_close (KelvinSession *self, int status)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_close_async (self->engine, kelvin_await_cb, &result);
  kelvin_await (&result);
  if (!kelvin_engine_close_finish (self->engine, result, &error) && status < KELVIN_EXIT_BAD_INPUT)
    {
      kelvin_say_error ("%s", error->message);
      status = KELVIN_EXIT_CANNOT;
    }
  g_source_remove (self->interrupt_source);
  g_source_remove (self->terminate_source);
  g_object_unref (self->cancellable);
  g_object_unref (self->engine);
  g_free (self);
  return status;
}
