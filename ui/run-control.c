#include "config.h"

#include "ui/run-control.h"

struct _KelvinRunControl {
  GObject parent_instance;

  KelvinEngine *engine;
  char *dir;
  GCancellable *cancellable; /* not NULL: an invocation is under way */
  KelvinInvocation *invocation;
  char *problem;
  gint64 started_us;
};

enum {
  PROP_RUNNING = 1,
  PROP_INVOCATION,
  PROP_PROBLEM,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinRunControl, kelvin_run_control, G_TYPE_OBJECT)

static void
set_result (KelvinRunControl *self, KelvinInvocation *invocation, const char *problem)
{
  g_clear_pointer (&self->invocation, kelvin_invocation_unref);
  g_free (self->problem);
  self->invocation = invocation;
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_INVOCATION]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static void
invoked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinRunControl) self = data;
  g_autoptr (GError) error = NULL;
  KelvinInvocation *invocation =
      kelvin_engine_invoke_finish (KELVIN_ENGINE (source), result, &error);

  g_clear_object (&self->cancellable);
  set_result (self, invocation, error != NULL ? error->message : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
}

static void
kelvin_run_control_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinRunControl *self = KELVIN_RUN_CONTROL (object);

  if (id == PROP_RUNNING)
    g_value_set_boolean (value, self->cancellable != NULL);
  else if (id == PROP_INVOCATION)
    g_value_set_boxed (value, self->invocation);
  else if (id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_run_control_finalize (GObject *object)
{
  KelvinRunControl *self = KELVIN_RUN_CONTROL (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->invocation, kelvin_invocation_unref);
  g_free (self->dir);
  g_free (self->problem);

  G_OBJECT_CLASS (kelvin_run_control_parent_class)->finalize (object);
}

static void
kelvin_run_control_class_init (KelvinRunControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kelvin_run_control_get_property;
  object_class->finalize = kelvin_run_control_finalize;

  props[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_INVOCATION] = g_param_spec_boxed ("invocation", NULL, NULL, KELVIN_TYPE_INVOCATION,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_PROBLEM] =
      g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_run_control_init (KelvinRunControl *self)
{
}

KelvinRunControl *
kelvin_run_control_new (KelvinEngine *engine, const char *dir)
{
  KelvinRunControl *self = g_object_new (KELVIN_TYPE_RUN_CONTROL, NULL);

  self->engine = g_object_ref (engine);
  self->dir = g_strdup (dir);
  return self;
}

void
kelvin_run_control_start (KelvinRunControl *self, GBytes *event, const char *event_name,
                          gboolean cold)
{
  KelvinInvokeRequest request = {
    .function_dir = self->dir, .event = event, .event_name = event_name, .cold = cold
  };

  g_return_if_fail (KELVIN_IS_RUN_CONTROL (self));

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  self->started_us = g_get_monotonic_time ();
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  kelvin_engine_invoke_async (self->engine, &request, self->cancellable, invoked_cb,
                              g_object_ref (self));
}

void
kelvin_run_control_cancel (KelvinRunControl *self)
{
  g_return_if_fail (KELVIN_IS_RUN_CONTROL (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

void
kelvin_run_control_refuse (KelvinRunControl *self, const char *problem)
{
  g_return_if_fail (KELVIN_IS_RUN_CONTROL (self));

  set_result (self, NULL, problem);
}

gboolean
kelvin_run_control_is_running (KelvinRunControl *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_CONTROL (self), FALSE);

  return self->cancellable != NULL;
}

gint64
kelvin_run_control_get_started_us (KelvinRunControl *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_CONTROL (self), 0);

  return self->started_us;
}

KelvinInvocation *
kelvin_run_control_get_invocation (KelvinRunControl *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_CONTROL (self), NULL);

  return self->invocation;
}

const char *
kelvin_run_control_get_problem (KelvinRunControl *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_CONTROL (self), NULL);

  return self->problem;
}
