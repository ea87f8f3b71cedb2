#include "engine/model/json-text.h"

#include <string.h>
#include <yajl/yajl_parse.h>

/* What a callback found wrong, apart from the grammar that yajl itself checks. */
typedef enum {
  FAULT_NONE,
  FAULT_TOO_DEEP,
  FAULT_NUL,
} Fault;

typedef struct {
  guint depth;
  guint max_depth;
  Fault fault;
  JsonBuilder *builder; /* NULL while only checking */
} Reader;

G_DEFINE_QUARK (kelvin_json_error, kelvin_json_error)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (yajl_handle, yajl_free, NULL)

static int
enter (Reader *reader)
{
  if (reader->depth == reader->max_depth)
    {
      reader->fault = FAULT_TOO_DEEP;
      return FALSE;
    }

  reader->depth++;
  return TRUE;
}

static int
check_start_cb (void *context)
{
  return enter (context);
}

static int
check_end_cb (void *context)
{
  Reader *reader = context;

  reader->depth--;
  return TRUE;
}

static int
build_null_cb (void *context)
{
  Reader *reader = context;

  json_builder_add_null_value (reader->builder);
  return TRUE;
}

static int
build_boolean_cb (void *context, int value)
{
  Reader *reader = context;

  json_builder_add_boolean_value (reader->builder, value);
  return TRUE;
}

static int
build_number_cb (void *context, const char *digits, size_t length)
{
  Reader *reader = context;
  g_autofree char *text = g_strndup (digits, length);
  gint64 whole = 0;

  /* minus zero is a double: a whole number has no sign of zero */
  if (strcmp (text, "-0") != 0 &&
      g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &whole, NULL))
    json_builder_add_int_value (reader->builder, whole);
  else
    json_builder_add_double_value (reader->builder, g_ascii_strtod (text, NULL));

  return TRUE;
}

/* NULL and a fault where the text can't be a C string */
static char *
take_string (Reader *reader, const unsigned char *bytes, size_t length)
{
  if (memchr (bytes, '\0', length) == NULL)
    return g_strndup ((const char *) bytes, length);

  reader->fault = FAULT_NUL;
  return NULL;
}

static int
build_string_cb (void *context, const unsigned char *bytes, size_t length)
{
  Reader *reader = context;
  g_autofree char *text = take_string (reader, bytes, length);

  if (text == NULL)
    return FALSE;
  json_builder_add_string_value (reader->builder, text);
  return TRUE;
}

static int
build_key_cb (void *context, const unsigned char *bytes, size_t length)
{
  Reader *reader = context;
  g_autofree char *text = take_string (reader, bytes, length);

  if (text == NULL)
    return FALSE;
  json_builder_set_member_name (reader->builder, text);
  return TRUE;
}

static int
build_start_object_cb (void *context)
{
  Reader *reader = context;

  if (!enter (reader))
    return FALSE;
  json_builder_begin_object (reader->builder);
  return TRUE;
}

static int
build_start_array_cb (void *context)
{
  Reader *reader = context;

  if (!enter (reader))
    return FALSE;
  json_builder_begin_array (reader->builder);
  return TRUE;
}

static int
build_end_object_cb (void *context)
{
  Reader *reader = context;

  json_builder_end_object (reader->builder);
  return check_end_cb (reader);
}

static int
build_end_array_cb (void *context)
{
  Reader *reader = context;

  json_builder_end_array (reader->builder);
  return check_end_cb (reader);
}

static const yajl_callbacks check_callbacks = {
  .yajl_start_map = check_start_cb,
  .yajl_end_map = check_end_cb,
  .yajl_start_array = check_start_cb,
  .yajl_end_array = check_end_cb,
};

static const yajl_callbacks build_callbacks = {
  .yajl_null = build_null_cb,
  .yajl_boolean = build_boolean_cb,
  .yajl_number = build_number_cb,
  .yajl_string = build_string_cb,
  .yajl_map_key = build_key_cb,
  .yajl_start_map = build_start_object_cb,
  .yajl_end_map = build_end_object_cb,
  .yajl_start_array = build_start_array_cb,
  .yajl_end_array = build_end_array_cb,
};

/* Line and column, both from 1, of the last of the first @consumed bytes; columns are characters.
 */
static void
locate (const char *data, gsize consumed, guint *out_line, guint *out_column)
{
  gsize at = consumed > 0 ? consumed - 1 : 0;
  gsize line_start = 0;
  guint line = 1;
  guint column = 0;

  for (gsize i = 0; i < at; i++)
    {
      if (data[i] != '\n')
        continue;
      line++;
      line_start = i + 1;
    }
  for (gsize i = line_start; i < at; i++)
    column += ((guchar) data[i] & 0xc0) != 0x80;

  *out_line = line;
  *out_column = column + 1;
}

/* yajl's words, "parse error: premature EOF\n", without their head and tail */
static char *
describe_grammar (yajl_handle parser)
{
  unsigned char *raw = yajl_get_error (parser, FALSE, NULL, 0);
  const char *colon = strstr ((const char *) raw, ": ");
  char *text = g_strstrip (g_strdup (colon != NULL ? colon + 2 : (const char *) raw));

  yajl_free_error (parser, raw);
  if (g_str_has_suffix (text, "."))
    text[strlen (text) - 1] = '\0';
  return text;
}

static void
set_error (GError **error, yajl_handle parser, const Reader *reader, const char *data,
           gsize consumed)
{
  guint line, column;

  locate (data, consumed, &line, &column);
  if (reader->fault == FAULT_TOO_DEEP)
    {
      g_set_error (error, KELVIN_JSON_ERROR, KELVIN_JSON_ERROR_TOO_DEEP,
                   "line %u, column %u: nested more than %u levels deep", line, column,
                   reader->max_depth);
      return;
    }

  g_autofree char *grammar = reader->fault == FAULT_NUL
                                 ? g_strdup ("a string with the character U+0000")
                                 : describe_grammar (parser);
  g_set_error (error, KELVIN_JSON_ERROR, KELVIN_JSON_ERROR_MALFORMED, "line %u, column %u: %s",
               line, column, grammar);
}

static gboolean
read_text (Reader *reader, const yajl_callbacks *callbacks, const char *data, gsize length,
           GError **error)
{
  g_auto (yajl_handle) parser = yajl_alloc (callbacks, NULL, reader);

  if (yajl_parse (parser, (const unsigned char *) data, length) != yajl_status_ok)
    {
      set_error (error, parser, reader, data, MIN (yajl_get_bytes_consumed (parser), length));
      return FALSE;
    }
  if (yajl_complete_parse (parser) != yajl_status_ok)
    {
      set_error (error, parser, reader, data, length);
      return FALSE;
    }

  return TRUE;
}

gboolean
kelvin_json_check (const char *data, gsize length, guint max_depth, GError **error)
{
  Reader reader = { .max_depth = max_depth };

  return read_text (&reader, &check_callbacks, data, length, error);
}

JsonNode *
kelvin_json_parse (const char *data, gsize length, guint max_depth, GError **error)
{
  g_return_val_if_fail (max_depth <= KELVIN_JSON_EVENT_DEPTH, NULL);

  g_autoptr (JsonBuilder) builder = json_builder_new ();
  Reader reader = { .max_depth = max_depth, .builder = builder };

  /* a builder takes a scalar inside of a container alone, so one is put around the text */
  json_builder_begin_array (builder);
  if (!read_text (&reader, &build_callbacks, data, length, error))
    return NULL;
  json_builder_end_array (builder);

  g_autoptr (JsonNode) around = json_builder_get_root (builder);
  return json_array_dup_element (json_node_get_array (around), 0);
}
