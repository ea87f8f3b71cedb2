#include "launcher/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/request.h"
#include "launcher/sandbox.h"
#include "launcher/sources.h"
#include "launcher/wire.h"

#define MOST_EVENTS 64

typedef struct {
  int engine;
  int epoll;
  int alive_end; /* the write end of the pipe whose end tells pid 1 that the launcher ended */
  SandboxMaker maker;
  Sandbox *first;
} Server;

/* Large, and of use only until the next message. */
static _Alignas(KelvinMessageHead) char message[KELVIN_LARGEST_MESSAGE];
static Request request;

static void
say (const Server *self, const void *text, size_t size, const int *fds, int n_fds)
{
  /* If the engine has gone, the end of its socket is the next event. */
  wire_send (self->engine, text, size, fds, n_fds);
}

static void
say_head (const Server *self, KelvinMessageType type, uint64_t id, const int *fds, int n_fds)
{
  KelvinMessageHead head = { .type = type, .id = id };

  if (type == KELVIN_MESSAGE_HELLO)
    head.version = KELVIN_PROTOCOL_VERSION;
  say (self, &head, sizeof head, fds, n_fds);
}

static void
say_failed (const Server *self, uint64_t id, const SandboxFailure *failure)
{
  KelvinFailed failed = { .head = { .type = KELVIN_MESSAGE_FAILED, .id = id },
                          .step = failure->step,
                          .error = failure->error,
                          .operation = failure->operation };

  say (self, &failed, sizeof failed, NULL, 0);
}

static void
forget (Server *self, Sandbox *sandbox)
{
  if (sandbox->previous != NULL)
    sandbox->previous->next = sandbox->next;
  else
    self->first = sandbox->next;
  if (sandbox->next != NULL)
    sandbox->next->previous = sandbox->previous;
  /* Sandboxes in the making hold copies of the descriptor, which would keep the watch alive. */
  epoll_ctl (self->epoll, EPOLL_CTL_DEL, sandbox->pidfd, NULL);
  descriptor_clear (&sandbox->pidfd);
  free (sandbox);
}

static bool
watch (const Server *self, int fd, Sandbox *sandbox)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = sandbox };

  return epoll_ctl (self->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* A sandbox that can't be watched would never be reaped. */
static bool
keep (Server *self, Sandbox *sandbox)
{
  if (!watch (self, sandbox->pidfd, sandbox))
    return false;

  sandbox->next = self->first;
  if (self->first != NULL)
    self->first->previous = sandbox;
  self->first = sandbox;
  return true;
}

static void
refuse (const Server *self, uint64_t id, const SandboxFailure *failure)
{
  say_failed (self, id, failure);
  say_head (self, KELVIN_MESSAGE_GONE, id, NULL, 0);
}

static void
end_unkept (Sandbox *sandbox)
{
  if (sandbox->pidfd >= 0)
    {
      siginfo_t info;
      pidfd_send_signal (sandbox->pidfd, SIGKILL, NULL, 0);
      waitid (P_PIDFD, (id_t) sandbox->pidfd, &info, WEXITED);
      close (sandbox->pidfd);
    }
  free (sandbox);
}

static void
create (Server *self, const int *fds)
{
  SandboxFailure failure = { .step = KELVIN_STEP_CLONE, .error = ENOMEM };
  Sandbox *sandbox = calloc (1, sizeof *sandbox);

  if (sandbox == NULL)
    {
      refuse (self, request.id, &failure);
      return;
    }
  *sandbox = (Sandbox){ .id = request.id, .pidfd = -1 };
  if (!sandbox_start (sandbox, &self->maker, &request, fds, &failure) || !keep (self, sandbox))
    {
      end_unkept (sandbox);
      refuse (self, request.id, &failure);
      return;
    }
  say_head (self, KELVIN_MESSAGE_CREATED, sandbox->id, &sandbox->pidfd, 1);
}

static void
take_create (Server *self, size_t size, const int *fds, int n_fds)
{
  SandboxFailure failure = { .step = KELVIN_STEP_MESSAGE, .error = EPROTO };
  uint64_t id = ((const KelvinMessageHead *) message)->id;

  if (!request_parse (&request, message, size))
    {
      refuse (self, id, &failure);
      return;
    }
  if (n_fds != (request.has_marks ? KELVIN_CREATE_N_FDS : KELVIN_CREATE_MARKS))
    {
      failure.step = KELVIN_STEP_DESCRIPTORS;
      refuse (self, id, &failure);
      return;
    }
  create (self, fds);
}

/* Returns false when the engine has gone. */
static bool
take_message (Server *self)
{
  int fds[KELVIN_MOST_FDS];
  int n_fds = 0;
  ssize_t size = wire_receive (self->engine, message, sizeof message, fds, KELVIN_MOST_FDS, &n_fds);

  if (size == 0 || (size < 0 && errno != EMSGSIZE))
    return false;
  if (size >= (ssize_t) sizeof (KelvinMessageHead))
    take_create (self, (size_t) size, fds, n_fds);
  for (int i = 0; i < n_fds; i++)
    close (fds[i]);
  return true;
}

static void
reap (Server *self, Sandbox *sandbox)
{
  siginfo_t info = { 0 };

  if (waitid (P_PIDFD, (id_t) sandbox->pidfd, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0)
    return;
  say_head (self, KELVIN_MESSAGE_GONE, sandbox->id, NULL, 0);
  forget (self, sandbox);
}

/* All are killed before the first is waited for. */
static void
end_all (Server *self)
{
  for (const Sandbox *sandbox = self->first; sandbox != NULL; sandbox = sandbox->next)
    pidfd_send_signal (sandbox->pidfd, SIGKILL, NULL, 0);
  while (self->first != NULL)
    {
      siginfo_t info;
      waitid (P_PIDFD, (id_t) self->first->pidfd, &info, WEXITED);
      forget (self, self->first);
    }
}

static bool
init (Server *self, int engine)
{
  int alive[2] = { -1, -1 };

  if (pipe2 (alive, O_CLOEXEC) != 0)
    return false;
  *self = (Server){ .engine = engine,
                    .epoll = epoll_create1 (EPOLL_CLOEXEC),
                    .alive_end = alive[1],
                    .maker = { .alive = alive[0],
                               .opens_sources = sources_can_open (),
                               .not_theirs = { engine, alive[1] } } };
  identity_init (&self->maker.identity);
  return self->epoll >= 0 && watch (self, engine, NULL);
}

int
server_run (int engine)
{
  Server self;
  struct epoll_event events[MOST_EVENTS];

  if (!init (&self, engine))
    return EXIT_FAILURE;

  say_head (&self, KELVIN_MESSAGE_HELLO, 0, NULL, 0);
  for (;;)
    {
      int count = epoll_wait (self.epoll, events, MOST_EVENTS, -1);
      if (count < 0 && errno != EINTR)
        break;
      bool engine_is_there = true;
      for (int i = 0; i < count; i++)
        if (events[i].data.ptr == NULL)
          engine_is_there = take_message (&self);
        else
          reap (&self, events[i].data.ptr);
      if (!engine_is_there)
        break;
    }
  end_all (&self);
  return EXIT_SUCCESS;
}
