#include "config.h"

#include "ui/field-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PAUSE_MS 300

struct _KelvinFieldRow {
  AdwEntryRow parent_instance;

  char *path;
  char *usual;
  char *label;
  KelvinFieldKind kind;
  KelvinOpenFunction *open_function;
  guint apply_id;
  gboolean showing; /* the text is set by the row itself */
};

enum {
  PROP_PATH = 1,
  PROP_KIND,
  PROP_USUAL,
  PROP_LABEL,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinFieldRow, kelvin_field_row, ADW_TYPE_ENTRY_ROW)
G_DEFINE_ENUM_TYPE (KelvinFieldKind, kelvin_field_kind,
                    G_DEFINE_ENUM_VALUE (KELVIN_FIELD_TEXT, "text"),
                    G_DEFINE_ENUM_VALUE (KELVIN_FIELD_NUMBER, "number"),
                    G_DEFINE_ENUM_VALUE (KELVIN_FIELD_LIST, "list"))

JsonNode *
kelvin_field_find (JsonNode *document, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  JsonNode *node = document;

  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    node = JSON_NODE_HOLDS_OBJECT (node)
               ? json_object_get_member (json_node_get_object (node), names[i])
               : NULL;

  return node;
}

static char *
format_list (JsonArray *array)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (array, i));

  return g_strdup (text->str);
}

static char *
format_value (KelvinFieldRow *self, JsonNode *node)
{
  if (node == NULL)
    return g_strdup (self->usual != NULL ? self->usual : "");
  if (JSON_NODE_HOLDS_ARRAY (node))
    return format_list (json_node_get_array (node));
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));

  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
}

static JsonNode *
parse_list (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      json_array_add_string_element (array, parts[i]);

  json_node_take_array (node, array);
  return node;
}

/* What isn't a number goes as it is: the rule that it breaks is said by whoever knows it. */
static JsonNode *
parse_value (KelvinFieldRow *self, const char *text)
{
  JsonNode *node;
  gint64 number;

  if (self->kind == KELVIN_FIELD_LIST)
    return parse_list (text);

  node = json_node_new (JSON_NODE_VALUE);
  if (self->kind == KELVIN_FIELD_NUMBER &&
      g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    json_node_set_int (node, number);
  else
    json_node_set_string (node, text);
  return node;
}

/* The rule alone: the field is where the person looks. */
static const char *
skip_place (const char *message)
{
  const char *rule = strstr (message, "; it must ");

  if (rule == NULL)
    return message;

  return rule + strlen ("; ");
}

static void
show_problem (KelvinFieldRow *self, const char *problem)
{
  g_autofree char *title = NULL;

  if (problem == NULL)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), self->label);
      return;
    }

  /* Translators: a field and what is wrong with its value */
  title = g_strdup_printf (_ ("%s: %s"), self->label, skip_place (problem));
  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
}

static gboolean
apply_cb (gpointer data)
{
  KelvinFieldRow *self = data;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self));
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  self->apply_id = 0;
  if (self->open_function == NULL ||
      kelvin_open_function_get_function (self->open_function) == NULL)
    return G_SOURCE_REMOVE;

  /* an empty variable is a variable; any other empty field is one that isn't set */
  if (*text != '\0' || g_str_has_prefix (self->path, "Environment."))
    node = parse_value (self, text);
  kelvin_configuration_edit (kelvin_open_function_get_configuration (self->open_function),
                             self->path, node, &error);
  show_problem (self, error != NULL ? error->message : NULL);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (KelvinFieldRow *self)
{
  if (self->showing)
    return;

  g_clear_handle_id (&self->apply_id, g_source_remove);
  self->apply_id = g_timeout_add (PAUSE_MS, apply_cb, self);
}

static gboolean
is_being_edited (KelvinFieldRow *self)
{
  return self->apply_id != 0 ||
         (gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* What a person types isn't taken from under their hands. */
static void
show_value (KelvinFieldRow *self)
{
  KelvinFunction *function = kelvin_open_function_get_function (self->open_function);

  if (function == NULL || is_being_edited (self))
    return;

  g_autoptr (JsonNode) document = kelvin_function_to_json (function);
  g_autofree char *text = format_value (self, kelvin_field_find (document, self->path));
  self->showing = TRUE;
  if (!g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
    gtk_editable_set_text (GTK_EDITABLE (self), text);
  self->showing = FALSE;
  show_problem (self, NULL);
}

static void
forget_function (KelvinFieldRow *self)
{
  if (self->open_function == NULL)
    return;

  if (self->apply_id != 0)
    {
      g_clear_handle_id (&self->apply_id, g_source_remove);
      apply_cb (self);
    }
  g_signal_handlers_disconnect_by_data (self->open_function, self);
  g_clear_object (&self->open_function);
}

static void
kelvin_field_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KelvinFieldRow *self = KELVIN_FIELD_ROW (object);

  switch (id)
    {
    case PROP_PATH:
      self->path = g_value_dup_string (value);
      break;
    case PROP_KIND:
      self->kind = g_value_get_enum (value);
      break;
    case PROP_USUAL:
      self->usual = g_value_dup_string (value);
      break;
    case PROP_LABEL:
      self->label = g_value_dup_string (value);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), self->label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kelvin_field_row_dispose (GObject *object)
{
  forget_function (KELVIN_FIELD_ROW (object));

  G_OBJECT_CLASS (kelvin_field_row_parent_class)->dispose (object);
}

static void
kelvin_field_row_finalize (GObject *object)
{
  KelvinFieldRow *self = KELVIN_FIELD_ROW (object);

  g_free (self->path);
  g_free (self->usual);
  g_free (self->label);

  G_OBJECT_CLASS (kelvin_field_row_parent_class)->finalize (object);
}

static void
kelvin_field_row_class_init (KelvinFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = kelvin_field_row_set_property;
  object_class->dispose = kelvin_field_row_dispose;
  object_class->finalize = kelvin_field_row_finalize;

  props[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, "", flags);
  props[PROP_KIND] =
      g_param_spec_enum ("kind", NULL, NULL, KELVIN_TYPE_FIELD_KIND, KELVIN_FIELD_TEXT, flags);
  props[PROP_USUAL] = g_param_spec_string ("usual", NULL, NULL, NULL, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_field_row_init (KelvinFieldRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  g_signal_connect (self, "changed", G_CALLBACK (changed_cb), NULL);
}

GtkWidget *
kelvin_field_row_new (const char *path, const char *label)
{
  return g_object_new (KELVIN_TYPE_FIELD_ROW, "path", path, "label", label, NULL);
}

const char *
kelvin_field_row_get_path (KelvinFieldRow *self)
{
  g_return_val_if_fail (KELVIN_IS_FIELD_ROW (self), NULL);

  return self->path;
}

void
kelvin_field_row_set_open_function (KelvinFieldRow *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_FIELD_ROW (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (show_value), self);
  show_value (self);
}
