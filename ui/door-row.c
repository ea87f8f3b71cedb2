#include "config.h"

#include "ui/door-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/compat-dialogs.h"
#include "ui/connection-words.h"
#include "ui/door-edit.h"

/* The fields that are entries; Refuse is a switch. */
static const struct {
  const char *member;
  const char *label;
  gboolean is_number;
  gboolean is_optional; /* 0 is nothing, and then isn't written */
} fields[] = {
  { "Name", N_ ("Name"), FALSE, FALSE },
  { "Host", N_ ("Host that the function asks for"), FALSE, FALSE },
  { "Port", N_ ("Port that it connects to"), TRUE, FALSE },
  { "To", N_ ("Leads to, with port"), FALSE, FALSE },
  { "DelayMs", N_ ("Each answer later by milliseconds"), TRUE, TRUE },
  { "Cap", N_ ("Most connections at once"), TRUE, TRUE },
  { "CutAfterBytes", N_ ("Cut a connection after bytes"), TRUE, TRUE },
};
#define N_FIELDS G_N_ELEMENTS (fields)

struct _KelvinDoorRow {
  AdwExpanderRow parent_instance;

  KelvinConfiguration *configuration;
  guint index;
  AdwEntryRow *entries[N_FIELDS];
  GtkSwitch *refuse;
  gboolean showing; /* what changes is set by the row itself */
};

G_DEFINE_FINAL_TYPE (KelvinDoorRow, kelvin_door_row, ADW_TYPE_EXPANDER_ROW)

static const KelvinDoor *
get_door (KelvinDoorRow *self)
{
  KelvinFunction *function = kelvin_configuration_get_function (self->configuration);
  GPtrArray *doors = function != NULL ? kelvin_function_get_doors (function) : NULL;

  return doors != NULL && self->index < doors->len ? doors->pdata[self->index] : NULL;
}

static char *
dup_value (const KelvinDoor *door, guint field)
{
  g_autoptr (JsonNode) node = kelvin_door_to_json (door);
  JsonNode *member = json_object_get_member (json_node_get_object (node), fields[field].member);

  if (member == NULL)
    return g_strdup ("0");
  if (json_node_get_value_type (member) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (member));
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (member));
}

/* The rule alone: the field is where the person looks. */
static void
show_problem (KelvinDoorRow *self, guint field, const char *message)
{
  AdwPreferencesRow *row = ADW_PREFERENCES_ROW (self->entries[field]);
  const char *rule = message != NULL ? strstr (message, "; it must ") : NULL;
  /* Translators: a field and what is wrong with its value */
  g_autofree char *title = message != NULL
                               ? g_strdup_printf (_ ("%s: %s"), _ (fields[field].label),
                                                  rule != NULL ? rule + strlen ("; ") : message)
                               : g_strdup (_ (fields[field].label));

  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  adw_preferences_row_set_title (row, title);
}

/* What isn't a number goes as it is: the rule that it breaks is said by whoever knows it. */
static JsonNode *
parse_value (guint field, const char *text)
{
  gint64 number = 0;
  JsonNode *node;

  if (fields[field].is_optional && (*text == '\0' || g_str_equal (text, "0")))
    return NULL;

  node = json_node_new (JSON_NODE_VALUE);
  if (fields[field].is_number && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &number, NULL))
    json_node_set_int (node, number);
  else
    json_node_set_string (node, text);
  return node;
}

static void
apply_cb (KelvinDoorRow *self, AdwEntryRow *entry)
{
  guint field = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (entry), "field"));
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_autoptr (GError) error = NULL;

  kelvin_door_edit_set (self->configuration, self->index, fields[field].member,
                        parse_value (field, text), &error);
  show_problem (self, field, error != NULL ? error->message : NULL);
}

static void
refuse_cb (KelvinDoorRow *self)
{
  JsonNode *node = NULL;

  if (self->showing)
    return;
  if (gtk_switch_get_active (self->refuse))
    node = json_node_init_boolean (json_node_alloc (), TRUE);
  kelvin_door_edit_set (self->configuration, self->index, "Refuse", node, NULL);
}

static void
remove_cb (KelvinDoorRow *self)
{
  kelvin_door_edit_remove (self->configuration, self->index, NULL);
}

static void
add_entry (KelvinDoorRow *self, guint field)
{
  AdwEntryRow *entry = ADW_ENTRY_ROW (adw_entry_row_new ());

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (entry), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ (fields[field].label));
  adw_entry_row_set_show_apply_button (entry, TRUE);
  g_object_set_data (G_OBJECT (entry), "field", GUINT_TO_POINTER (field));
  g_signal_connect_object (entry, "apply", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (entry));
  self->entries[field] = entry;
}

static void
add_refuse (KelvinDoorRow *self)
{
  GtkWidget *row = adw_action_row_new ();

  self->refuse = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->refuse), GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Refuse every connection"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), GTK_WIDGET (self->refuse));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), GTK_WIDGET (self->refuse));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->refuse), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Refuse every connection"), -1);
  g_signal_connect_object (self->refuse, "notify::active", G_CALLBACK (refuse_cb), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

static void
add_remove_button (KelvinDoorRow *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Remove this door"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove this door"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  kelvin_expander_row_add (ADW_EXPANDER_ROW (self), button);
}

static void
kelvin_door_row_dispose (GObject *object)
{
  g_clear_object (&KELVIN_DOOR_ROW (object)->configuration);

  G_OBJECT_CLASS (kelvin_door_row_parent_class)->dispose (object);
}

static void
kelvin_door_row_class_init (KelvinDoorRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kelvin_door_row_dispose;
}

static void
kelvin_door_row_init (KelvinDoorRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  add_remove_button (self);
  for (guint i = 0; i < N_FIELDS; i++)
    add_entry (self, i);
  add_refuse (self);
}

GtkWidget *
kelvin_door_row_new (KelvinConfiguration *configuration, guint index)
{
  KelvinDoorRow *self = g_object_new (KELVIN_TYPE_DOOR_ROW, NULL);

  self->configuration = g_object_ref (configuration);
  self->index = index;
  kelvin_door_row_update (self);
  return GTK_WIDGET (self);
}

static void
show_summary (KelvinDoorRow *self, const KelvinDoor *door)
{
  g_autofree char *from = kelvin_door_format_address (door->host, door->port);
  g_autofree char *to = kelvin_door_format_address (door->to_host, door->to_port);
  g_autofree char *faults = kelvin_describe_faults (&door->faults);
  /* Translators: what the function connects to, where that leads, and what else the door does */
  g_autofree char *text = faults != NULL ? g_strdup_printf (_ ("%s → %s · %s"), from, to, faults)
                                         : g_strdup_printf (_ ("%s → %s"), from, to);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), door->name);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

static gboolean
is_being_edited (AdwEntryRow *entry)
{
  return (gtk_widget_get_state_flags (GTK_WIDGET (entry)) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

void
kelvin_door_row_update (KelvinDoorRow *self)
{
  const KelvinDoor *door = get_door (self);

  if (door == NULL)
    return;

  show_summary (self, door);
  self->showing = TRUE;
  gtk_switch_set_active (self->refuse, door->faults.refuse);
  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *value = dup_value (door, i);

      if (is_being_edited (self->entries[i]))
        continue;
      show_problem (self, i, NULL);
      if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->entries[i])), value))
        gtk_editable_set_text (GTK_EDITABLE (self->entries[i]), value);
    }
  self->showing = FALSE;
}
