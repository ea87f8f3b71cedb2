#include "launcher/usage.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/mappings.h"
#include "launcher/tree.h"

/* Of so many at once the file pages are kept apart; a sandbox has few. */
#define MOST_PROCESSES 256

/* As getdents64(2) writes it; the C library declares it only under another name. */
typedef struct {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
} Entry;

static int64_t
kilobytes_after (const char *status, const char *key)
{
  const char *found = strstr (status, key);

  return found == NULL ? 0 : strtoll (found + strlen (key), NULL, 10);
}

static ssize_t
read_text (int proc, pid_t pid, const char *name, char *text, size_t capacity)
{
  char path[48];

  snprintf (path, sizeof path, "%d/%s", (int) pid, name);
  AUTO_CLOSE int fd = openat (proc, path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read (fd, text, capacity - 1);
  text[size < 0 ? 0 : size] = '\0';
  return size;
}

static int64_t peak_bytes;
static struct {
  pid_t pid;
  int64_t most;
} seen[MOST_PROCESSES];

/* The most pages of files that were seen of a process. A process whose place is taken by another
 * one begins anew. */
static int64_t
most_file_pages (pid_t pid, int64_t now)
{
  typeof (*seen) *own = &seen[pid % MOST_PROCESSES];

  if (own->pid != pid)
    own->most = 0;
  own->pid = pid;
  if (now > own->most)
    own->most = now;
  return own->most;
}

/* Of shared memory so little isn't worth the question which of it is files in /tmp. */
#define UNASKED_SHARED_KB 1024

/* Anonymous and shared pages. What was freed again before anybody looked is in the kernel's
 * high-water mark of resident pages, from which those of files are taken away. */
static void
add_memory (int proc, pid_t pid, Usage *usage)
{
  char status[4096];
  Mappings mappings = { 0 };

  if (read_text (proc, pid, "status", status, sizeof status) <= 0)
    return;

  int64_t shared = kilobytes_after (status, "\nRssShmem:");
  int64_t now = kilobytes_after (status, "\nRssAnon:") + shared;
  int64_t files = kilobytes_after (status, "\nRssFile:");
  if (shared > UNASKED_SHARED_KB && mappings_read (&mappings, proc, pid))
    {
      now = mappings.anonymous_kb + mappings.shared_kb;
      files += mappings.in_tmp_kb;
    }

  int64_t peak = kilobytes_after (status, "\nVmHWM:") - most_file_pages (pid, files);
  usage->memory_bytes += now * 1024;
  usage->memory_peak_bytes += (peak > now ? peak : now) * 1024;
}

/* Children that the process has waited for: fields 16 and 17, in clock ticks. The name before them,
 * in brackets, may hold anything. */
static int64_t
waited_children_us (int proc, pid_t pid)
{
  char stat[1024];
  long user = 0, system = 0;

  if (read_text (proc, pid, "stat", stat, sizeof stat) <= 0)
    return 0;
  const char *fields = strrchr (stat, ')');
  if (fields == NULL ||
      sscanf (fields + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %ld", &user,
              &system) != 2)
    return 0;
  return (int64_t) (user + system) * (1000000 / sysconf (_SC_CLK_TCK));
}

static int64_t
own_cpu_us (pid_t pid)
{
  clockid_t clock = 0;
  struct timespec used = { 0 };

  if (clock_getcpuclockid (pid, &clock) != 0 || clock_gettime (clock, &used) != 0)
    return 0;
  return used.tv_sec * (int64_t) 1000000 + used.tv_nsec / 1000;
}

static void
add_process (int proc, pid_t pid, void *data)
{
  Usage *usage = data;

  usage->cpu_us += own_cpu_us (pid) + waited_children_us (proc, pid);
  add_memory (proc, pid, usage);
}

/* proc_pid_clear_refs(5): the high-water mark of resident pages becomes what is resident now. */
static void
lower_mark (int proc, pid_t pid, void *data)
{
  char path[48];

  snprintf (path, sizeof path, "%d/clear_refs", (int) pid);
  AUTO_CLOSE int fd = openat (proc, path, O_WRONLY | O_CLOEXEC);
  /* A process that can't be reached has ended, and has no mark any more. */
  if (fd >= 0 && write (fd, "5", 1) < 0)
    return;
}

/* In a pid namespace everything that there is. */
static void
visit_all (TreeVisit visit, Usage *usage)
{
  AUTO_CLOSE int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  _Alignas(Entry) char buffer[4096];
  ssize_t size = 0;

  while (proc >= 0 && (size = syscall (SYS_getdents64, proc, buffer, sizeof buffer)) > 0)
    for (ssize_t at = 0; at < size;)
      {
        const Entry *entry = (const Entry *) (buffer + at);
        pid_t pid = (pid_t) strtol (entry->name, NULL, 10);
        if (pid > 1)
          visit (proc, pid, usage);
        at += entry->length;
      }
}

static void
visit_processes (TreeVisit visit, Usage *usage)
{
  if (tree_is_of_descendants ())
    tree_visit (visit, usage);
  else
    visit_all (visit, usage);
}

static int64_t
reaped_cpu_us (void)
{
  struct rusage reaped = { 0 };

  getrusage (RUSAGE_CHILDREN, &reaped);
  return (reaped.ru_utime.tv_sec + reaped.ru_stime.tv_sec) * (int64_t) 1000000 +
         reaped.ru_utime.tv_usec + reaped.ru_stime.tv_usec;
}

void
usage_read (Usage *usage)
{
  *usage = (Usage){ .cpu_us = reaped_cpu_us () };
  visit_processes (add_process, usage);
  if (usage->memory_peak_bytes > peak_bytes)
    peak_bytes = usage->memory_peak_bytes;
  usage->memory_peak_bytes = peak_bytes;
}

void
usage_begin_anew (void)
{
  visit_processes (lower_mark, NULL);
  memset (seen, 0, sizeof seen);
  peak_bytes = 0;
}
