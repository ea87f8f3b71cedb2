#include "config.h"

#include "ui/shortcuts-dialog.h"

#include <glib/gi18n-lib.h>

#include "ui/action-table.h"

struct _KelvinShortcutsDialog {
  AdwWindow parent_instance;

  GtkFlowBox *groups;
};

G_DEFINE_FINAL_TYPE (KelvinShortcutsDialog, kelvin_shortcuts_dialog, ADW_TYPE_WINDOW)

static GtkWidget *
create_group (const char *title)
{
  GtkWidget *group = gtk_grid_new ();
  GtkWidget *heading = gtk_label_new (title);

  gtk_grid_set_column_spacing (GTK_GRID (group), 18);
  gtk_grid_set_row_spacing (GTK_GRID (group), 6);
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "heading");
  gtk_grid_attach (GTK_GRID (group), heading, 0, 0, 2, 1);
  return group;
}

static void
add_keys (GtkWidget *group, int row, const KelvinActionEntry *entry)
{
  g_autofree char *text = kelvin_action_entry_dup_keys (entry);
  GtkWidget *title = gtk_label_new (_ (entry->title));
  GtkWidget *keys = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_halign (keys, GTK_ALIGN_END);
  gtk_widget_add_css_class (keys, "keys");
  gtk_grid_attach (GTK_GRID (group), title, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (group), keys, 1, row, 1, 1);
}

static void
fill (KelvinShortcutsDialog *self)
{
  const char *title = NULL;
  GtkWidget *group = NULL;
  int row = 0;

  for (guint i = 0; i < kelvin_action_table_get_size (); i++)
    {
      const KelvinActionEntry *entry = kelvin_action_table_get (i);

      if (entry->group == NULL)
        continue;
      if (g_strcmp0 (entry->group, title) != 0)
        {
          title = entry->group;
          group = create_group (_ (title));
          row = 1;
          gtk_flow_box_append (self->groups, group);
        }
      add_keys (group, row++, entry);
    }
}

static void
kelvin_shortcuts_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_SHORTCUTS_DIALOG);

  G_OBJECT_CLASS (kelvin_shortcuts_dialog_parent_class)->dispose (object);
}

static void
kelvin_shortcuts_dialog_class_init (KelvinShortcutsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_shortcuts_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/shortcuts-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinShortcutsDialog, groups);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
kelvin_shortcuts_dialog_init (KelvinShortcutsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill (self);
}

GtkWidget *
kelvin_shortcuts_dialog_new (GtkWindow *parent)
{
  return g_object_new (KELVIN_TYPE_SHORTCUTS_DIALOG, "transient-for", parent, NULL);
}
