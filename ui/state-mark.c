#include "config.h"

#include "ui/state-mark.h"

#include <glib/gi18n-lib.h>

#include "ui/compat.h"

#define SIZE 16
#define RADIUS 5.5f
#define LINE 1.5f

struct _KelvinStateMark {
  GtkWidget parent_instance;

  GtkWidget *spinner;
  KelvinMark mark;
};

G_DEFINE_FINAL_TYPE (KelvinStateMark, kelvin_state_mark, GTK_TYPE_WIDGET)

const char *
kelvin_mark_get_title (KelvinMark mark)
{
  switch (mark)
    {
    case KELVIN_MARK_FILLED:
      return _ ("The last run was fine");
    case KELVIN_MARK_TURNING:
      return _ ("Running");
    case KELVIN_MARK_CROSS:
      return _ ("Failed");
    case KELVIN_MARK_HOLLOW:
      break;
    }

  return _ ("No result yet");
}

static void
append_cross (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *color)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, area);
  float left = area->origin.x + 1, right = area->origin.x + area->size.width - 1;
  float top = area->origin.y + 1, bottom = area->origin.y + area->size.height - 1;

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 2);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_move_to (cr, left, top);
  cairo_line_to (cr, right, bottom);
  cairo_move_to (cr, right, top);
  cairo_line_to (cr, left, bottom);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
append_disc (GtkSnapshot *snapshot, const graphene_rect_t *area, const GdkRGBA *color,
             KelvinMark mark)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, area, RADIUS);
  if (mark == KELVIN_MARK_FILLED)
    {
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, color, area);
      gtk_snapshot_pop (snapshot);
      return;
    }

  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ LINE, LINE, LINE, LINE },
                              (GdkRGBA[4]){ *color, *color, *color, *color });
}

static void
kelvin_state_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinStateMark *self = KELVIN_STATE_MARK (widget);
  float middle_x = gtk_widget_get_width (widget) / 2.0f;
  float middle_y = gtk_widget_get_height (widget) / 2.0f;
  graphene_rect_t area =
      GRAPHENE_RECT_INIT (middle_x - RADIUS, middle_y - RADIUS, 2 * RADIUS, 2 * RADIUS);
  GdkRGBA color;

  kelvin_widget_get_color (widget, &color);
  if (self->mark == KELVIN_MARK_CROSS)
    append_cross (snapshot, &area, &color);
  else if (self->mark != KELVIN_MARK_TURNING)
    append_disc (snapshot, &area, &color, self->mark);

  GTK_WIDGET_CLASS (kelvin_state_mark_parent_class)->snapshot (widget, snapshot);
}

static void
kelvin_state_mark_dispose (GObject *object)
{
  KelvinStateMark *self = KELVIN_STATE_MARK (object);

  g_clear_pointer (&self->spinner, gtk_widget_unparent);

  G_OBJECT_CLASS (kelvin_state_mark_parent_class)->dispose (object);
}

static void
kelvin_state_mark_class_init (KelvinStateMarkClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_state_mark_dispose;
  widget_class->snapshot = kelvin_state_mark_snapshot;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statemark");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
kelvin_state_mark_init (KelvinStateMark *self)
{
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_visible (self->spinner, FALSE);
  gtk_widget_set_parent (self->spinner, GTK_WIDGET (self));
  gtk_widget_set_size_request (GTK_WIDGET (self), SIZE, SIZE);
  kelvin_state_mark_set_mark (self, KELVIN_MARK_HOLLOW);
}

GtkWidget *
kelvin_state_mark_new (void)
{
  return g_object_new (KELVIN_TYPE_STATE_MARK, NULL);
}

void
kelvin_state_mark_set_mark (KelvinStateMark *self, KelvinMark mark)
{
  const char *title = kelvin_mark_get_title (mark);

  g_return_if_fail (KELVIN_IS_STATE_MARK (self));

  self->mark = mark;
  gtk_widget_set_visible (self->spinner, mark == KELVIN_MARK_TURNING);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), mark == KELVIN_MARK_TURNING);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);

  if (mark == KELVIN_MARK_CROSS)
    gtk_widget_add_css_class (GTK_WIDGET (self), "failed-text");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "failed-text");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
