#include "config.h"

#include "ui/facts.h"

struct _KelvinFacts {
  GtkWidget parent_instance;

  GtkWidget *grid;
  int n_rows;
};

G_DEFINE_FINAL_TYPE (KelvinFacts, kelvin_facts, GTK_TYPE_WIDGET)

static void
kelvin_facts_dispose (GObject *object)
{
  g_clear_pointer (&KELVIN_FACTS (object)->grid, gtk_widget_unparent);

  G_OBJECT_CLASS (kelvin_facts_parent_class)->dispose (object);
}

static void
kelvin_facts_class_init (KelvinFactsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_facts_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "facts");
}

static void
kelvin_facts_init (KelvinFacts *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}

GtkWidget *
kelvin_facts_new (void)
{
  return g_object_new (KELVIN_TYPE_FACTS, NULL);
}

void
kelvin_facts_clear (KelvinFacts *self)
{
  g_return_if_fail (KELVIN_IS_FACTS (self));

  for (; self->n_rows > 0; self->n_rows--)
    gtk_grid_remove_row (GTK_GRID (self->grid), self->n_rows - 1);
}

static GtkWidget *
create_label (const char *text, float xalign, KelvinFactKind kind)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_set_margin_top (label, 4);
  if (kind == KELVIN_FACT_PART)
    gtk_widget_add_css_class (label, "dim-label");
  if (kind == KELVIN_FACT_SUM)
    gtk_widget_add_css_class (label, "heading");
  return label;
}

static GtkWidget *
create_name (KelvinFactKind kind, const char *name)
{
  GtkWidget *label = create_label (name, 0, kind);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  if (kind == KELVIN_FACT_PART)
    gtk_widget_set_margin_start (label, 14);
  return label;
}

static GtkWidget *
create_rule (const char *rule)
{
  GtkWidget *label = create_label (rule, 0, KELVIN_FACT_PART);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_margin_top (label, 0);
  return label;
}

static GtkWidget *
create_line (void)
{
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

  gtk_widget_set_margin_top (line, 6);
  return line;
}

void
kelvin_facts_add (KelvinFacts *self, KelvinFactKind kind, const char *name, const char *figure,
                  const char *rule)
{
  g_return_if_fail (KELVIN_IS_FACTS (self));

  GtkGrid *grid = GTK_GRID (self->grid);
  GtkWidget *label = create_label (figure, 1, kind);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_valign (label, GTK_ALIGN_START);

  if (kind == KELVIN_FACT_SUM)
    gtk_grid_attach (grid, create_line (), 0, self->n_rows++, 2, 1);
  gtk_grid_attach (grid, create_name (kind, name), 0, self->n_rows, 1, 1);
  gtk_grid_attach (grid, label, 1, self->n_rows++, 1, 1);
  if (rule != NULL)
    gtk_grid_attach (grid, create_rule (rule), 0, self->n_rows++, 2, 1);
}
