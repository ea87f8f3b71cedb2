/* The server in a process of its own, and an engine that speaks nonsense. */

#include "launcher/server.h"

#include <glib.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/filter.h"
#include "launcher/protocol.h"
#include "launcher/wire.h"

#define ROUNDS 2000

typedef struct {
  int socket;
  pid_t pid;
} Fixture;

static void
receive (Fixture *f, KelvinFailed *message)
{
  int n_fds = 0;

  *message = (KelvinFailed){ 0 };
  g_assert_cmpint (wire_receive (f->socket, message, sizeof *message, NULL, 0, &n_fds), >=,
                   (int) sizeof message->head);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  int ends[2] = { -1, -1 };
  KelvinFailed greeting;

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
  f->pid = fork ();
  if (f->pid == 0)
    {
      close (ends[0]);
      _exit (filter_make () == 0 ? server_run (ends[1]) : EXIT_FAILURE);
    }
  close (ends[1]);
  f->socket = ends[0];
  receive (f, &greeting);
  g_assert_cmpuint (greeting.head.type, ==, KELVIN_MESSAGE_HELLO);
  g_assert_cmpuint (greeting.head.version, ==, KELVIN_PROTOCOL_VERSION);
}

/* It ends by itself, and well, at the end of its socket. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  int status = -1;

  close (f->socket);
  g_assert_cmpint (waitpid (f->pid, &status, 0), ==, f->pid);
  g_assert_cmpint (status, ==, 0);
}

/* Of any message that names a sandbox it says that there is none. */
static void
assert_refused (Fixture *f, guint64 id)
{
  KelvinFailed failed, gone;

  receive (f, &failed);
  g_assert_cmpuint (failed.head.type, ==, KELVIN_MESSAGE_FAILED);
  g_assert_cmpuint (failed.head.id, ==, id);
  g_assert_cmpuint (failed.step, ==, KELVIN_STEP_MESSAGE);
  receive (f, &gone);
  g_assert_cmpuint (gone.head.type, ==, KELVIN_MESSAGE_GONE);
  g_assert_cmpuint (gone.head.id, ==, id);
}

static void
test_refuses_noise (Fixture *f, gconstpointer data)
{
  union {
    KelvinMessageHead head;
    KelvinCreate create;
    guint8 bytes[600];
  } noise;

  for (guint64 id = 1; id <= ROUNDS; id++)
    {
      for (gsize i = 0; i < sizeof noise; i++)
        noise.bytes[i] = g_test_rand_int_range (0, 256);
      noise.head.id = id;
      if (g_test_rand_bit ())
        noise.head.type = KELVIN_MESSAGE_CREATE;
      /* Root inside is never accepted, so that no round makes a sandbox. */
      noise.create.uid = 0;
      gsize size = g_test_rand_int_range (sizeof noise.head, sizeof noise);
      g_assert_cmpint (wire_send (f->socket, &noise, size, NULL, 0), ==, 0);
      assert_refused (f, id);
    }
}

static void
test_passes_over_what_names_nothing (Fixture *f, gconstpointer data)
{
  KelvinMessageHead head = { .type = KELVIN_MESSAGE_CREATE, .id = 7 };

  for (gsize size = 1; size < sizeof head; size++)
    g_assert_cmpint (wire_send (f->socket, &head, size, NULL, 0), ==, 0);
  g_assert_cmpint (wire_send (f->socket, &head, sizeof head, NULL, 0), ==, 0);
  assert_refused (f, 7);
}

static void
test_passes_over_what_is_too_large (Fixture *f, gconstpointer data)
{
  gsize size = KELVIN_LARGEST_MESSAGE + 8;
  g_autofree char *large = g_malloc0 (size);
  KelvinMessageHead head = { .type = KELVIN_MESSAGE_CREATE, .id = 8 };

  g_assert_cmpint (wire_send (f->socket, large, size, NULL, 0), ==, 0);
  g_assert_cmpint (wire_send (f->socket, &head, sizeof head, NULL, 0), ==, 0);
  assert_refused (f, 8);
}

static void
test_greets_again_when_it_has_looked (Fixture *f, gconstpointer data)
{
  KelvinMessageHead head = { .type = KELVIN_MESSAGE_LOOK };
  KelvinFailed greeting;

  g_assert_cmpint (wire_send (f->socket, &head, sizeof head, NULL, 0), ==, 0);
  receive (f, &greeting);
  g_assert_cmpuint (greeting.head.type, ==, KELVIN_MESSAGE_HELLO);
}

static guint
count_descriptors (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_keeps_no_descriptor_of_what_it_refuses (Fixture *f, gconstpointer data)
{
  KelvinMessageHead head = { .type = KELVIN_MESSAGE_CREATE, .id = 9 };
  guint before = count_descriptors (f->pid);

  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpint (wire_send (f->socket, &head, sizeof head, (int[]){ 0, 1, 2 }, 3), ==, 0);
      assert_refused (f, 9);
    }
  /* The answer comes before the descriptors are closed, so one more is asked for. */
  g_assert_cmpint (wire_send (f->socket, &head, sizeof head, NULL, 0), ==, 0);
  assert_refused (f, 9);
  g_assert_cmpuint (count_descriptors (f->pid), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/launcher/server/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("refuses-noise", test_refuses_noise);
  ADD ("passes-over-what-names-nothing", test_passes_over_what_names_nothing);
  ADD ("passes-over-what-is-too-large", test_passes_over_what_is_too_large);
  ADD ("greets-again-when-it-has-looked", test_greets_again_when_it_has_looked);
  ADD ("keeps-no-descriptor-of-what-it-refuses", test_keeps_no_descriptor_of_what_it_refuses);
#undef ADD

  return g_test_run ();
}
