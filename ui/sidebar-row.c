#include "config.h"

#include "ui/sidebar-row.h"

#include <glib/gi18n-lib.h>

struct _KelvinSidebarRow {
  GtkListBoxRow parent_instance;

  KelvinOpenFunction *open_function;
  KelvinStateMark *mark;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *unsaved;
};

G_DEFINE_FINAL_TYPE (KelvinSidebarRow, kelvin_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
update (KelvinSidebarRow *self)
{
  const char *title = kelvin_open_function_get_title (self->open_function);
  KelvinMark mark = kelvin_open_function_get_mark (self->open_function);
  g_autofree char *subtitle = kelvin_open_function_dup_subtitle (self->open_function);
  g_autofree char *description = g_strdup_printf ("%s, %s", subtitle, kelvin_mark_get_title (mark));

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  kelvin_state_mark_set_mark (self->mark, mark);
  gtk_widget_set_visible (self->unsaved, kelvin_open_function_is_modified (self->open_function));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               kelvin_open_function_get_dir (self->open_function));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static void
kelvin_sidebar_row_dispose (GObject *object)
{
  KelvinSidebarRow *self = KELVIN_SIDEBAR_ROW (object);

  g_clear_object (&self->open_function);

  G_OBJECT_CLASS (kelvin_sidebar_row_parent_class)->dispose (object);
}

static void
kelvin_sidebar_row_class_init (KelvinSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_sidebar_row_dispose;

  g_type_ensure (KELVIN_TYPE_STATE_MARK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinSidebarRow, mark);
  gtk_widget_class_bind_template_child (widget_class, KelvinSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, KelvinSidebarRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, KelvinSidebarRow, unsaved);
}

static void
kelvin_sidebar_row_init (KelvinSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_sidebar_row_new (KelvinOpenFunction *open_function)
{
  KelvinSidebarRow *self = g_object_new (KELVIN_TYPE_SIDEBAR_ROW, NULL);

  self->open_function = g_object_ref (open_function);
  g_signal_connect_object (open_function, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

KelvinOpenFunction *
kelvin_sidebar_row_get_open_function (KelvinSidebarRow *self)
{
  g_return_val_if_fail (KELVIN_IS_SIDEBAR_ROW (self), NULL);

  return self->open_function;
}
