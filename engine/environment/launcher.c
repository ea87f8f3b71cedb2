#include "engine/environment/launcher-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "engine/fd.h"
#include "launcher/wire.h"

/* How long the program may take to greet, and to end when it was told to. */
#define GREETING_MS 10000
#define FAREWELL_MS 1000

/* What the program sends. */
typedef union {
  KelvinMessageHead head;
  KelvinHello hello;
  KelvinFailed failed;
  KelvinCreated created;
} Message;

/* Waits in line because the socket is full. */
typedef struct {
  GBytes *bytes;
  int fds[KELVIN_MOST_FDS];
  guint n_fds;
} Letter;

struct _KelvinLauncher {
  char *program;
  KelvinPoller *poller;
  KelvinWatch *watch; /* NULL until the first sandbox, and after the program's end */
  KelvinFd socket;    /* -1 after the program's end */
  pid_t pid;
  KelvinFd pidfd;
  KelvinCgroupVersion cgroup;
  guint64 last_id;
  GHashTable *sandboxes; /* id → KelvinSandbox, which their owners own */
  GTask *looking;        /* nullable: waits for the next greeting */
  GQueue letters;        /* of Letter */
};

G_DEFINE_QUARK (kelvin - launcher - error - quark, kelvin_launcher_error)

static void
close_fds (const int *fds, guint count)
{
  for (guint i = 0; i < count; i++)
    close (fds[i]);
}

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  close_fds (letter->fds, letter->n_fds);
  g_bytes_unref (letter->bytes);
  g_free (letter);
}

static void
end_looking (KelvinLauncher *self)
{
  g_autoptr (GTask) looking = g_steal_pointer (&self->looking);

  if (looking != NULL)
    g_task_return_boolean (looking, TRUE);
}

static void
handle_end (KelvinLauncher *self)
{
  g_autoptr (GList) sandboxes = g_hash_table_get_values (self->sandboxes);

  g_clear_pointer (&self->watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->socket);
  g_queue_clear_full (&self->letters, letter_free);
  g_hash_table_remove_all (self->sandboxes);
  end_looking (self);

  /* Owners may free any of them when they are told of one. */
  g_list_foreach (sandboxes, (GFunc) (void (*) (void)) kelvin_sandbox_ref, NULL);
  for (GList *next = sandboxes; next != NULL; next = next->next)
    kelvin_sandbox_handle_launcher_gone (next->data);
  g_list_foreach (sandboxes, (GFunc) (void (*) (void)) kelvin_sandbox_unref, NULL);
}

/* An owner who has freed a sandbox meanwhile wants it dead. */
static void
handle_created (KelvinLauncher *self, KelvinSandbox *sandbox, const KelvinCreated *created,
                const int *fds, int n_fds)
{
  g_auto (KelvinFd) pidfd = n_fds > 0 ? fds[0] : -1;
  gboolean shows_network = created->namespaces == 2 && n_fds >= 3;
  int n_controls = MAX (n_fds - (shows_network ? 3 : 1), 0);
  g_auto (KelvinFd) user_namespace = shows_network ? fds[n_fds - 2] : -1;
  g_auto (KelvinFd) network_namespace = shows_network ? fds[n_fds - 1] : -1;
  g_autoptr (KelvinSandboxLimits) limits =
      kelvin_sandbox_limits_new (self->cgroup, created->controls, fds + 1, (guint) n_controls);

  if (sandbox != NULL)
    kelvin_sandbox_handle_created (sandbox, kelvin_fd_steal (&pidfd), g_steal_pointer (&limits),
                                   created->was_parked != 0);
  if (sandbox != NULL && shows_network)
    kelvin_sandbox_handle_network (sandbox, kelvin_fd_steal (&user_namespace),
                                   kelvin_fd_steal (&network_namespace));
  if (sandbox == NULL && pidfd >= 0)
    pidfd_send_signal (pidfd, SIGKILL, NULL, 0);
}

/* After it looked, or was started again: the first greeting was waited for. */
static void
handle_hello (KelvinLauncher *self, const KelvinHello *hello)
{
  self->cgroup = hello->cgroup;
  end_looking (self);
}

static void
handle_message (KelvinLauncher *self, const Message *message, gsize size, const int *fds, int n_fds)
{
  g_autoptr (KelvinSandbox) sandbox = NULL;
  KelvinSandbox *found = g_hash_table_lookup (self->sandboxes, &message->head.id);

  if (found != NULL)
    sandbox = kelvin_sandbox_ref (found);
  if (message->head.type == KELVIN_MESSAGE_HELLO && size == sizeof message->hello)
    handle_hello (self, &message->hello);
  else if (message->head.type == KELVIN_MESSAGE_CREATED)
    handle_created (self, sandbox, &message->created, fds, n_fds);
  else if (sandbox != NULL && message->head.type == KELVIN_MESSAGE_FAILED &&
           size == sizeof message->failed)
    kelvin_sandbox_handle_failed (sandbox, &message->failed);
  else if (sandbox != NULL && message->head.type == KELVIN_MESSAGE_GONE)
    {
      kelvin_launcher_remove_sandbox (self, message->head.id);
      kelvin_sandbox_handle_gone (sandbox);
    }
}

static void
receive (KelvinLauncher *self)
{
  Message message = { 0 };
  int fds[1 + KELVIN_N_CONTROLS + 2];
  int n_fds = 0;
  gssize size =
      wire_receive (self->socket, &message, sizeof message, fds, G_N_ELEMENTS (fds), &n_fds);

  if (size < 0 && errno == EAGAIN)
    return;
  if (size < (gssize) sizeof message.head)
    handle_end (self);
  else
    handle_message (self, &message, size, fds, n_fds);
}

/* Returns FALSE when the socket is full. */
static gboolean
send_now (KelvinLauncher *self, GBytes *bytes, const int *fds, guint n_fds)
{
  gsize size = 0;
  const void *data = g_bytes_get_data (bytes, &size);

  if (wire_send (self->socket, data, size, fds, n_fds) == 0)
    return TRUE;
  /* If the program has ended, the end of its socket is the next event. */
  return errno != EAGAIN;
}

static void
send_letters (KelvinLauncher *self)
{
  Letter *letter = NULL;

  while ((letter = g_queue_peek_head (&self->letters)) != NULL)
    {
      if (!send_now (self, letter->bytes, letter->fds, letter->n_fds))
        return;
      letter_free (g_queue_pop_head (&self->letters));
    }
  kelvin_watch_set_events (self->watch, EPOLLIN);
}

static void
socket_cb (int fd, guint32 events, gpointer user_data)
{
  KelvinLauncher *self = user_data;

  if ((events & EPOLLOUT) != 0)
    send_letters (self);
  if ((events & ~EPOLLOUT) != 0)
    receive (self);
}

KelvinPoller *
kelvin_launcher_get_poller (KelvinLauncher *self)
{
  return self->poller;
}

guint64
kelvin_launcher_next_id (KelvinLauncher *self)
{
  return ++self->last_id;
}

void
kelvin_launcher_add_sandbox (KelvinLauncher *self, guint64 id, KelvinSandbox *sandbox)
{
  g_hash_table_insert (self->sandboxes, g_memdup2 (&id, sizeof id), sandbox);
}

void
kelvin_launcher_remove_sandbox (KelvinLauncher *self, guint64 id)
{
  g_hash_table_remove (self->sandboxes, &id);
}

static void
set_spawn_signals (posix_spawnattr_t *attributes)
{
  sigset_t signals;

  sigfillset (&signals);
  posix_spawnattr_setsigdefault (attributes, &signals);
  sigemptyset (&signals);
  posix_spawnattr_setsigmask (attributes, &signals);
  posix_spawnattr_setflags (attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* The program gets its end of the socket and standard error, and no other descriptor. */
static int
spawn (const char *program, int their_end, pid_t *out_pid)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  /* A function sees the name of its pid 1, but has no business with where Kelvin is installed. */
  char *arguments[] = { (char *) "kelvin-launcher", NULL };

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, their_end, KELVIN_LAUNCHER_FD);
  posix_spawn_file_actions_addopen (&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np (&actions, KELVIN_LAUNCHER_FD + 1);
  posix_spawnattr_init (&attributes);
  set_spawn_signals (&attributes);
  int status = posix_spawn (out_pid, program, &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return status;
}

static gboolean
start_program (KelvinLauncher *self, const char *program, GError **error)
{
  int ends[2] = { -1, -1 };

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    {
      g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_NOT_STARTED,
                   "A socket for %s can't be made: %s", program, g_strerror (errno));
      return FALSE;
    }
  g_auto (KelvinFd) their_end = ends[1];
  self->socket = ends[0];

  int status = spawn (program, their_end, &self->pid);
  if (status != 0)
    {
      self->pid = 0;
      g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_NOT_STARTED,
                   "%s can't be executed: %s; it belongs to Kelvin's installation", program,
                   g_strerror (status));
      return FALSE;
    }
  self->pidfd = pidfd_open (self->pid, 0);
  return TRUE;
}

static gboolean
await_greeting (KelvinLauncher *self, const char *program, GError **error)
{
  struct pollfd waiting = { .fd = self->socket, .events = POLLIN };
  KelvinHello hello = { 0 };
  int n_fds = 0;
  int count = 0;

  do
    count = poll (&waiting, 1, GREETING_MS);
  while (count < 0 && errno == EINTR);

  if (count == 1 &&
      wire_receive (self->socket, &hello, sizeof hello, NULL, 0, &n_fds) == sizeof hello &&
      hello.head.type == KELVIN_MESSAGE_HELLO && hello.head.version == KELVIN_PROTOCOL_VERSION)
    {
      self->cgroup = hello.cgroup;
      return TRUE;
    }

  g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_NOT_STARTED, "%s %s", program,
               count == 0                ? "didn't greet within 10 s"
               : hello.head.version != 0 ? "is of another version of Kelvin; install both anew"
                                         : "ended before it greeted");
  return FALSE;
}

/* Its socket has ended, so it has too, or is about to. */
static void
reap (KelvinLauncher *self)
{
  if (self->pid <= 0)
    return;
  kill (self->pid, SIGKILL);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    continue;
  self->pid = 0;
  kelvin_fd_clear (&self->pidfd);
}

/* Nobody waits for the greeting: what is asked meanwhile lies in the socket, and an end is seen. */
static gboolean
start_anew (KelvinLauncher *self, GError **error)
{
  reap (self);
  return start_program (self, self->program, error) &&
         g_unix_set_fd_nonblocking (self->socket, TRUE, error);
}

gboolean
kelvin_launcher_send (KelvinLauncher *self, GBytes *message, const int *fds, guint n_fds,
                      GError **error)
{
  if (self->socket < 0 && !start_anew (self, error))
    {
      close_fds (fds, n_fds);
      return FALSE;
    }

  if (self->watch == NULL)
    self->watch = kelvin_poller_add (self->poller, self->socket, EPOLLIN, socket_cb, self);
  if (g_queue_is_empty (&self->letters) && send_now (self, message, fds, n_fds))
    {
      close_fds (fds, n_fds);
      return TRUE;
    }

  Letter *letter = g_new0 (Letter, 1);
  letter->bytes = g_bytes_ref (message);
  letter->n_fds = n_fds;
  memcpy (letter->fds, fds, sizeof *fds * n_fds);
  g_queue_push_tail (&self->letters, letter);
  kelvin_watch_set_events (self->watch, EPOLLIN | EPOLLOUT);
  return TRUE;
}

KelvinLauncher *
kelvin_launcher_new (const char *program, KelvinPoller *poller, GError **error)
{
  g_return_val_if_fail (program != NULL, NULL);
  g_return_val_if_fail (poller != NULL, NULL);

  g_autoptr (KelvinLauncher) self = g_new0 (KelvinLauncher, 1);
  self->program = g_strdup (program);
  self->poller = poller;
  self->socket = -1;
  self->pidfd = -1;
  self->sandboxes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_queue_init (&self->letters);

  if (!start_program (self, program, error) || !await_greeting (self, program, error))
    return NULL;
  if (!g_unix_set_fd_nonblocking (self->socket, TRUE, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
kelvin_launcher_look_async (KelvinLauncher *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (self != NULL && self->looking == NULL);

  const KelvinMessageHead head = { .type = KELVIN_MESSAGE_LOOK };
  g_autoptr (GBytes) message = g_bytes_new (&head, sizeof head);
  GError *error = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, kelvin_launcher_look_async);
  if (kelvin_launcher_send (self, message, NULL, 0, &error))
    self->looking = g_steal_pointer (&task);
  else
    g_task_return_error (task, error);
}

gboolean
kelvin_launcher_look_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

GPid
kelvin_launcher_get_pid (KelvinLauncher *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pid;
}

const char *
kelvin_launcher_get_limits (KelvinLauncher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return kelvin_sandbox_limits_mechanism (self->cgroup);
}

/* The program ends at the end of its socket. */
static void
await_end (KelvinLauncher *self)
{
  struct pollfd waiting = { .fd = self->pidfd, .events = POLLIN };

  if (self->pidfd < 0 || poll (&waiting, 1, FAREWELL_MS) != 1)
    kill (self->pid, SIGKILL);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    continue;
}

void
kelvin_launcher_free (KelvinLauncher *self)
{
  if (self == NULL)
    return;

  GHashTableIter iter;
  gpointer sandbox = NULL;

  g_hash_table_iter_init (&iter, self->sandboxes);
  while (g_hash_table_iter_next (&iter, NULL, &sandbox))
    kelvin_sandbox_detach (sandbox);
  g_clear_pointer (&self->watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->socket);
  end_looking (self);
  if (self->pid > 0)
    await_end (self);
  kelvin_fd_clear (&self->pidfd);
  g_queue_clear_full (&self->letters, letter_free);
  g_hash_table_unref (self->sandboxes);
  g_free (self->program);
  g_free (self);
}
