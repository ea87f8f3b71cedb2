/* The server in a process of its own, and an engine that speaks nonsense. */

#include "launcher/server.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
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
      _exit (server_run (ends[1]));
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

/* A whole CREATE, and a byte more: whatever is changed in it, it is never one that makes a sandbox.
 */
static GByteArray *
make_almost_good (guint64 id)
{
  GByteArray *message = g_byte_array_new ();
  KelvinCreate create = { .head = { .type = KELVIN_MESSAGE_CREATE, .id = id },
                          .uid = 993,
                          .gid = 990,
                          .n_operations = 3,
                          .n_arguments = 1,
                          .n_variables = 1,
                          .memory_bytes = 1,
                          .n_processes = 1 };
  const KelvinOperationHead operations[] = { { .kind = KELVIN_OPERATION_ROOT },
                                             { .kind = KELVIN_OPERATION_FOLDER, .mode = 0755 },
                                             { .kind = KELVIN_OPERATION_LISTEN, .number = 9001 } };
  static const char *const texts[][2] = { { "", "" }, { "", "/tmp" }, { "127.0.0.1", "" } };
  static const char rest[] = "/var/task\0/bin/true\0A=1\0!";

  g_byte_array_append (message, (const guint8 *) &create, sizeof create);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_byte_array_append (message, (const guint8 *) &operations[i], sizeof operations[i]);
      for (guint k = 0; k < 2; k++)
        g_byte_array_append (message, (const guint8 *) texts[i][k], strlen (texts[i][k]) + 1);
    }
  g_byte_array_append (message, (const guint8 *) rest, sizeof rest - 1);
  return message;
}

/* More descriptors than it takes are among them. */
static void
send_with_descriptors (int socket, const GByteArray *message, guint n_fds)
{
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE (sizeof (int) * 100)];
  } rights = { 0 };
  struct iovec part = { .iov_base = message->data, .iov_len = message->len };
  struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };

  if (n_fds > 0)
    {
      header.msg_control = rights.bytes;
      header.msg_controllen = CMSG_SPACE (sizeof (int) * n_fds);
      struct cmsghdr *first = CMSG_FIRSTHDR (&header);
      first->cmsg_level = SOL_SOCKET;
      first->cmsg_type = SCM_RIGHTS;
      first->cmsg_len = CMSG_LEN (sizeof (int) * n_fds);
      for (guint i = 0; i < n_fds; i++)
        memcpy (CMSG_DATA (first) + i * sizeof (int), &socket, sizeof (int));
    }
  g_assert_cmpint (sendmsg (socket, &header, MSG_NOSIGNAL), ==, message->len);
}

/* Bytes changed, cut off anywhere, with any number of descriptors. The same rounds each time. */
static void
test_refuses_what_is_almost_good (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint before = count_descriptors (f->pid);

  for (guint64 id = 1; id <= ROUNDS; id++)
    {
      g_autoptr (GByteArray) message = make_almost_good (id);
      guint last = message->len - 1;

      for (gint32 left = g_rand_int_range (random, 0, 5); left > 0; left--)
        message->data[g_rand_int_range (random, sizeof (KelvinMessageHead), last)] =
            g_rand_int_range (random, 0, 256);
      /* Without the last byte alone it would be whole. */
      if (g_rand_boolean (random))
        g_byte_array_set_size (message,
                               g_rand_int_range (random, sizeof (KelvinMessageHead), last));
      send_with_descriptors (f->socket, message, g_rand_int_range (random, 0, 100));
      assert_refused (f, id);
    }
  /* The answer comes before the descriptors are closed, so one more is asked for. */
  g_autoptr (GByteArray) message = make_almost_good (1);
  send_with_descriptors (f->socket, message, 0);
  assert_refused (f, 1);
  g_assert_cmpuint (count_descriptors (f->pid), ==, before);
}

/* What only it, or pid 1, says; and to pid 1 alone. */
static void
test_takes_no_message_of_others (Fixture *f, gconstpointer data)
{
  for (guint32 type = 0; type <= KELVIN_MESSAGE_LOOK + 1; type++)
    {
      KelvinMessageHead head = { .type = type, .id = 10 + type };

      if (type == KELVIN_MESSAGE_LOOK)
        continue;
      g_assert_cmpint (wire_send (f->socket, &head, sizeof head, NULL, 0), ==, 0);
      assert_refused (f, head.id);
    }
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
  ADD ("refuses-what-is-almost-good", test_refuses_what_is_almost_good);
  ADD ("takes-no-message-of-others", test_takes_no_message_of_others);
  ADD ("greets-again-when-it-has-looked", test_greets_again_when_it_has_looked);
  ADD ("keeps-no-descriptor-of-what-it-refuses", test_keeps_no_descriptor_of_what_it_refuses);
#undef ADD

  return g_test_run ();
}
