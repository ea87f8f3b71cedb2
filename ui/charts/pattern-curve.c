#include "config.h"

#include "ui/charts/pattern-curve.h"

#include <glib/gi18n-lib.h>

#include "ui/compat.h"

#define WIDTH 120
#define HEIGHT 26
#define LINE 2

struct _KelvinPatternCurve {
  GtkWidget parent_instance;

  KelvinPattern pattern;
};

G_DEFINE_FINAL_TYPE (KelvinPatternCurve, kelvin_pattern_curve, GTK_TYPE_WIDGET)

static void
kelvin_pattern_curve_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static double
find_most (KelvinPattern pattern, int width)
{
  double most = 1.5; /* so that an even rate isn't drawn at the upper edge */

  for (int x = 0; x <= width; x++)
    most = MAX (most, kelvin_pattern_rate_at (pattern, (double) x / width));
  return most;
}

static void
kelvin_pattern_curve_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinPatternCurve *self = KELVIN_PATTERN_CURVE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double most = find_most (self->pattern, width);
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  GdkRGBA color;

  kelvin_widget_get_color (widget, &color);
  gdk_cairo_set_source_rgba (cairo, &color);
  cairo_set_line_width (cairo, LINE);
  for (int x = 0; x <= width; x++)
    {
      double rate = kelvin_pattern_rate_at (self->pattern, (double) x / width);

      cairo_line_to (cairo, x, LINE + (height - 2 * LINE) * (1 - rate / most));
    }
  cairo_stroke (cairo);
  cairo_destroy (cairo);
}

static void
describe (KelvinPatternCurve *self)
{
  g_autofree char *text =
      g_strdup_printf (_ ("Rate over time: %s"), kelvin_pattern_to_string (self->pattern));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
kelvin_pattern_curve_class_init (KelvinPatternCurveClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = kelvin_pattern_curve_measure;
  widget_class->snapshot = kelvin_pattern_curve_snapshot;
  gtk_widget_class_set_css_name (widget_class, "patterncurve");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
kelvin_pattern_curve_init (KelvinPatternCurve *self)
{
  describe (self);
}

void
kelvin_pattern_curve_set_pattern (KelvinPatternCurve *self, KelvinPattern pattern)
{
  g_return_if_fail (KELVIN_IS_PATTERN_CURVE (self));

  self->pattern = pattern;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
