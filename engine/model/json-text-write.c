#include "engine/model/json-text.h"

#include <math.h>
#include <string.h>

typedef struct {
  GString *text;
  KelvinJsonStyle style;
  guint depth;
} Writer;

static void write_node (Writer *writer, JsonNode *node);

static void
write_string (Writer *writer, const char *string)
{
  GString *text = writer->text;

  g_string_append_c (text, '"');
  for (const char *at = string; *at != '\0'; at++)
    {
      guchar c = (guchar) *at;

      if (c == '"' || c == '\\')
        g_string_append_c (text, '\\');
      if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (c == '\r')
        g_string_append (text, "\\r");
      else if (c < 0x20 || c == 0x7f)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_c (text, (char) c);
    }
  g_string_append_c (text, '"');
}

/* The fewest digits that read back as the same double, with a mark that it is one. */
static void
write_double (Writer *writer, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    {
      g_string_append (writer->text, "null");
      return;
    }
  if (isinf (value))
    {
      /* JSON has no word for it; a number too large to hold reads back as it */
      g_string_append (writer->text, value > 0 ? "1e999" : "-1e999");
      return;
    }

  g_ascii_formatd (digits, sizeof digits, "%.15g", value);
  if (g_ascii_strtod (digits, NULL) != value)
    g_ascii_formatd (digits, sizeof digits, "%.16g", value);
  if (g_ascii_strtod (digits, NULL) != value)
    g_ascii_formatd (digits, sizeof digits, "%.17g", value);

  g_string_append (writer->text, digits);
  if (strpbrk (digits, ".e") == NULL)
    g_string_append (writer->text, ".0");
}

static void
write_value (Writer *writer, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    write_string (writer, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (writer->text, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    write_double (writer, json_node_get_double (node));
  else
    g_string_append_printf (writer->text, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static void
write_line_start (Writer *writer)
{
  if (writer->style == KELVIN_JSON_COMPACT)
    return;

  g_string_append_c (writer->text, '\n');
  for (guint i = 0; i < writer->depth; i++)
    g_string_append (writer->text, "  ");
}

static void
write_object (Writer *writer, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  gboolean first = TRUE;

  g_string_append_c (writer->text, '{');
  writer->depth++;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      if (!first)
        g_string_append_c (writer->text, ',');
      first = FALSE;
      write_line_start (writer);
      write_string (writer, name);
      g_string_append (writer->text, writer->style == KELVIN_JSON_PRETTY ? ": " : ":");
      write_node (writer, member);
    }
  writer->depth--;
  if (!first)
    write_line_start (writer);
  g_string_append_c (writer->text, '}');
}

static void
write_array (Writer *writer, JsonArray *array)
{
  guint length = json_array_get_length (array);

  g_string_append_c (writer->text, '[');
  writer->depth++;
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (writer->text, ',');
      write_line_start (writer);
      write_node (writer, json_array_get_element (array, i));
    }
  writer->depth--;
  if (length > 0)
    write_line_start (writer);
  g_string_append_c (writer->text, ']');
}

static void
write_node (Writer *writer, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    write_object (writer, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    write_array (writer, json_node_get_array (node));
  else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (writer->text, "null");
  else
    write_value (writer, node);
}

char *
kelvin_json_to_text (JsonNode *node, KelvinJsonStyle style)
{
  g_return_val_if_fail (node != NULL, NULL);

  Writer writer = { .text = g_string_new (NULL), .style = style };

  write_node (&writer, node);
  if (style == KELVIN_JSON_PRETTY)
    g_string_append_c (writer.text, '\n');

  return g_string_free (writer.text, FALSE);
}
