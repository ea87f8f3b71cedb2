#include "config.h"

#include "ui/flow-layout.h"

#define GAP 8

struct _KelvinFlowLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (KelvinFlowLayout, kelvin_flow_layout, GTK_TYPE_LAYOUT_MANAGER)

/* A line of children: from @first up to @end, which isn't part of it. */
typedef struct {
  GtkWidget *end;
  int height;
} Line;

static int
measure_width (GtkWidget *child, int most)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (MIN (natural, most), minimum);
}

static int
measure_height (GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

static Line
fit_line (GtkWidget *first, int width)
{
  Line line = { first, 0 };
  int x = 0;

  for (; line.end != NULL; line.end = gtk_widget_get_next_sibling (line.end))
    {
      if (!gtk_widget_should_layout (line.end))
        continue;

      int child_width = measure_width (line.end, width);
      if (x > 0 && x + child_width > width)
        break;
      x += child_width + GAP;
      line.height = MAX (line.height, measure_height (line.end, child_width));
    }
  return line;
}

static void
measure_across (GtkWidget *widget, int *minimum, int *natural)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural,
                          NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? GAP : 0);
    }
}

static void
kelvin_flow_layout_measure (GtkLayoutManager *manager, GtkWidget *widget,
                            GtkOrientation orientation, int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  int height = 0;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_across (widget, minimum, natural);
      return;
    }

  int width = for_size < 0 ? G_MAXINT : for_size;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;)
    {
      Line line = fit_line (child, width);

      height += line.height + (height > 0 ? GAP : 0);
      child = line.end;
    }
  *minimum = *natural = height;
}

static GtkSizeRequestMode
kelvin_flow_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
allocate_line (GtkWidget *first, const Line *line, int y, int width)
{
  int x = 0;

  for (GtkWidget *child = first; child != line->end; child = gtk_widget_get_next_sibling (child))
    {
      if (!gtk_widget_should_layout (child))
        continue;

      int child_width = measure_width (child, width);
      gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, child_width, line->height }, -1);
      x += child_width + GAP;
    }
}

static void
kelvin_flow_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                             int baseline)
{
  int y = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;)
    {
      Line line = fit_line (child, width);

      allocate_line (child, &line, y, width);
      y += line.height + GAP;
      child = line.end;
    }
}

static void
kelvin_flow_layout_class_init (KelvinFlowLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->measure = kelvin_flow_layout_measure;
  manager_class->get_request_mode = kelvin_flow_layout_get_request_mode;
  manager_class->allocate = kelvin_flow_layout_allocate;
}

static void
kelvin_flow_layout_init (KelvinFlowLayout *self)
{
}
