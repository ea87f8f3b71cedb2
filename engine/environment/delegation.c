#include "engine/environment/delegation.h"

#include <string.h>

#define NAME "org.freedesktop.systemd1"
#define PATH "/org/freedesktop/systemd1"
#define MANAGER NAME ".Manager"

/* The data of the task, which every step refers to. */
typedef struct {
  GPid pid;
  GDBusConnection *bus;
  guint job_removed; /* the subscription; 0: none yet */
  char *job;         /* nullable: its path, once it is known */
  char *finished_job;
  char *finished_result; /* of a job that ended before its path was known */
  GCancellable *cancellable;
  GSource *limit;  /* NULL: it has ended */
  GSource *cancel; /* nullable */
} Asking;

G_DEFINE_QUARK (kelvin - delegation - error - quark, kelvin_delegation_error)

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_clear_object (&self->bus);
  g_clear_object (&self->cancellable);
  g_free (self->job);
  g_free (self->finished_job);
  g_free (self->finished_result);
  g_free (self);
}

/* Whatever comes first ends it: the answer, the limit, or a cancel. Takes @error. */
static void
end (GTask *task, GError *error)
{
  Asking *self = g_task_get_task_data (task);

  if (self->limit == NULL)
    {
      g_clear_error (&error);
      return;
    }
  g_source_destroy (self->limit);
  g_clear_pointer (&self->limit, g_source_unref);
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->cancel, g_source_unref);
  if (self->job_removed != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->job_removed);
  self->job_removed = 0;
  g_cancellable_cancel (self->cancellable);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
limit_cb (gpointer user_data)
{
  end (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                       "systemd didn't make a control group in time"));
  return G_SOURCE_REMOVE;
}

static void
end_with_result (GTask *task, const char *result)
{
  end (task, strcmp (result, "done") == 0
                 ? NULL
                 : g_error_new (KELVIN_DELEGATION_ERROR, KELVIN_DELEGATION_ERROR_REFUSED,
                                "systemd couldn't make a control group: %s", result));
}

static void
job_removed_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                const char *signal, GVariant *parameters, gpointer user_data)
{
  GTask *task = user_data;
  Asking *self = g_task_get_task_data (task);
  const char *job = NULL, *result = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(uoss)")))
    return;
  g_variant_get (parameters, "(u&o&s&s)", NULL, &job, NULL, &result);
  if (self->job == NULL)
    {
      g_free (self->finished_job);
      g_free (self->finished_result);
      self->finished_job = g_strdup (job);
      self->finished_result = g_strdup (result);
    }
  else if (g_str_equal (self->job, job))
    end_with_result (task, result);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    {
      g_dbus_error_strip_remote_error (error);
      end (task, g_error_new (KELVIN_DELEGATION_ERROR, KELVIN_DELEGATION_ERROR_REFUSED,
                              "systemd couldn't make a control group: %s", error->message));
      return;
    }
  g_variant_get (answer, "(o)", &self->job);
  if (g_strcmp0 (self->finished_job, self->job) == 0)
    end_with_result (task, self->finished_result);
}

static GVariant *
make_unit (GPid pid)
{
  const guint32 pids[] = { pid };
  g_autofree char *name = g_strdup_printf ("kelvin-%d.scope", (int) pid);
  GVariantBuilder properties;

  g_variant_builder_init (&properties, G_VARIANT_TYPE ("a(sv)"));
  g_variant_builder_add (&properties, "(sv)", "Description",
                         g_variant_new_string ("Sandboxes of Kelvin"));
  g_variant_builder_add (&properties, "(sv)", "Delegate", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&properties, "(sv)", "CollectMode",
                         g_variant_new_string ("inactive-or-failed"));
  g_variant_builder_add (
      &properties, "(sv)", "PIDs",
      g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, pids, G_N_ELEMENTS (pids), sizeof *pids));
  return g_variant_new ("(ssa(sv)a(sa(sv)))", name, "fail", &properties, NULL);
}

/* Its jobs are told of to those who asked for that; an answer isn't waited for. */
static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->bus = g_dbus_connection_new_for_address_finish (result, &error);
  if (self->bus == NULL)
    {
      end (task, error);
      return;
    }
  if (self->limit == NULL)
    return;
  self->job_removed = g_dbus_connection_signal_subscribe (
      self->bus, NAME, MANAGER, "JobRemoved", PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, job_removed_cb,
      g_object_ref (task), g_object_unref);
  g_dbus_connection_call (self->bus, NAME, PATH, MANAGER, "Subscribe", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  g_dbus_connection_call (self->bus, NAME, PATH, MANAGER, "StartTransientUnit",
                          make_unit (self->pid), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable, started_cb,
                          g_object_ref (task));
}

/* Of a session, or that which systemd makes for each user. None is started. */
static char *
find_address (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  g_autofree char *path = g_build_filename (g_get_user_runtime_dir (), "bus", NULL);

  if (address != NULL && *address != '\0')
    return g_strdup (address);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  g_autofree char *escaped = g_dbus_address_escape_value (path);
  return g_strconcat ("unix:path=", escaped, NULL);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  end (user_data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));
  return G_SOURCE_REMOVE;
}

static void
watch_cancel (GTask *task, GCancellable *cancellable)
{
  Asking *self = g_task_get_task_data (task);

  if (cancellable == NULL)
    return;
  self->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task),
                         g_object_unref);
  g_source_attach (self->cancel, g_main_context_get_thread_default ());
}

void
kelvin_delegation_ask_async (GPid pid, guint limit_ms, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *address = find_address ();
  Asking *self = g_new0 (Asking, 1);

  g_task_set_source_tag (task, kelvin_delegation_ask_async);
  g_task_set_task_data (task, self, asking_free);
  self->pid = pid;
  if (address == NULL)
    {
      g_task_return_new_error (task, KELVIN_DELEGATION_ERROR, KELVIN_DELEGATION_ERROR_NO_BUS,
                               "the user has no message bus here");
      return;
    }
  self->cancellable = g_cancellable_new ();
  self->limit = g_timeout_source_new (limit_ms);
  g_source_set_callback (self->limit, limit_cb, g_object_ref (task), g_object_unref);
  g_source_attach (self->limit, g_main_context_get_thread_default ());
  watch_cancel (task, cancellable);
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                         G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->cancellable, connected_cb, g_object_ref (task));
}

gboolean
kelvin_delegation_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
