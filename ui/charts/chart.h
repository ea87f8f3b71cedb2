#pragma once

#include <gtk/gtk.h>

#include "ui/charts/axis.h"
#include "ui/charts/hue.h"
#include "ui/charts/number-table.h"
#include "ui/charts/view.h"

G_BEGIN_DECLS

/* What every chart has in common: an image to assistive technology, with its figures in words; a
 * cursor that arrow keys move over its items, the same that the pointer hovers; + and − (or Ctrl
 * and the wheel), which zoom its axis, 0, which shows all again, Shift and an arrow key, which pan;
 * and T, which shows its numbers as a table. Drawing and geometry are the subclass's. */
#define KELVIN_TYPE_CHART (kelvin_chart_get_type ())
G_DECLARE_DERIVABLE_TYPE (KelvinChart, kelvin_chart, KELVIN, CHART, GtkWidget)

struct _KelvinChartClass {
  GtkWidgetClass parent_class;

  /* Where its axis, from kelvin_chart_fit_axis, is drawn; NULL: it has none and doesn't zoom. */
  graphene_rect_t (*get_plot) (KelvinChart *self);

  guint (*get_n_items) (KelvinChart *self);
  graphene_rect_t (*get_item_area) (KelvinChart *self, guint index);
  /* The item at a point, or -1. */
  int (*find_item) (KelvinChart *self, double x, double y);
  char *(*dup_item_text) (KelvinChart *self, guint index);
  /* Where an arrow key leads from @item (-1: none yet): −1 or 1 in one of both directions. NULL: to
   * the item before and after. -1 for none. */
  int (*find_neighbour) (KelvinChart *self, int item, int across, int down);
  /* Brings an item that the cursor goes to into view; nullable. */
  void (*reveal_item) (KelvinChart *self, guint index);
  /* Enter, or a click; nullable. */
  void (*activate_item) (KelvinChart *self, guint index);
  GtkWidget *(*create_table) (KelvinChart *self);
};

/* Its name and its figures, for assistive technology. */
void kelvin_chart_set_label (KelvinChart *self, const char *label);
void kelvin_chart_set_description (KelvinChart *self, const char *description);
const char *kelvin_chart_get_description (KelvinChart *self);

/* For subclasses: the items are others now. */
void kelvin_chart_items_changed (KelvinChart *self);

/* For subclasses: items were added; view and cursor stay. @height_changed: there may be less or
 * more room needed. */
void kelvin_chart_items_added (KelvinChart *self, gboolean height_changed);
/* For subclasses: the item that the cursor is at, or -1. */
int kelvin_chart_get_cursor (KelvinChart *self);
/* The part of the axis that is looked at. */
KelvinView kelvin_chart_get_view (KelvinChart *self);
void kelvin_chart_set_view (KelvinChart *self, KelvinView view);

/* For subclasses: an axis of the part of 0 to @high that is looked at. */
KelvinAxis kelvin_chart_fit_axis (KelvinChart *self, double high, guint most_ticks);

/* For subclasses' snapshot; none of them allocates. */
void kelvin_chart_get_hue (KelvinChart *self, KelvinHue hue, GdkRGBA *out_color);
void kelvin_chart_get_text_color (KelvinChart *self, GdkRGBA *out_color);
void kelvin_chart_get_dim_color (KelvinChart *self, GdkRGBA *out_color);
void kelvin_chart_get_line_color (KelvinChart *self, GdkRGBA *out_color);
/* Waiting is hatched, everything else is plain. */
void kelvin_chart_append_bar (KelvinChart *self, GtkSnapshot *snapshot, KelvinHue hue,
                              const graphene_rect_t *area);
void kelvin_chart_append_text (GtkSnapshot *snapshot, PangoLayout *layout,
                               const graphene_point_t *point, const GdkRGBA *color);
void kelvin_chart_append_cursor (KelvinChart *self, GtkSnapshot *snapshot);

/* (transfer full) */
PangoLayout *kelvin_chart_create_bold_layout (KelvinChart *self, const char *text);

G_END_DECLS
