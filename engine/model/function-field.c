#include "engine/model/function-field.h"

#include <string.h>

#include "engine/model/function-private.h"
#include "engine/model/json-text.h"
#include "engine/model/name-suggestion.h"

#define LONGEST_VALUE_SHOWN 80

gboolean
kelvin_field_refuse (KelvinFunction *self, const char *field, JsonNode *value, const char *rule,
                     GError **error)
{
  g_autofree char *text = kelvin_json_to_text (value, KELVIN_JSON_COMPACT);
  gboolean cut = g_utf8_strlen (text, -1) > LONGEST_VALUE_SHOWN;

  if (cut)
    *g_utf8_offset_to_pointer (text, LONGEST_VALUE_SHOWN) = '\0';
  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
               "%s: %s is %s%s; it must be %s", self->file, field, text, cut ? "…" : "", rule);
  return FALSE;
}

gboolean
kelvin_field_read_whole (KelvinFunction *self, const char *field, JsonNode *value, gint64 low,
                         gint64 high, guint *out_number, GError **error)
{
  gboolean whole = json_node_get_value_type (value) == G_TYPE_INT64;
  gint64 number = whole ? json_node_get_int (value) : 0;

  if (whole && number >= low && number <= high)
    {
      *out_number = (guint) number;
      return TRUE;
    }

  g_autofree char *rule =
      high == G_MAXINT32
          ? g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " on", low)
          : g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, low,
                             high);
  return kelvin_field_refuse (self, field, value, rule, error);
}

const char *
kelvin_field_read_string (KelvinFunction *self, const char *field, JsonNode *value,
                          const char *rule, GError **error)
{
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return json_node_get_string (value);

  kelvin_field_refuse (self, field, value, rule, error);
  return NULL;
}

gboolean
kelvin_field_read_choice (KelvinFunction *self, const char *field, JsonNode *value,
                          const char *const *choices, const char *rule, GError **error)
{
  const char *text = kelvin_field_read_string (self, field, value, rule, error);
  if (text == NULL)
    return FALSE;

  return g_strv_contains (choices, text) || kelvin_field_refuse (self, field, value, rule, error);
}

static void
warn_unknown (KelvinFunction *self, const char *prefix, const char *name, const KelvinField *fields)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (const KelvinField *field = fields; field->name != NULL; field++)
    g_ptr_array_add (names, (gpointer) field->name);
  g_ptr_array_add (names, NULL);

  const char *meant = kelvin_name_suggestion (name, (const char *const *) names->pdata);
  char *warning = meant != NULL ? g_strdup_printf ("%s: %s%s: unknown field; did you mean %s%s?",
                                                   self->file, prefix, name, prefix, meant)
                                : g_strdup_printf ("%s: %s%s: unknown field, kept as it is",
                                                   self->file, prefix, name);
  g_ptr_array_add (self->warnings, warning);
}

static void
warn_unused (KelvinFunction *self, const char *prefix, const char *name)
{
  g_ptr_array_add (self->warnings,
                   g_strdup_printf ("%s: %s%s: kept as it is, but it has no effect in Kelvin",
                                    self->file, prefix, name));
}

static const KelvinField *
find_field (const KelvinField *fields, const char *name)
{
  for (const KelvinField *field = fields; field->name != NULL; field++)
    {
      if (strcmp (field->name, name) == 0)
        return field;
    }

  return NULL;
}

gboolean
kelvin_field_read_members (KelvinFunction *self, const char *prefix, JsonObject *object,
                           const KelvinField *fields, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const KelvinField *field = find_field (fields, name);

      if (field == NULL)
        warn_unknown (self, prefix, name, fields);
      else if (JSON_NODE_HOLDS_NULL (value))
        continue;
      else if (field->read == NULL)
        warn_unused (self, prefix, name);
      else if (!field->read (self, value, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
kelvin_field_read_object (KelvinFunction *self, const char *name, JsonNode *value,
                          const KelvinField *fields, const char *rule, GError **error)
{
  g_autofree char *prefix = g_strconcat (name, ".", NULL);

  if (!JSON_NODE_HOLDS_OBJECT (value))
    return kelvin_field_refuse (self, name, value, rule, error);

  return kelvin_field_read_members (self, prefix, json_node_get_object (value), fields, error);
}

void
kelvin_field_warn_unheeded (KelvinFunction *self, const char *field)
{
  g_ptr_array_add (
      self->warnings,
      g_strdup_printf ("%s: %s: kept as it is, but it has no effect yet", self->file, field));
}
