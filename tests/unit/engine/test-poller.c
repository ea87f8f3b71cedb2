#include "engine/poller.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <glib-unix.h>

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  int pipes[3][2];
  KelvinWatch *watches[3];
  guint calls;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  for (int i = 0; i < 3; i++)
    g_assert_true (g_unix_open_pipe (f->pipes[i], FD_CLOEXEC, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      kelvin_watch_remove (f->watches[i]);
      close (f->pipes[i][0]);
      close (f->pipes[i][1]);
    }
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
}

static void
read_cb (int fd, guint32 events, gpointer user_data)
{
  Fixture *f = user_data;
  char byte;

  g_assert_cmpuint (events & EPOLLIN, !=, 0);
  g_assert_cmpint (read (fd, &byte, 1), ==, 1);
  f->calls++;
}

static void
test_reports_what_is_ready (Fixture *f, gconstpointer data)
{
  f->watches[0] = kelvin_poller_add (f->poller, f->pipes[0][0], EPOLLIN, read_cb, f);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_assert_cmpint (write (f->pipes[0][1], "xy", 2), ==, 2);
  while (f->calls < 2)
    g_main_context_iteration (f->context, TRUE);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_assert_cmpuint (f->calls, ==, 2);
}

static void
remove_all_cb (int fd, guint32 events, gpointer user_data)
{
  Fixture *f = user_data;

  f->calls++;
  for (int i = 0; i < 3; i++)
    g_clear_pointer (&f->watches[i], kelvin_watch_remove);
}

static void
test_removed_in_a_callback_is_not_called (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      f->watches[i] = kelvin_poller_add (f->poller, f->pipes[i][0], EPOLLIN, remove_all_cb, f);
      g_assert_cmpint (write (f->pipes[i][1], "x", 1), ==, 1);
    }
  while (g_main_context_iteration (f->context, FALSE))
    ;
  g_assert_cmpuint (f->calls, ==, 1);
}

static void
test_events_can_be_changed (Fixture *f, gconstpointer data)
{
  f->watches[0] = kelvin_poller_add (f->poller, f->pipes[0][0], EPOLLIN, read_cb, f);
  kelvin_watch_set_events (f->watches[0], 0);
  g_assert_cmpint (write (f->pipes[0][1], "x", 1), ==, 1);
  while (g_main_context_iteration (f->context, FALSE))
    ;
  g_assert_cmpuint (f->calls, ==, 0);
  kelvin_watch_set_events (f->watches[0], EPOLLIN);
  while (g_main_context_iteration (f->context, FALSE))
    ;
  g_assert_cmpuint (f->calls, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, test) g_test_add ("/poller/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("reports-what-is-ready", test_reports_what_is_ready);
  ADD ("removed-in-a-callback-is-not-called", test_removed_in_a_callback_is_not_called);
  ADD ("events-can-be-changed", test_events_can_be_changed);
#undef ADD
  return g_test_run ();
}
