#include "launcher/park.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/pid1.h"
#include "launcher/wire.h"

/* One invoke alone profits from none. */
#define ENOUGH_REQUESTS 2

void
park_init (Park *self, Request *request, char *message)
{
  *self = (Park){ .request = request, .message = message };
}

static void
end (ParkedSandbox *parked)
{
  siginfo_t info;

  pidfd_send_signal (parked->pidfd, SIGKILL, NULL, 0);
  waitid (P_PIDFD, (id_t) parked->pidfd, &info, WEXITED);
  descriptor_clear (&parked->pidfd);
  descriptor_clear (&parked->gate);
}

void
park_end (Park *self)
{
  while (self->count > 0)
    end (&self->parked[--self->count]);
}

void
park_forget (Park *self)
{
  park_end (self);
  self->n_asked = 0;
}

void
park_note_request (Park *self)
{
  if (self->request->is_process || self->n_asked == ENOUGH_REQUESTS)
    return;
  self->n_asked++;
}

bool
park_wants_one (const Park *self)
{
  return self->n_asked == ENOUGH_REQUESTS && self->count < PARK_MOST;
}

/* --- inside --- */

/* The descriptors in the order in which park_start sends them. */
static void
place (Request *request, Pid1Fds *own, const int *fds, int n_groups, bool with_sources)
{
  own->control = fds[KELVIN_CREATE_CONTROL];
  own->output = fds[KELVIN_CREATE_STDOUT];
  own->error = fds[KELVIN_CREATE_STDERR];
  own->marks = request->has_marks ? fds[KELVIN_CREATE_MARKS] : -1;

  const int *next = fds + (request->has_marks ? KELVIN_CREATE_N_FDS : KELVIN_CREATE_MARKS);
  for (int i = 0; i < n_groups; i++)
    own->groups[own->n_groups++] = *next++;
  for (uint32_t i = 0; with_sources && i < request->n_operations; i++)
    if (request->operations[i].kind == KELVIN_OPERATION_BIND)
      request->operations[i].source_fd = *next++;
}

static int
count_sources (const Request *request)
{
  int count = 0;

  for (uint32_t i = 0; i < request->n_operations; i++)
    count += request->operations[i].kind == KELVIN_OPERATION_BIND;
  return count;
}

_Noreturn static void
wait_inside (const Park *self, const SandboxMaker *maker, const int *gate)
{
  Pid1Fds own = { .gate = gate[0],
                  .alive = maker->alive,
                  .is_parked = true,
                  .not_mine = { maker->not_theirs[0], maker->not_theirs[1], gate[1] } };
  int fds[KELVIN_MOST_FDS];
  int n_fds = 0;

  pid1_park (&maker->identity, &own, self->uid, self->gid);
  ssize_t size =
      wire_receive (own.gate, self->message, KELVIN_LARGEST_MESSAGE, fds, KELVIN_MOST_FDS, &n_fds);
  if (size <= 0 || !request_parse (self->request, self->message, (size_t) size))
    _exit (1);

  int n_own = self->request->has_marks ? KELVIN_CREATE_N_FDS : KELVIN_CREATE_MARKS;
  int n_sources = maker->opens_sources ? count_sources (self->request) : 0;
  int n_groups = n_fds - n_own - n_sources;
  if (n_groups < 0 || n_groups > CGROUP_MOST_TREES)
    _exit (1);
  place (self->request, &own, fds, n_groups, n_sources > 0);
  pid1_run (self->request, &maker->identity, &own, maker->opens_sources);
}

/* --- outside --- */

static bool
add (Park *self, SandboxMaker *maker)
{
  ParkedSandbox *parked = &self->parked[self->count];
  int gate[2] = { -1, -1 };

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, gate) != 0)
    return false;
  AUTO_CLOSE int inner = gate[0];
  AUTO_CLOSE int outer = gate[1];
  uid_t outside = identity_take (&maker->identity);

  self->uid = self->request->uid;
  self->gid = self->request->gid;
  parked->pid = sandbox_clone_pid1 (&parked->pidfd);
  if (parked->pid == 0)
    wait_inside (self, maker, gate);
  if (parked->pid < 0)
    return false;
  if (identity_map (&maker->identity, parked->pid, self->uid, self->gid, outside) != 0 ||
      write (outer, "", 1) != 1)
    {
      end (parked);
      return false;
    }
  parked->gate = descriptor_steal (&outer);
  self->count++;
  return true;
}

void
park_add (Park *self, SandboxMaker *maker)
{
  /* Not again and again where it doesn't work. */
  if (!add (self, maker))
    self->n_asked = 0;
}

static bool
can_have (const Park *self)
{
  const Request *request = self->request;

  return self->count > 0 && !request->is_process && !request->shows_network &&
         request->uid == self->uid && request->gid == self->gid;
}

/* 0 where they are more than fit. */
static int
gather (const Request *request, const int *fds, const Cgroup *group, bool with_sources,
        int *out_fds)
{
  int n_own = request->has_marks ? KELVIN_CREATE_N_FDS : KELVIN_CREATE_MARKS;
  int count = n_own + group->n_join;

  if (count + (with_sources ? count_sources (request) : 0) > KELVIN_MOST_FDS)
    return 0;
  memcpy (out_fds, fds, sizeof *fds * (size_t) n_own);
  memcpy (out_fds + n_own, group->join, sizeof *fds * (size_t) group->n_join);
  for (uint32_t i = 0; with_sources && i < request->n_operations; i++)
    if (request->operations[i].kind == KELVIN_OPERATION_BIND)
      out_fds[count++] = request->operations[i].source_fd;
  return count;
}

bool
park_start (Park *self, const SandboxMaker *maker, Sandbox *sandbox, const int *fds,
            const Cgroup *group)
{
  int all[KELVIN_MOST_FDS];
  int n_fds = can_have (self) ? gather (self->request, fds, group, maker->opens_sources, all) : 0;

  if (n_fds == 0)
    return false;

  ParkedSandbox *parked = &self->parked[--self->count];
  if (wire_send (parked->gate, self->message, self->request->message_bytes, all, n_fds) != 0)
    {
      end (parked);
      return false;
    }
  descriptor_clear (&parked->gate);
  sandbox->pid = parked->pid;
  sandbox->pidfd = parked->pidfd;
  sandbox->was_parked = true;
  return true;
}
