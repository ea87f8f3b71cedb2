#include "launcher/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/park.h"
#include "launcher/request.h"
#include "launcher/sandbox.h"
#include "launcher/sources.h"
#include "launcher/tree.h"
#include "launcher/wire.h"

#define MOST_EVENTS 64

/* How often groups are tried to be removed whose last processes are still ending, and at the
 * launcher's end how often at most. */
#define LINGERING_MS 20
#define MOST_REMOVALS 20

/* Sandboxes are made ahead when nothing was asked for so long, and ended when none was needed so
 * long. */
#define PARKING_MS 2
#define UNUSED_MS 30000

typedef struct {
  int engine;
  int epoll;
  int alive_end; /* the write end of the pipe whose end tells pid 1 that the launcher ended */
  SandboxMaker maker;
  Sandbox *first;
  Sandbox *lingering; /* reaped, but their groups can't be removed yet; linked by next */
} Server;

/* Large, and of use only until the next message. */
static _Alignas(KelvinMessageHead) char message[KELVIN_LARGEST_MESSAGE];
static Request request;
static CgroupRoots roots;
static Park park;

static void
say (const Server *self, const void *text, size_t size, const int *fds, int n_fds)
{
  /* If the engine has gone, the end of its socket is the next event. */
  wire_send (self->engine, text, size, fds, n_fds);
}

static void
say_head (const Server *self, KelvinMessageType type, uint64_t id)
{
  KelvinMessageHead head = { .type = type, .id = id };

  say (self, &head, sizeof head, NULL, 0);
}

static void
say_hello (const Server *self)
{
  KelvinHello hello = { .head = { .type = KELVIN_MESSAGE_HELLO,
                                  .version = KELVIN_PROTOCOL_VERSION },
                        .cgroup = cgroups_get_version (&self->maker.cgroups) };

  say (self, &hello, sizeof hello, NULL, 0);
}

static void
say_created (const Server *self, const Sandbox *sandbox, const Cgroup *group)
{
  KelvinCreated created = { .head = { .type = KELVIN_MESSAGE_CREATED, .id = sandbox->id },
                            .was_parked = sandbox->was_parked };
  int fds[1 + KELVIN_N_CONTROLS + 2] = { sandbox->pidfd };
  int n_fds = 1;

  for (int i = 0; i < KELVIN_N_CONTROLS; i++)
    if (group->controls[i] >= 0)
      {
        created.controls |= 1u << i;
        fds[n_fds++] = group->controls[i];
      }
  for (int i = 0; i < 2 && sandbox->namespaces[1] >= 0; i++, created.namespaces++)
    fds[n_fds++] = sandbox->namespaces[i];
  say (self, &created, sizeof created, fds, n_fds);
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

/* The last processes may still be ending. */
static void
drop_group (Server *self, Sandbox *sandbox)
{
  if (cgroups_remove (&self->maker.cgroups, sandbox->id))
    {
      free (sandbox);
      return;
    }
  sandbox->next = self->lingering;
  self->lingering = sandbox;
}

static void
drop_lingering (Server *self)
{
  Sandbox *next = self->lingering;

  self->lingering = NULL;
  while (next != NULL)
    {
      Sandbox *sandbox = next;
      next = sandbox->next;
      drop_group (self, sandbox);
    }
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
  drop_group (self, sandbox);
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

/* What a sandbox without a pid namespace left comes to the launcher. @gone is in the list still. */
static void
end_orphans (const Server *self, const Sandbox *gone)
{
  int count = 0;

  if (!gone->is_process)
    return;
  for (const Sandbox *sandbox = self->first; sandbox != NULL; sandbox = sandbox->next)
    count++;
  pid_t *spared = calloc ((size_t) count + 1, sizeof *spared);
  if (spared == NULL)
    return;
  count = 0;
  for (const Sandbox *sandbox = self->first; sandbox != NULL; sandbox = sandbox->next)
    if (sandbox != gone)
      spared[count++] = sandbox->pid;
  tree_end (spared, count);
  free (spared);
}

static void
refuse (const Server *self, uint64_t id, const SandboxFailure *failure)
{
  say_failed (self, id, failure);
  say_head (self, KELVIN_MESSAGE_GONE, id);
}

static void
end_unkept (Server *self, Sandbox *sandbox)
{
  if (sandbox->pidfd >= 0)
    {
      siginfo_t info;
      pidfd_send_signal (sandbox->pidfd, SIGKILL, NULL, 0);
      waitid (P_PIDFD, (id_t) sandbox->pidfd, &info, WEXITED);
      close (sandbox->pidfd);
      end_orphans (self, sandbox);
    }
  drop_group (self, sandbox);
}

static bool
make (Server *self, Sandbox *sandbox, const int *fds, Cgroup *group, SandboxFailure *failure)
{
  CgroupLimits limits = { .memory_bytes = request.memory_bytes,
                          .n_processes = request.n_processes };

  if (cgroups_make (&self->maker.cgroups, sandbox->id, &limits, group) == 0)
    return sandbox_start (sandbox, &self->maker, &request, fds, group, failure) &&
           keep (self, sandbox);

  *failure = (SandboxFailure){ .step = KELVIN_STEP_GROUP, .error = errno };
  return false;
}

static void
close_namespaces (int *namespaces)
{
  for (int i = 0; i < 2; i++)
    if (namespaces[i] >= 0)
      close (namespaces[i]);
  namespaces[0] = namespaces[1] = -1;
}

static void
create (Server *self, const int *fds)
{
  SandboxFailure failure = { .step = KELVIN_STEP_CLONE, .error = ENOMEM };
  Sandbox *sandbox = calloc (1, sizeof *sandbox);
  Cgroup group;

  if (sandbox == NULL)
    {
      refuse (self, request.id, &failure);
      return;
    }
  *sandbox = (Sandbox){ .id = request.id, .pidfd = -1, .namespaces = { -1, -1 } };
  if (request.is_process)
    prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (make (self, sandbox, fds, &group, &failure))
    {
      say_created (self, sandbox, &group);
      close_namespaces (sandbox->namespaces);
    }
  else
    {
      close_namespaces (sandbox->namespaces);
      end_unkept (self, sandbox);
      refuse (self, request.id, &failure);
    }
  cgroup_clear (&group);
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
  park_note_request (&park);
  create (self, fds);
}

/* The process may have been moved meanwhile, to where it may have groups. */
static void
look (Server *self)
{
  Cgroups *groups = &self->maker.cgroups;

  if (self->first == NULL && self->lingering == NULL &&
      cgroups_get_version (groups) == KELVIN_CGROUP_NONE)
    {
      cgroup_roots_find (&roots, "/proc/self/mountinfo", "/proc/self/cgroup");
      cgroups_open (groups, &roots);
    }
  say_hello (self);
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
  if (size == (ssize_t) sizeof (KelvinMessageHead) &&
      ((const KelvinMessageHead *) message)->type == KELVIN_MESSAGE_LOOK)
    look (self);
  else if (size >= (ssize_t) sizeof (KelvinMessageHead))
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
  end_orphans (self, sandbox);
  say_head (self, KELVIN_MESSAGE_GONE, sandbox->id);
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
      end_orphans (self, self->first);
      forget (self, self->first);
    }
  for (int i = 0; i < MOST_REMOVALS && self->lingering != NULL; i++)
    {
      poll (NULL, 0, LINGERING_MS);
      drop_lingering (self);
    }
  park_end (&park);
  cgroups_close (&self->maker.cgroups);
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
                               .park = &park,
                               .not_theirs = { engine, alive[1] } } };
  identity_init (&self->maker.identity);
  park_init (&park, &request, message);
  cgroup_roots_find (&roots, "/proc/self/mountinfo", "/proc/self/cgroup");
  cgroups_open (&self->maker.cgroups, &roots);
  return self->epoll >= 0 && watch (self, engine, NULL);
}

/* How long until there is something to do of one's own accord. */
static int
patience_ms (const Server *self)
{
  if (park_wants_one (&park))
    return PARKING_MS;
  if (self->lingering != NULL)
    return LINGERING_MS;
  return park.count > 0 ? UNUSED_MS : -1;
}

/* Nothing was asked for in that time. */
static void
tend_park (Server *self)
{
  if (park_wants_one (&park))
    park_add (&park, &self->maker);
  else if (self->lingering == NULL)
    park_forget (&park);
}

int
server_run (int engine)
{
  Server self;
  struct epoll_event events[MOST_EVENTS];

  if (!init (&self, engine))
    return EXIT_FAILURE;

  say_hello (&self);
  for (;;)
    {
      int count = epoll_wait (self.epoll, events, MOST_EVENTS, patience_ms (&self));
      drop_lingering (&self);
      if (count == 0)
        tend_park (&self);
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
