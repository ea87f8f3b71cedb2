#include "config.h"

#include "ui/charts/span-bar.h"

#include "ui/compat.h"

#define LEAST_WIDTH 60
#define NATURAL_WIDTH 240
#define HEIGHT 16
#define THIN 4
#define LEAST_PART 2
#define WAITING_ALPHA 0.5f
#define TRACK_ALPHA 0.12f

struct _KelvinSpanBar {
  GtkWidget parent_instance;

  KelvinSpanParts parts;
};

G_DEFINE_FINAL_TYPE (KelvinSpanBar, kelvin_span_bar, GTK_TYPE_WIDGET)

static float
place (gint64 us, gint64 total_us)
{
  return (float) CLAMP ((double) us / (double) MAX (total_us, 1), 0, 1);
}

KelvinSpanParts
kelvin_span_bar_get_parts (const KelvinDoorRecord *record, gint64 total_us)
{
  gint64 opened = record->opened_us;
  gint64 ended = record->duration_us >= 0 ? opened + record->duration_us : total_us;
  gint64 connected = record->connect_us >= 0 ? opened + record->connect_us : ended;
  gint64 first_byte = record->first_byte_us >= 0 ? opened + record->first_byte_us : connected;

  return (KelvinSpanParts){
    .opened = place (opened, total_us),
    .connected = place (connected, total_us),
    .first_byte = place (first_byte, total_us),
    .ended = place (ended, total_us),
  };
}

static void
append_part (GtkSnapshot *snapshot, const GdkRGBA *color, float from, float to, float height,
             float width)
{
  float x = from * width;
  graphene_rect_t area = GRAPHENE_RECT_INIT (MIN (x, width - LEAST_PART), (HEIGHT - height) / 2,
                                             MAX ((to - from) * width, LEAST_PART), height);

  gtk_snapshot_append_color (snapshot, color, &area);
}

static void
kelvin_span_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const KelvinSpanParts *parts = &KELVIN_SPAN_BAR (widget)->parts;
  float width = gtk_widget_get_width (widget);
  GdkRGBA color, waiting, track;

  kelvin_widget_get_color (widget, &color);
  waiting = track = color;
  waiting.alpha *= WAITING_ALPHA;
  track.alpha *= TRACK_ALPHA;
  append_part (snapshot, &track, 0, 1, HEIGHT, width);
  append_part (snapshot, &color, parts->opened, parts->ended, THIN, width);
  if (parts->first_byte > parts->connected)
    append_part (snapshot, &waiting, parts->connected, parts->first_byte, HEIGHT, width);
  append_part (snapshot, &color, parts->opened, parts->connected, HEIGHT, width);
}

static void
kelvin_span_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : HEIGHT;
}

static void
kelvin_span_bar_class_init (KelvinSpanBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = kelvin_span_bar_snapshot;
  widget_class->measure = kelvin_span_bar_measure;
  gtk_widget_class_set_css_name (widget_class, "spanbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
kelvin_span_bar_init (KelvinSpanBar *self)
{
}

GtkWidget *
kelvin_span_bar_new (const KelvinDoorRecord *record, gint64 total_us)
{
  KelvinSpanBar *self = g_object_new (KELVIN_TYPE_SPAN_BAR, NULL);

  self->parts = kelvin_span_bar_get_parts (record, total_us);
  return GTK_WIDGET (self);
}
