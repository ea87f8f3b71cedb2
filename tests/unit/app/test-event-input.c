#include "app/event-input.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *dir;
  char *file;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp (NULL, NULL);
  g_assert_nonnull (f->dir);
  f->file = g_build_filename (f->dir, "event.json", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_remove (f->file);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->file);
  g_free (f->dir);
}

static void
assert_bytes (GBytes *bytes, const char *text)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (data, length, text, strlen (text));
}

static void
assert_refused (const char *file, const char *json, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_event_input_read (file, json, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_OPTION_ERROR);
  if (strstr (error->message, message) == NULL)
    g_error ("\"%s\" doesn't say \"%s\"", error->message, message);
}

static void
test_bytes_are_kept (Fixture *f, gconstpointer data)
{
  const char *text = " {\"a\" : 1.0e0}\n";
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (f->file, text, -1, NULL));
  g_autoptr (GBytes) from_file = kelvin_event_input_read (f->file, NULL, &error);
  g_assert_no_error (error);
  assert_bytes (from_file, text);

  g_autoptr (GBytes) from_text = kelvin_event_input_read (NULL, "null", &error);
  g_assert_no_error (error);
  assert_bytes (from_text, "null");

  g_autoptr (GBytes) usual = kelvin_event_input_read (NULL, NULL, &error);
  g_assert_no_error (error);
  assert_bytes (usual, "{}");
}

static void
test_wrong_events_are_named (Fixture *f, gconstpointer data)
{
  assert_refused (f->file, NULL, f->file);
  assert_refused (f->dir, NULL, f->dir);
  assert_refused (NULL, "{\"a\": }", "--event-json");
  assert_refused (NULL, "{\"a\": }", "line 1");
  assert_refused (NULL, "", "--event-json");
  assert_refused ("-", "{}", "one of them");
  g_assert_true (g_file_set_contents (f->file, "{\n'a': 1}", -1, NULL));
  assert_refused (f->file, NULL, f->file);
  assert_refused (f->file, NULL, "line 2");
}

static void
test_too_deep_events_are_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *deep = g_strnfill (200000, '[');

  assert_refused (NULL, deep, "nested");
}

static void
test_too_large_events_are_refused (Fixture *f, gconstpointer data)
{
  gsize most = 6 * 1024 * 1024;
  g_autofree char *text = g_strnfill (most + 1, ' ');

  text[0] = '1';
  g_assert_true (g_file_set_contents (f->file, text, (gssize) most + 1, NULL));
  assert_refused (f->file, NULL, "larger than 6 MB");
  assert_refused ("/dev/zero", NULL, "larger than 6 MB");

  g_assert_true (g_file_set_contents (f->file, text, (gssize) most, NULL));
  g_autoptr (GBytes) event = kelvin_event_input_read (f->file, NULL, NULL);
  g_assert_nonnull (event);
  g_assert_cmpuint (g_bytes_get_size (event), ==, most);
}

static void
test_names_are_relative_to_the_function (Fixture *f, gconstpointer data)
{
  g_autofree char *inside = kelvin_event_input_get_name ("fn/events/a.json", "fn/");
  g_autofree char *outside = kelvin_event_input_get_name ("/x/a.json", "fn");

  g_assert_cmpstr (inside, ==, "events/a.json");
  g_assert_cmpstr (outside, ==, "/x/a.json");
  g_assert_null (kelvin_event_input_get_name ("-", "fn"));
  g_assert_null (kelvin_event_input_get_name (NULL, "fn"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/app/event-input/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("bytes-are-kept", test_bytes_are_kept);
  ADD ("wrong-events-are-named", test_wrong_events_are_named);
  ADD ("too-deep-events-are-refused", test_too_deep_events_are_refused);
  ADD ("too-large-events-are-refused", test_too_large_events_are_refused);
  ADD ("names-are-relative-to-the-function", test_names_are_relative_to_the_function);
#undef ADD
  return g_test_run ();
}
