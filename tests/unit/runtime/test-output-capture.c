#include "engine/runtime/output-capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinAttemptLog *log;
  KelvinOutputCapture *capture;
  int out[2];
  int err[2];
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  f->log = kelvin_attempt_log_new ();
  g_assert_true (g_unix_open_pipe (f->out, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_open_pipe (f->err, FD_CLOEXEC, NULL));
  f->capture = kelvin_output_capture_new (f->poller, f->out[0], f->err[0]);
}

static void
close_end (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_output_capture_free (f->capture);
  kelvin_attempt_log_free (f->log);
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
  for (int i = 0; i < 2; i++)
    {
      close_end (&f->out[i]);
      close_end (&f->err[i]);
    }
}

static void
put (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
}

static void
iterate (Fixture *f)
{
  while (g_main_context_iteration (f->context, FALSE))
    ;
}

static void
assert_log (Fixture *f, const char *expected)
{
  g_autofree char *text = kelvin_attempt_log_to_text (f->log);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_lines_reach_the_log (Fixture *f, gconstpointer data)
{
  kelvin_output_capture_set_log (f->capture, f->log);
  put (f->out[1], "one\ntwo\n\nunfini");
  put (f->err[1], "warning\n");
  iterate (f);
  assert_log (f, "one\ntwo\n\nwarning\n");
  put (f->out[1], "shed\n");
  iterate (f);
  assert_log (f, "one\ntwo\n\nwarning\nunfinished\n");
}

static void
test_next_log_begins_with_a_line_of_its_own (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinAttemptLog) next = kelvin_attempt_log_new ();

  kelvin_output_capture_set_log (f->capture, f->log);
  put (f->out[1], "belongs to the first");
  kelvin_output_capture_set_log (f->capture, next);
  put (f->out[1], "belongs to the second\n");
  kelvin_output_capture_set_log (f->capture, NULL);

  g_autofree char *text = kelvin_attempt_log_to_text (next);

  assert_log (f, "belongs to the first\n");
  g_assert_cmpstr (text, ==, "belongs to the second\n");
}

static void
test_drain_reads_what_is_there (Fixture *f, gconstpointer data)
{
  kelvin_output_capture_set_log (f->capture, f->log);
  put (f->out[1], "one\n");
  put (f->err[1], "two\n");
  kelvin_output_capture_drain (f->capture);
  assert_log (f, "one\ntwo\n");
}

static void
test_keeps_lines_back_between_attempts (Fixture *f, gconstpointer data)
{
  put (f->out[1], "from a timer\n");
  iterate (f);
  put (f->err[1], "late");
  kelvin_output_capture_set_log (f->capture, f->log);
  assert_log (f, "from a timer\nlate\n");
}

static void
test_keeps_back_a_bounded_amount (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 20000; i++)
    {
      put (f->out[1], "0123456\n");
      if (i % 1000 == 0)
        iterate (f);
    }
  kelvin_output_capture_set_log (f->capture, f->log);

  g_autofree char *text = kelvin_attempt_log_to_text (f->log);
  g_autofree char *notice =
      g_strdup_printf ("[%d bytes written between invocations left out]\n", 160000 - 64 * 1024);

  g_assert_true (g_str_has_suffix (text, notice));
  g_assert_cmpuint (strlen (text), ==, 64 * 1024 + strlen (notice));
}

static void
test_last_line_needs_no_end (Fixture *f, gconstpointer data)
{
  kelvin_output_capture_set_log (f->capture, f->log);
  put (f->out[1], "last words");
  close_end (&f->out[1]);
  close_end (&f->err[1]);
  iterate (f);
  assert_log (f, "last words\n");
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  kelvin_output_capture_drain (f->capture);
}

static void
test_binary_output_becomes_text (Fixture *f, gconstpointer data)
{
  kelvin_output_capture_set_log (f->capture, f->log);
  g_assert_cmpint (write (f->out[1], "\x00\xfe\n\x01", 4), ==, 4);
  kelvin_output_capture_set_log (f->capture, NULL);
  assert_log (f, "\xef\xbf\xbd\xef\xbf\xbd\n\x01\n");
}

static void
test_a_line_without_end_is_cut (Fixture *f, gconstpointer data)
{
  g_autofree char *part = g_strnfill (32 * 1024, 'x');

  kelvin_output_capture_set_log (f->capture, f->log);
  for (int i = 0; i < 20; i++)
    {
      put (f->out[1], part);
      iterate (f);
    }
  put (f->out[1], "\n");
  iterate (f);

  g_autofree char *text = kelvin_attempt_log_to_text (f->log);

  g_assert_cmpuint (strlen (text), ==, 20 * 32 * 1024 + 3);
  g_assert_cmpint (text[256 * 1024], ==, '\n');
  g_assert_cmpint (text[512 * 1024 + 1], ==, '\n');
}

static gpointer
flood_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  g_autofree char *part = g_malloc (1000 * 1000);

  for (int i = 0; i < 1000 * 1000; i++)
    part[i] = i % 50 == 49 ? '\n' : 'x';
  for (int i = 0; i < 100; i++)
    for (gssize sent = 0, n; sent < 1000 * 1000; sent += n)
      {
        n = write (fd, part + sent, (gsize) (1000 * 1000 - sent));
        g_assert_cmpint (n, >, 0);
      }
  close (fd);

  return NULL;
}

static void
test_a_flood_is_bounded_and_counted (Fixture *f, gconstpointer data)
{
  GThread *thread = g_thread_new ("flood", flood_thread, GINT_TO_POINTER (f->out[1]));

  f->out[1] = -1;
  kelvin_output_capture_set_log (f->capture, f->log);
  do
    g_main_context_iteration (f->context, TRUE);
  while (kelvin_attempt_log_get_omitted_bytes (f->log) <
         100 * 1000 * 1000 - 2 * KELVIN_ATTEMPT_LOG_HALF_BYTES);
  g_thread_join (thread);

  g_autofree char *text = kelvin_attempt_log_to_text (f->log);

  g_assert_cmpuint (strlen (text), <, 2 * KELVIN_ATTEMPT_LOG_HALF_BYTES + 100);
  g_assert_cmpuint (kelvin_attempt_log_get_omitted_bytes (f->log), ==,
                    100 * 1000 * 1000 - 2 * KELVIN_ATTEMPT_LOG_HALF_BYTES);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, test) g_test_add ("/output-capture/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("lines-reach-the-log", test_lines_reach_the_log);
  ADD ("next-log-begins-with-a-line-of-its-own", test_next_log_begins_with_a_line_of_its_own);
  ADD ("drain-reads-what-is-there", test_drain_reads_what_is_there);
  ADD ("keeps-lines-back-between-attempts", test_keeps_lines_back_between_attempts);
  ADD ("keeps-back-a-bounded-amount", test_keeps_back_a_bounded_amount);
  ADD ("last-line-needs-no-end", test_last_line_needs_no_end);
  ADD ("binary-output-becomes-text", test_binary_output_becomes_text);
  ADD ("a-line-without-end-is-cut", test_a_line_without_end_is_cut);
  ADD ("a-flood-is-bounded-and-counted", test_a_flood_is_bounded_and_counted);
#undef ADD
  return g_test_run ();
}
