#include "launcher/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* Of more than so many at once the rest is found when it is looked again. */
#define MOST_PROCESSES 4096
/* How often is looked, a millisecond apart. */
#define MOST_LOOKS 100

typedef struct {
  pid_t pid;
  pid_t parent;
} Member;

static Member members[MOST_PROCESSES];
static int n_members;
static bool of_descendants;

int
tree_of_descendants (void)
{
  of_descendants = true;
  return prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

bool
tree_is_of_descendants (void)
{
  return of_descendants;
}

static void
add_member (pid_t pid, pid_t parent)
{
  if (n_members < MOST_PROCESSES)
    members[n_members++] = (Member){ .pid = pid, .parent = parent };
}

/* Field 4 of /proc/PID/stat; -1 when it has ended. The name before it, in brackets, may hold
 * anything. */
static pid_t
parent_of (int proc, const char *name)
{
  char path[48], text[512];
  int parent = -1;

  snprintf (path, sizeof path, "%.20s/stat", name);
  AUTO_CLOSE int fd = openat (proc, path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read (fd, text, sizeof text - 1);
  text[size < 0 ? 0 : size] = '\0';
  const char *fields = strrchr (text, ')');
  if (fields == NULL || sscanf (fields + 1, " %*c %d", &parent) != 1)
    return -1;
  return parent;
}

/* The children that one thread made, in "PID PID …". False where the kernel doesn't tell. */
static bool
add_children_of_thread (int tasks, const char *thread, pid_t parent)
{
  char path[48];

  snprintf (path, sizeof path, "%.20s/children", thread);
  int fd = openat (tasks, path, O_RDONLY | O_CLOEXEC);
  FILE *file = fd < 0 ? NULL : fdopen (fd, "r");
  if (file == NULL)
    {
      descriptor_clear (&fd);
      return false;
    }

  int child = 0;
  while (fscanf (file, "%d", &child) == 1)
    add_member (child, parent);
  fclose (file);
  return true;
}

static bool
add_children (int proc, pid_t parent)
{
  char path[48];
  bool told = false;

  snprintf (path, sizeof path, "%d/task", (int) parent);
  int fd = openat (proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *tasks = fd < 0 ? NULL : fdopendir (fd);
  if (tasks == NULL)
    {
      descriptor_clear (&fd);
      return false;
    }
  for (const struct dirent *entry = readdir (tasks); entry != NULL; entry = readdir (tasks))
    if (entry->d_name[0] != '.')
      told |= add_children_of_thread (fd, entry->d_name, parent);
  closedir (tasks);
  return told;
}

/* A kernel that doesn't name children names the parent of each process. */
static void
add_children_by_parent (int proc, pid_t parent)
{
  int fd = openat (proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir (fd);

  if (folder == NULL)
    {
      descriptor_clear (&fd);
      return;
    }
  for (const struct dirent *entry = readdir (folder); entry != NULL; entry = readdir (folder))
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
        parent_of (fd, entry->d_name) == parent)
      add_member ((pid_t) strtol (entry->d_name, NULL, 10), parent);
  closedir (folder);
}

static bool
is_spared (const Member *member, const pid_t *spared, int n_spared)
{
  for (int i = 0; i < n_spared; i++)
    if (spared[i] == member->pid)
      return true;
  return false;
}

/* Parents come before their children. */
static void
find_members (int proc, const pid_t *spared, int n_spared)
{
  bool kernel_names_children = add_children (proc, getpid ());

  if (!kernel_names_children)
    add_children_by_parent (proc, getpid ());
  for (int i = 0; i < n_members; i++)
    {
      if (is_spared (&members[i], spared, n_spared))
        members[i--] = members[--n_members];
      else if (kernel_names_children)
        add_children (proc, members[i].pid);
      else
        add_children_by_parent (proc, members[i].pid);
    }
}

static int
look (const pid_t *spared, int n_spared)
{
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  n_members = 0;
  if (proc >= 0)
    find_members (proc, spared, n_spared);
  return proc;
}

/* The number may be another process's by now: asked once more when it is held. */
static void
signal_member (int proc, const Member *member, int number)
{
  char name[24];

  AUTO_CLOSE int pidfd = pidfd_open (member->pid, 0);
  if (pidfd < 0)
    return;
  snprintf (name, sizeof name, "%d", (int) member->pid);
  pid_t parent = parent_of (proc, name);
  if (parent == member->parent || parent == getpid ())
    pidfd_send_signal (pidfd, number, NULL, 0);
}

void
tree_visit (TreeVisit visit, void *data)
{
  AUTO_CLOSE int proc = look (NULL, 0);

  for (int i = 0; i < n_members; i++)
    visit (proc, members[i].pid, data);
}

static void
signal_members (int proc, int number)
{
  for (int i = 0; i < n_members; i++)
    signal_member (proc, &members[i], number);
}

void
tree_signal (int number)
{
  if (!of_descendants)
    {
      kill (-1, number);
      return;
    }
  AUTO_CLOSE int proc = look (NULL, 0);
  signal_members (proc, number);
}

/* Those that wait to be reaped are members too, so it is over when there are none. All are stopped
 * before the first is ended: what forks as fast as it can would be ahead for ever. */
bool
tree_end (const pid_t *spared, int n_spared)
{
  for (int i = 0; i < MOST_LOOKS; i++)
    {
      AUTO_CLOSE int proc = look (spared, n_spared);
      if (proc < 0 || n_members == 0)
        return true;
      signal_members (proc, SIGSTOP);
      signal_members (proc, SIGKILL);
      for (int k = 0; k < n_members; k++)
        waitpid (members[k].pid, NULL, WNOHANG);
      if (i > 0)
        poll (NULL, 0, 1);
    }
  return false;
}

/* Orphans become children of pid 1, so when it has none left, nothing is. */
bool
tree_clear (void)
{
  if (of_descendants)
    return tree_end (NULL, 0);

  kill (-1, SIGKILL);
  while (waitpid (-1, NULL, 0) > 0 || errno == EINTR)
    continue;
  return true;
}
