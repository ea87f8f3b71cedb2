#include "config.h"

#include "ui/sidebar.h"

#include <glib/gi18n-lib.h>

#include "ui/sidebar-row.h"
#include "ui/workbench.h"

struct _KelvinSidebar {
  GtkWidget parent_instance;

  GtkListBox *functions;
  GtkListBox *workbench;
  KelvinOpenFunction *selected;
};

enum {
  PROP_SELECTED = 1,
  N_PROPS,
};

enum {
  WORKBENCH,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinSidebar, kelvin_sidebar, GTK_TYPE_WIDGET)

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  return kelvin_sidebar_row_new (item);
}

static void
set_selected (KelvinSidebar *self, KelvinOpenFunction *open_function)
{
  if (g_set_object (&self->selected, open_function))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

static void
function_selected_cb (KelvinSidebar *self, GtkListBoxRow *row)
{
  if (row == NULL)
    return;

  gtk_list_box_unselect_all (self->workbench);
  set_selected (self, kelvin_sidebar_row_get_open_function (KELVIN_SIDEBAR_ROW (row)));
}

static void
workbench_selected_cb (KelvinSidebar *self, GtkListBoxRow *row)
{
  if (row == NULL)
    return;

  gtk_list_box_unselect_all (self->functions);
  set_selected (self, NULL);
  g_signal_emit (self, signals[WORKBENCH], 0,
                 kelvin_workbench_get_page (gtk_list_box_row_get_index (row)));
}

static void
kelvin_sidebar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    g_value_set_object (value, KELVIN_SIDEBAR (object)->selected);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_sidebar_dispose (GObject *object)
{
  KelvinSidebar *self = KELVIN_SIDEBAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_SIDEBAR);
  g_clear_object (&self->selected);

  G_OBJECT_CLASS (kelvin_sidebar_parent_class)->dispose (object);
}

static void
kelvin_sidebar_class_init (KelvinSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kelvin_sidebar_get_property;
  object_class->dispose = kelvin_sidebar_dispose;

  props[PROP_SELECTED] = g_param_spec_object ("selected", NULL, NULL, KELVIN_TYPE_OPEN_FUNCTION,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[WORKBENCH] = g_signal_new ("workbench", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "sidebar");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/sidebar.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinSidebar, functions);
  gtk_widget_class_bind_template_child (widget_class, KelvinSidebar, workbench);
  gtk_widget_class_bind_template_callback (widget_class, function_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, workbench_selected_cb);
}

static GtkWidget *
create_workbench_row (const KelvinWorkbenchPage *page)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (_ (page->title));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (label, 24);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (page->title), -1);
  return row;
}

static void
kelvin_sidebar_init (KelvinSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < kelvin_workbench_get_n_pages (); i++)
    gtk_list_box_append (self->workbench, create_workbench_row (kelvin_workbench_get_page (i)));
}

void
kelvin_sidebar_set_functions (KelvinSidebar *self, GListModel *functions)
{
  g_return_if_fail (KELVIN_IS_SIDEBAR (self));

  gtk_list_box_bind_model (self->functions, functions, create_row, NULL, NULL);
}

void
kelvin_sidebar_select (KelvinSidebar *self, KelvinOpenFunction *open_function)
{
  GtkListBoxRow *row;

  g_return_if_fail (KELVIN_IS_SIDEBAR (self));

  if (open_function == NULL)
    set_selected (self, NULL);

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->functions, i)) != NULL; i++)
    if (kelvin_sidebar_row_get_open_function (KELVIN_SIDEBAR_ROW (row)) == open_function)
      gtk_list_box_select_row (self->functions, row);
}

void
kelvin_sidebar_select_workbench (KelvinSidebar *self, const char *name)
{
  g_return_if_fail (KELVIN_IS_SIDEBAR (self));

  for (guint i = 0; i < kelvin_workbench_get_n_pages (); i++)
    if (g_str_equal (kelvin_workbench_get_page (i)->name, name))
      gtk_list_box_select_row (self->workbench, gtk_list_box_get_row_at_index (self->workbench, i));
}

KelvinOpenFunction *
kelvin_sidebar_get_selected (KelvinSidebar *self)
{
  g_return_val_if_fail (KELVIN_IS_SIDEBAR (self), NULL);

  return self->selected;
}
