#include "launcher/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/protocol.h"

typedef struct {
  int ends[2];
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, f->ends));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close (f->ends[0]);
  close (f->ends[1]);
}

static guint
count_open_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_carries_descriptors (Fixture *f, gconstpointer data)
{
  int fds[KELVIN_MOST_FDS] = { -1 };
  int n_fds = 0;
  char text[8] = "";

  g_assert_cmpint (wire_send (f->ends[0], "abc", 3, (int[]){ 0, 1 }, 2), ==, 0);
  g_assert_cmpint (wire_receive (f->ends[1], text, sizeof text, fds, KELVIN_MOST_FDS, &n_fds), ==,
                   3);
  g_assert_cmpint (n_fds, ==, 2);
  g_assert_cmpstr (text, ==, "abc");
  g_assert_cmpint (fcntl (fds[0], F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  close (fds[0]);
  close (fds[1]);
}

static void
test_closes_descriptors_beyond_the_most (Fixture *f, gconstpointer data)
{
  guint before = count_open_fds ();
  int n_fds = 0;
  int fd = -1;
  char text[8] = "";

  g_assert_cmpint (wire_send (f->ends[0], "abc", 3, (int[]){ 0, 1, 2 }, 3), ==, 0);
  g_assert_cmpint (wire_receive (f->ends[1], text, sizeof text, &fd, 1, &n_fds), ==, 3);
  g_assert_cmpint (n_fds, ==, 1);
  close (fd);
  g_assert_cmpuint (count_open_fds (), ==, before);
}

static void
test_refuses_what_is_too_large (Fixture *f, gconstpointer data)
{
  guint before = count_open_fds ();
  int fds[2] = { -1, -1 };
  int n_fds = 0;
  char text[2] = "";

  g_assert_cmpint (wire_send (f->ends[0], "abc", 3, (int[]){ 0 }, 1), ==, 0);
  g_assert_cmpint (wire_receive (f->ends[1], text, sizeof text, fds, 2, &n_fds), ==, -1);
  g_assert_cmpint (errno, ==, EMSGSIZE);
  g_assert_cmpint (n_fds, ==, 0);
  g_assert_cmpuint (count_open_fds (), ==, before);
}

static void
test_tells_the_end (Fixture *f, gconstpointer data)
{
  int n_fds = 0;
  char text[8] = "";

  shutdown (f->ends[0], SHUT_RDWR);
  g_assert_cmpint (wire_receive (f->ends[1], text, sizeof text, NULL, 0, &n_fds), ==, 0);
  g_assert_cmpint (wire_send (f->ends[1], "abc", 3, NULL, 0), ==, -1);
  g_assert_cmpint (errno, ==, EPIPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/launcher/wire/carries-descriptors", Fixture, NULL, set_up, test_carries_descriptors,
              tear_down);
  g_test_add ("/launcher/wire/closes-descriptors-beyond-the-most", Fixture, NULL, set_up,
              test_closes_descriptors_beyond_the_most, tear_down);
  g_test_add ("/launcher/wire/refuses-what-is-too-large", Fixture, NULL, set_up,
              test_refuses_what_is_too_large, tear_down);
  g_test_add ("/launcher/wire/tells-the-end", Fixture, NULL, set_up, test_tells_the_end, tear_down);

  return g_test_run ();
}
