#include "app/event-input.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "engine/model/json-text.h"

/* The service's limit of a synchronous invocation. */
#define LARGEST_EVENT (6 * 1024 * 1024)

static GInputStream *
open_event (const char *file, GError **error)
{
  if (g_str_equal (file, "-"))
    return g_unix_input_stream_new (STDIN_FILENO, FALSE);

  g_autoptr (GFile) location = g_file_new_for_path (file);
  return G_INPUT_STREAM (g_file_read (location, NULL, error));
}

/* Of a file without an end, no more than shows that it is too large. */
static GBytes *
read_event (const char *file, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GInputStream) stream = open_event (file, &local_error);
  g_autofree char *data = g_malloc (LARGEST_EVENT + 1);
  gsize length = 0;

  if (stream == NULL ||
      !g_input_stream_read_all (stream, data, LARGEST_EVENT + 1, &length, NULL, &local_error))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--event: can't read \"%s\": %s; right is a file, or - for standard input", file,
                   local_error->message);
      return NULL;
    }
  data = g_realloc (data, MAX (length, 1));
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

static gboolean
check_event (const char *name, GBytes *event, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (event, &length);

  if (length > LARGEST_EVENT)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s is larger than 6 MB (%d bytes), the most that an event may be", name,
                   LARGEST_EVENT);
      return FALSE;
    }
  if (kelvin_json_check (data, length, KELVIN_JSON_EVENT_DEPTH, &local_error))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s can't be an event: %s", name,
               local_error->message);
  return FALSE;
}

GBytes *
kelvin_event_input_read (const char *file, const char *json, GError **error)
{
  g_autoptr (GBytes) event = NULL;
  const char *name = "--event-json";

  if (file != NULL && json != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "--event and --event-json were both given; right is one of them");
      return NULL;
    }
  if (file != NULL)
    {
      name = g_str_equal (file, "-") ? "standard input" : file;
      event = read_event (file, error);
      if (event == NULL)
        return NULL;
    }
  else
    {
      const char *text = json != NULL ? json : "{}";
      event = g_bytes_new (text, strlen (text));
    }
  return check_event (name, event, error) ? g_steal_pointer (&event) : NULL;
}

char *
kelvin_event_input_get_name (const char *file, const char *function_dir)
{
  if (file == NULL || g_str_equal (file, "-"))
    return NULL;

  g_autoptr (GFile) location = g_file_new_for_path (file);
  g_autoptr (GFile) folder = g_file_new_for_path (function_dir);
  g_autofree char *relative = g_file_get_relative_path (folder, location);

  return g_filename_display_name (relative != NULL ? relative : file);
}
