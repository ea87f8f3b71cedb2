#include "config.h"

#include "ui/columns.h"

#define SPACING 16
#define FOLD_WIDTH 760
#define NARROWEST_SIDE 280
#define WIDEST_SIDE 760

struct _KelvinColumns {
  GtkWidget parent_instance;

  GtkWidget *main_child;
  GtkWidget *side_child;
  int fold_width;
};

enum {
  PROP_FOLD_WIDTH = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KelvinColumns, kelvin_columns, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static GtkBuildableIface *parent_buildable;

int
kelvin_columns_split (int width, int fold_width)
{
  if (width < fold_width)
    return 0;

  return CLAMP ((width - SPACING) * 35 / 100, NARROWEST_SIDE, WIDEST_SIDE);
}

static void
adopt (KelvinColumns *self, GtkWidget **place, GtkWidget *child)
{
  g_clear_pointer (place, gtk_widget_unparent);
  *place = child;
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
kelvin_columns_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                          const char *type)
{
  KelvinColumns *self = KELVIN_COLUMNS (buildable);

  if (g_strcmp0 (type, "main") == 0)
    adopt (self, &self->main_child, GTK_WIDGET (child));
  else if (g_strcmp0 (type, "side") == 0)
    adopt (self, &self->side_child, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = kelvin_columns_add_child;
}

static GtkSizeRequestMode
kelvin_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (KelvinColumns *self, int *minimum, int *natural)
{
  int main_minimum, main_natural, side_minimum, side_natural;

  gtk_widget_measure (self->main_child, GTK_ORIENTATION_HORIZONTAL, -1, &main_minimum,
                      &main_natural, NULL, NULL);
  gtk_widget_measure (self->side_child, GTK_ORIENTATION_HORIZONTAL, -1, &side_minimum,
                      &side_natural, NULL, NULL);
  *minimum = MAX (main_minimum, side_minimum);
  *natural = main_natural + SPACING + side_natural;
}

static void
measure_height (KelvinColumns *self, int width, int *minimum, int *natural)
{
  int side = width < 0 ? 0 : kelvin_columns_split (width, self->fold_width);
  int main_width = side > 0 ? width - side - SPACING : width;
  int main_minimum, main_natural, side_minimum, side_natural;

  gtk_widget_measure (self->main_child, GTK_ORIENTATION_VERTICAL, main_width, &main_minimum,
                      &main_natural, NULL, NULL);
  gtk_widget_measure (self->side_child, GTK_ORIENTATION_VERTICAL, side > 0 ? side : width,
                      &side_minimum, &side_natural, NULL, NULL);
  *minimum = side > 0 ? MAX (main_minimum, side_minimum) : main_minimum + SPACING + side_minimum;
  *natural = side > 0 ? MAX (main_natural, side_natural) : main_natural + SPACING + side_natural;
}

static void
kelvin_columns_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinColumns *self = KELVIN_COLUMNS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, minimum, natural);
  else
    measure_height (self, for_size, minimum, natural);
}

static void
kelvin_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinColumns *self = KELVIN_COLUMNS (widget);
  int side = kelvin_columns_split (width, self->fold_width);
  GtkAllocation area = { .width = width, .height = height };
  int main_height;

  if (side > 0)
    {
      area.width = width - side - SPACING;
      gtk_widget_size_allocate (self->main_child, &area, -1);
      area.x = area.width + SPACING;
      area.width = side;
      gtk_widget_size_allocate (self->side_child, &area, -1);
      return;
    }

  gtk_widget_measure (self->main_child, GTK_ORIENTATION_VERTICAL, width, NULL, &main_height, NULL,
                      NULL);
  area.height = main_height;
  gtk_widget_size_allocate (self->main_child, &area, -1);
  area.y = main_height + SPACING;
  area.height = MAX (height - area.y, 0);
  gtk_widget_size_allocate (self->side_child, &area, -1);
}

static void
kelvin_columns_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id != PROP_FOLD_WIDTH)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  KELVIN_COLUMNS (object)->fold_width = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (object));
}

static void
kelvin_columns_dispose (GObject *object)
{
  KelvinColumns *self = KELVIN_COLUMNS (object);

  g_clear_pointer (&self->main_child, gtk_widget_unparent);
  g_clear_pointer (&self->side_child, gtk_widget_unparent);

  G_OBJECT_CLASS (kelvin_columns_parent_class)->dispose (object);
}

static void
kelvin_columns_class_init (KelvinColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kelvin_columns_dispose;
  object_class->set_property = kelvin_columns_set_property;
  widget_class->get_request_mode = kelvin_columns_get_request_mode;
  widget_class->measure = kelvin_columns_measure;
  widget_class->size_allocate = kelvin_columns_size_allocate;

  props[PROP_FOLD_WIDTH] = g_param_spec_int ("fold-width", NULL, NULL, 0, G_MAXINT16, FOLD_WIDTH,
                                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_columns_init (KelvinColumns *self)
{
  self->fold_width = FOLD_WIDTH;
}

GtkWidget *
kelvin_columns_new (GtkWidget *main_child, GtkWidget *side_child)
{
  KelvinColumns *self = g_object_new (KELVIN_TYPE_COLUMNS, NULL);

  adopt (self, &self->main_child, main_child);
  adopt (self, &self->side_child, side_child);
  return GTK_WIDGET (self);
}
