#include "config.h"

#include "ui/fold.h"

#define SIDEBAR_WIDTH 232
#define FOLD_WIDTH 1000
/* A header bar with all its controls needs this much. */
#define NARROW_WIDTH 720
#define NARROWEST 360

struct _KelvinFold {
  GtkWidget parent_instance;

  GtkWidget *sidebar;
  GtkWidget *content;
  guint notify_id;
  gboolean folded;
  gboolean narrow;
  gboolean revealed;
};

enum {
  PROP_FOLDED = 1,
  PROP_NARROW,
  PROP_REVEALED,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static GtkBuildableIface *parent_buildable;

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KelvinFold, kelvin_fold, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static void
kelvin_fold_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                       const char *type)
{
  KelvinFold *self = KELVIN_FOLD (buildable);

  if (g_strcmp0 (type, "sidebar") == 0)
    {
      self->sidebar = GTK_WIDGET (child);
      /* behind the content in the list: drawn over it */
      gtk_widget_insert_before (self->sidebar, GTK_WIDGET (self), NULL);
    }
  else if (g_strcmp0 (type, "content") == 0)
    {
      self->content = GTK_WIDGET (child);
      gtk_widget_insert_after (self->content, GTK_WIDGET (self), NULL);
    }
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = kelvin_fold_add_child;
}

static void
kelvin_fold_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinFold *self = KELVIN_FOLD (widget);
  int side_minimum, side_natural;

  gtk_widget_measure (self->content, orientation, -1, minimum, natural, NULL, NULL);
  gtk_widget_measure (self->sidebar, orientation, -1, &side_minimum, &side_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = MAX (*minimum, side_minimum);
      *natural = MAX (*natural, side_natural);
      return;
    }

  /* what the content needs depends on how wide it is: it is told, and makes itself narrow then */
  *minimum = NARROWEST;
  *natural = MAX (*natural + SIDEBAR_WIDTH, NARROWEST);
}

static gboolean
notify_folded_cb (gpointer data)
{
  KelvinFold *self = data;

  self->notify_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDED]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

/* Told later: who listens changes widgets, and that is not allowed while sizes are allocated. */
static void
set_width (KelvinFold *self, int width)
{
  gboolean folded = width < FOLD_WIDTH;
  gboolean narrow = (folded ? width : width - SIDEBAR_WIDTH) < NARROW_WIDTH;

  if (self->folded == folded && self->narrow == narrow)
    return;

  self->revealed = self->revealed && self->folded == folded;
  self->folded = folded;
  self->narrow = narrow;
  if (self->notify_id == 0)
    self->notify_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, notify_folded_cb, self, NULL);
}

static void
kelvin_fold_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinFold *self = KELVIN_FOLD (widget);

  set_width (self, width);

  gboolean shows_sidebar = !self->folded || self->revealed;
  int side = self->folded ? 0 : SIDEBAR_WIDTH;
  int content_minimum;
  GtkAllocation content = { side, 0, width - side, height };
  GtkAllocation sidebar = { 0, 0, SIDEBAR_WIDTH, height };

  gtk_widget_measure (self->content, GTK_ORIENTATION_HORIZONTAL, -1, &content_minimum, NULL, NULL,
                      NULL);
  content.width = MAX (content.width, content_minimum);
  gtk_widget_set_child_visible (self->sidebar, shows_sidebar);
  gtk_widget_size_allocate (self->content, &content, -1);
  if (shows_sidebar)
    gtk_widget_size_allocate (self->sidebar, &sidebar, -1);
}

static void
pressed_cb (KelvinFold *self, int n_press, double x, double y, GtkGesture *gesture)
{
  if (!self->folded || !self->revealed || x < SIDEBAR_WIDTH)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  kelvin_fold_set_revealed (self, FALSE);
}

static void
kelvin_fold_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinFold *self = KELVIN_FOLD (object);

  if (id == PROP_FOLDED)
    g_value_set_boolean (value, self->folded);
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, self->narrow);
  else if (id == PROP_REVEALED)
    g_value_set_boolean (value, self->revealed);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_fold_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_REVEALED)
    kelvin_fold_set_revealed (KELVIN_FOLD (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_fold_dispose (GObject *object)
{
  KelvinFold *self = KELVIN_FOLD (object);

  g_clear_handle_id (&self->notify_id, g_source_remove);
  g_clear_pointer (&self->sidebar, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);

  G_OBJECT_CLASS (kelvin_fold_parent_class)->dispose (object);
}

static void
kelvin_fold_class_init (KelvinFoldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kelvin_fold_get_property;
  object_class->set_property = kelvin_fold_set_property;
  object_class->dispose = kelvin_fold_dispose;
  widget_class->measure = kelvin_fold_measure;
  widget_class->size_allocate = kelvin_fold_size_allocate;

  props[PROP_FOLDED] =
      g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_REVEALED] =
      g_param_spec_boolean ("revealed", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_fold_init (KelvinFold *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (gesture, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

gboolean
kelvin_fold_is_folded (KelvinFold *self)
{
  g_return_val_if_fail (KELVIN_IS_FOLD (self), FALSE);

  return self->folded;
}

gboolean
kelvin_fold_is_narrow (KelvinFold *self)
{
  g_return_val_if_fail (KELVIN_IS_FOLD (self), FALSE);

  return self->narrow;
}

void
kelvin_fold_set_revealed (KelvinFold *self, gboolean revealed)
{
  g_return_if_fail (KELVIN_IS_FOLD (self));

  if (self->revealed == revealed)
    return;

  self->revealed = revealed;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REVEALED]);
}
