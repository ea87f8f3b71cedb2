#include "config.h"

#include "ui/doors-form.h"

#include <glib/gi18n-lib.h>

#include "ui/door-edit.h"
#include "ui/door-row.h"

struct _KelvinDoorsForm {
  AdwBin parent_instance;

  AdwPreferencesGroup *group;
  AdwEntryRow *added;
  GtkSwitch *internet;
  gboolean showing; /* the switch is set by the form itself */
  GPtrArray *rows;  /* of KelvinDoorRow, as the doors are */
  KelvinOpenFunction *open_function;
};

G_DEFINE_FINAL_TYPE (KelvinDoorsForm, kelvin_doors_form, ADW_TYPE_BIN)

static KelvinConfiguration *
get_configuration (KelvinDoorsForm *self)
{
  return kelvin_open_function_get_configuration (self->open_function);
}

static void
show_added_problem (KelvinDoorsForm *self, const char *problem)
{
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->added), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->added), "error");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->added),
                                 problem != NULL ? problem : _ ("Host and port of a new door"));
}

static void
clear_rows (KelvinDoorsForm *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

static void
make_rows (KelvinDoorsForm *self, guint n)
{
  clear_rows (self);
  adw_preferences_group_remove (self->group, GTK_WIDGET (self->added));
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = kelvin_door_row_new (get_configuration (self), i);

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (self->group, row);
    }
  adw_preferences_group_add (self->group, GTK_WIDGET (self->added));
}

static void
function_changed_cb (KelvinDoorsForm *self)
{
  KelvinFunction *function = kelvin_open_function_get_function (self->open_function);
  guint n = function != NULL ? kelvin_function_get_doors (function)->len : 0;

  self->showing = TRUE;
  gtk_switch_set_active (self->internet,
                         function != NULL &&
                             g_str_equal (kelvin_function_get_network (function), "internet"));
  self->showing = FALSE;
  if (n != self->rows->len)
    make_rows (self, n);
  for (guint i = 0; i < n; i++)
    kelvin_door_row_update (g_ptr_array_index (self->rows, i));
}

static void
internet_cb (KelvinDoorsForm *self)
{
  g_autoptr (JsonNode) internet = NULL;

  if (self->showing || self->open_function == NULL ||
      kelvin_open_function_get_function (self->open_function) == NULL)
    return;
  /* without the member it is none */
  if (gtk_switch_get_active (self->internet))
    internet = json_node_init_string (json_node_alloc (), "internet");
  kelvin_configuration_edit (get_configuration (self), "Kelvin.Network", internet, NULL);
}

/* To the same port of this machine, where what a person tries out listens most often. */
static gboolean
add_door (KelvinDoorsForm *self, const char *text, GError **error)
{
  g_autofree char *host = NULL;
  g_auto (GStrv) labels = NULL;
  KelvinDoor door = { .to_host = (char *) "127.0.0.1" };

  if (!kelvin_door_parse_address (text, &host, &door.port))
    {
      g_set_error_literal (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
                           _ ("It must be a host and a port, such as db.internal:5432"));
      return FALSE;
    }

  labels = g_strsplit (host, ".", 2);
  door.name = labels[0];
  door.host = host;
  door.to_port = door.port;
  return kelvin_door_edit_add (get_configuration (self), &door, error);
}

static void
add_cb (KelvinDoorsForm *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->added));
  g_autoptr (GError) error = NULL;

  if (*text == '\0' || self->open_function == NULL ||
      kelvin_open_function_get_function (self->open_function) == NULL)
    return;
  if (!add_door (self, text, &error))
    {
      show_added_problem (self, error->message);
      return;
    }

  show_added_problem (self, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->added), "");
}

static void
forget_function (KelvinDoorsForm *self)
{
  if (self->open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->open_function, self);
  clear_rows (self);
  g_clear_object (&self->open_function);
}

static void
kelvin_doors_form_dispose (GObject *object)
{
  KelvinDoorsForm *self = KELVIN_DOORS_FORM (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_DOORS_FORM);
  g_clear_object (&self->added);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (kelvin_doors_form_parent_class)->dispose (object);
}

static void
kelvin_doors_form_class_init (KelvinDoorsFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_doors_form_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/doors-form.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinDoorsForm, group);
  gtk_widget_class_bind_template_child (widget_class, KelvinDoorsForm, internet);
  gtk_widget_class_bind_template_callback (widget_class, internet_cb);
}

static void
kelvin_doors_form_init (KelvinDoorsForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->rows = g_ptr_array_new ();
  self->added = g_object_ref_sink (ADW_ENTRY_ROW (adw_entry_row_new ()));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->added), FALSE);
  adw_entry_row_set_show_apply_button (self->added, TRUE);
  g_signal_connect_object (self->added, "apply", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->group, GTK_WIDGET (self->added));
  show_added_problem (self, NULL);
}

void
kelvin_doors_form_set_open_function (KelvinDoorsForm *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_DOORS_FORM (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (function_changed_cb),
                            self);
  function_changed_cb (self);
}
