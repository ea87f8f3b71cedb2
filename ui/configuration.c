#include "config.h"

#include "ui/configuration.h"

#include <glib/gi18n-lib.h>

struct _KelvinConfiguration {
  GObject parent_instance;

  char *dir;
  char *problem;
  KelvinDocument *document;
  KelvinFunction *function;
  guint parse_id;
};

enum {
  PROP_FUNCTION = 1,
  PROP_PROBLEM,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinConfiguration, kelvin_configuration, G_TYPE_OBJECT)

static void
set_problem (KelvinConfiguration *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static void
set_function (KelvinConfiguration *self, KelvinFunction *function)
{
  g_set_object (&self->function, function);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FUNCTION]);
}

static void
parse (KelvinConfiguration *self)
{
  g_autofree char *text = kelvin_document_dup_text (self->document);
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinFunction) function = NULL;

  if (kelvin_document_get_notice (self->document) == KELVIN_NOTICE_UNREADABLE)
    {
      set_problem (self, kelvin_document_get_problem (self->document));
      return;
    }

  if (kelvin_configuration_is_empty (self))
    {
      /* Translators: %s is a folder */
      g_autofree char *problem = g_strdup_printf (
          _ ("There is no function.json in %s. Make one here, or open another folder"), self->dir);

      set_problem (self, problem);
      return;
    }

  function = kelvin_function_parse (self->dir, text, -1, &error);
  if (function != NULL)
    set_function (self, function);
  set_problem (self, error != NULL ? error->message : NULL);
}

static gboolean
parse_cb (gpointer data)
{
  KelvinConfiguration *self = data;

  self->parse_id = 0;
  parse (self);
  return G_SOURCE_REMOVE;
}

static void
text_changed_cb (KelvinConfiguration *self)
{
  if (self->parse_id == 0 && kelvin_document_is_loaded (self->document))
    self->parse_id = g_idle_add (parse_cb, self);
}

static void
kelvin_configuration_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinConfiguration *self = KELVIN_CONFIGURATION (object);

  if (id == PROP_FUNCTION)
    g_value_set_object (value, self->function);
  else if (id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_configuration_finalize (GObject *object)
{
  KelvinConfiguration *self = KELVIN_CONFIGURATION (object);

  g_clear_handle_id (&self->parse_id, g_source_remove);
  g_clear_object (&self->function);
  g_clear_object (&self->document);
  g_free (self->dir);
  g_free (self->problem);

  G_OBJECT_CLASS (kelvin_configuration_parent_class)->finalize (object);
}

static void
kelvin_configuration_class_init (KelvinConfigurationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kelvin_configuration_get_property;
  object_class->finalize = kelvin_configuration_finalize;

  props[PROP_FUNCTION] = g_param_spec_object ("function", NULL, NULL, KELVIN_TYPE_FUNCTION, flags);
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_configuration_init (KelvinConfiguration *self)
{
}

KelvinConfiguration *
kelvin_configuration_new (const char *dir, KelvinDocument *document)
{
  KelvinConfiguration *self = g_object_new (KELVIN_TYPE_CONFIGURATION, NULL);

  self->dir = g_strdup (dir);
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "notify::loaded", G_CALLBACK (parse), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (kelvin_document_get_buffer (document), "changed",
                           G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
  kelvin_document_load (document);
  return self;
}

KelvinDocument *
kelvin_configuration_get_document (KelvinConfiguration *self)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (self), NULL);

  return self->document;
}

KelvinFunction *
kelvin_configuration_get_function (KelvinConfiguration *self)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (self), NULL);

  return self->function;
}

const char *
kelvin_configuration_get_problem (KelvinConfiguration *self)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (self), NULL);

  return self->problem;
}

gboolean
kelvin_configuration_is_empty (KelvinConfiguration *self)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (self), TRUE);

  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (kelvin_document_get_buffer (self->document));
  return gtk_text_buffer_get_char_count (buffer) == 0;
}

gboolean
kelvin_configuration_edit (KelvinConfiguration *self, const char *path, JsonNode *value,
                           GError **error)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (self), FALSE);
  g_return_val_if_fail (self->function != NULL, FALSE);

  g_autoptr (KelvinFunction) edited = kelvin_function_edit (self->function, path, value, error);
  if (edited == NULL)
    return FALSE;

  g_autofree char *text = kelvin_function_to_text (edited);
  kelvin_document_set_text (self->document, text);
  set_function (self, edited);
  return TRUE;
}
