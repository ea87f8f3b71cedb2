#include "config.h"

#include "ui/charts/phase-bars.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/charts/duration.h"

#define LEAST_WIDTH 200
#define NATURAL_WIDTH 300
#define ROW_HEIGHT 30
#define BAR_HEIGHT 18
#define LABEL_GAP 14
#define VALUE_GAP 8
#define MOST_ROWS (KELVIN_N_PHASES + 1)

typedef struct {
  KelvinPhase phase;
  gint64 us;
  PangoLayout *label;
  PangoLayout *value;
} Row;

struct _KelvinPhaseBars {
  KelvinChart parent_instance;

  Row rows[MOST_ROWS]; /* the phases that happened, then the sum */
  guint n_rows;
  gint64 longest_us;
  gint64 total_us;
  float label_width, value_width;
};

G_DEFINE_FINAL_TYPE (KelvinPhaseBars, kelvin_phase_bars, KELVIN_TYPE_CHART)

static void
clear_rows (KelvinPhaseBars *self)
{
  for (guint i = 0; i < self->n_rows; i++)
    {
      g_clear_object (&self->rows[i].label);
      g_clear_object (&self->rows[i].value);
    }
  self->n_rows = 0;
  self->longest_us = self->total_us = 0;
  self->label_width = self->value_width = 0;
}

static gboolean
is_sum (KelvinPhaseBars *self, guint index)
{
  return index + 1 == self->n_rows;
}

static guint
kelvin_phase_bars_get_n_items (KelvinChart *chart)
{
  KelvinPhaseBars *self = KELVIN_PHASE_BARS (chart);

  return self->n_rows > 0 ? self->n_rows - 1 : 0;
}

static graphene_rect_t
kelvin_phase_bars_get_item_area (KelvinChart *chart, guint index)
{
  KelvinPhaseBars *self = KELVIN_PHASE_BARS (chart);
  float x = self->label_width + LABEL_GAP;
  float room = gtk_widget_get_width (GTK_WIDGET (self)) - x - VALUE_GAP - self->value_width;
  float width = MAX (room, 1) * self->rows[index].us / MAX (self->longest_us, 1);

  return GRAPHENE_RECT_INIT (x, index * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) / 2.f,
                             MAX (width, 1), BAR_HEIGHT);
}

static int
kelvin_phase_bars_find_item (KelvinChart *chart, double x, double y)
{
  guint row = (guint) MAX (y / ROW_HEIGHT, 0);

  return row < kelvin_phase_bars_get_n_items (chart) ? (int) row : -1;
}

static char *
kelvin_phase_bars_dup_item_text (KelvinChart *chart, guint index)
{
  KelvinPhaseBars *self = KELVIN_PHASE_BARS (chart);
  const Row *row = &self->rows[index];
  g_autofree char *length = kelvin_format_duration (row->us / 1000.);

  /* Translators: phase, its length with unit, its share of the whole time */
  return g_strdup_printf (_ ("%s: %s, %.1f %%"), kelvin_phase_get_title (row->phase), length,
                          100. * row->us / MAX (self->total_us, 1));
}

static GtkWidget *
kelvin_phase_bars_create_table (KelvinChart *chart)
{
  KelvinPhaseBars *self = KELVIN_PHASE_BARS (chart);
  const char *titles[] = { _ ("Phase"), _ ("Time"), _ ("Share"), NULL };
  GtkWidget *table = kelvin_number_table_new (titles);

  for (guint i = 0; i < self->n_rows; i++)
    {
      const Row *row = &self->rows[i];
      g_autofree char *time = g_strdup_printf ("%.2f ms", row->us / 1000.);
      g_autofree char *share =
          g_strdup_printf ("%.1f %%", 100. * row->us / MAX (self->total_us, 1));
      const char *cells[] = { pango_layout_get_text (row->label), time, share, NULL };
      kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), cells);
    }

  return table;
}

static void
kelvin_phase_bars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinPhaseBars *self = KELVIN_PHASE_BARS (widget);
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = horizontal ? LEAST_WIDTH : (int) self->n_rows * ROW_HEIGHT;
  *natural = horizontal ? NATURAL_WIDTH : *minimum;
}

static void
snapshot_row (KelvinPhaseBars *self, guint index, GtkSnapshot *snapshot, const GdkRGBA *text,
              const GdkRGBA *dim)
{
  KelvinChart *chart = KELVIN_CHART (self);
  const Row *row = &self->rows[index];
  graphene_rect_t area = kelvin_phase_bars_get_item_area (chart, index);
  float value_x = area.origin.x;
  int height;

  pango_layout_get_pixel_size (row->label, NULL, &height);
  float y = index * ROW_HEIGHT + (ROW_HEIGHT - height) / 2.f;
  if (!is_sum (self, index))
    {
      kelvin_chart_append_bar (chart, snapshot, kelvin_phase_get_hue (row->phase), &area);
      value_x += area.size.width + VALUE_GAP;
    }
  kelvin_chart_append_text (snapshot, row->label, &GRAPHENE_POINT_INIT (0, y),
                            is_sum (self, index) ? dim : text);
  kelvin_chart_append_text (snapshot, row->value, &GRAPHENE_POINT_INIT (value_x, y), text);
}

static void
kelvin_phase_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinPhaseBars *self = KELVIN_PHASE_BARS (widget);
  GdkRGBA text, dim;

  kelvin_chart_get_text_color (KELVIN_CHART (self), &text);
  kelvin_chart_get_dim_color (KELVIN_CHART (self), &dim);
  for (guint i = 0; i < self->n_rows; i++)
    snapshot_row (self, i, snapshot, &text, &dim);
  kelvin_chart_append_cursor (KELVIN_CHART (self), snapshot);
}

static void
kelvin_phase_bars_finalize (GObject *object)
{
  clear_rows (KELVIN_PHASE_BARS (object));

  G_OBJECT_CLASS (kelvin_phase_bars_parent_class)->finalize (object);
}

static void
kelvin_phase_bars_class_init (KelvinPhaseBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_phase_bars_finalize;
  widget_class->measure = kelvin_phase_bars_measure;
  widget_class->snapshot = kelvin_phase_bars_snapshot;
  chart_class->get_n_items = kelvin_phase_bars_get_n_items;
  chart_class->get_item_area = kelvin_phase_bars_get_item_area;
  chart_class->find_item = kelvin_phase_bars_find_item;
  chart_class->dup_item_text = kelvin_phase_bars_dup_item_text;
  chart_class->create_table = kelvin_phase_bars_create_table;
}

static void
kelvin_phase_bars_init (KelvinPhaseBars *self)
{
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Phases"));
}

GtkWidget *
kelvin_phase_bars_new (void)
{
  return g_object_new (KELVIN_TYPE_PHASE_BARS, NULL);
}

static void
add_row (KelvinPhaseBars *self, KelvinPhase phase, const char *label, gint64 us)
{
  g_autofree char *value = kelvin_format_duration (us / 1000.);
  Row *row = &self->rows[self->n_rows++];
  int label_width, value_width;

  *row = (Row){ .phase = phase, .us = us };
  row->label = gtk_widget_create_pango_layout (GTK_WIDGET (self), label);
  row->value = kelvin_chart_create_bold_layout (KELVIN_CHART (self), value);
  pango_layout_get_pixel_size (row->label, &label_width, NULL);
  pango_layout_get_pixel_size (row->value, &value_width, NULL);
  self->label_width = MAX (self->label_width, label_width);
  self->value_width = MAX (self->value_width, value_width);
}

static void
update_description (KelvinPhaseBars *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->n_rows; i++)
    /* Translators: name of a phase and its length in milliseconds */
    g_string_append_printf (text, _ ("%s%s %.2f ms"), i > 0 ? ", " : "",
                            pango_layout_get_text (self->rows[i].label), self->rows[i].us / 1000.);
  kelvin_chart_set_description (KELVIN_CHART (self), text->str);
}

void
kelvin_phase_bars_set_phases (KelvinPhaseBars *self, const KelvinPhases *phases)
{
  g_return_if_fail (KELVIN_IS_PHASE_BARS (self));
  g_return_if_fail (phases != NULL);

  clear_rows (self);
  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      KelvinPhase phase = (KelvinPhase) i;
      if (phases->us[i] <= 0)
        continue;
      add_row (self, phase, kelvin_phase_get_title (phase), phases->us[i]);
      self->longest_us = MAX (self->longest_us, phases->us[i]);
    }
  self->total_us = kelvin_phases_get_total_us (phases);
  add_row (self, KELVIN_PHASE_QUEUE, _ ("in all"), self->total_us);

  update_description (self);
  kelvin_chart_items_changed (KELVIN_CHART (self));
}
