#include <errno.h>
#include <glib.h>
#include <linux/sched.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/filter-table.h"
#include "launcher/filter.h"

typedef struct {
  const char *name;
  long call;
  long arguments[3];
  int error; /* 0 where the filter lets it pass */
} Call;

static const Call calls[] = {
  { "getppid", SYS_getppid, { 0 }, 0 },
  { "clone3", SYS_clone3, { 0 }, ENOSYS },
  { "io_uring_setup", SYS_io_uring_setup, { 1 }, ENOSYS },
  { "a number that no kernel knows", 1023, { 0 }, ENOSYS },
  { "ptrace", SYS_ptrace, { 0 }, EPERM },
  { "unshare", SYS_unshare, { CLONE_NEWUSER }, EPERM },
  { "clone of a user namespace", SYS_clone, { CLONE_NEWUSER | SIGCHLD }, EPERM },
  { "clone of two namespaces", SYS_clone, { CLONE_NEWNS | CLONE_NEWPID | SIGCHLD }, EPERM },
  { "stream on IPv4", SYS_socket, { AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0 }, 0 },
  { "stream of the machine", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 }, 0 },
  { "list of interfaces", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 }, 0 },
  { "raw socket", SYS_socket, { AF_INET, SOCK_RAW, 1 }, ENOSYS },
  { "packet socket", SYS_socket, { AF_PACKET, SOCK_RAW, 0 }, ENOSYS },
  { "cipher socket", SYS_socket, { AF_ALG, SOCK_SEQPACKET, 0 }, ENOSYS },
  { "audit messages", SYS_socket, { AF_NETLINK, SOCK_RAW, 9 }, ENOSYS },
  { "typing into a terminal", SYS_ioctl, { -1, TIOCSTI, 0 }, EPERM },
  { "typing, with a bit that the kernel drops", SYS_ioctl, { -1, TIOCSTI | 1L << 32, 0 }, EPERM },
  { "size of a terminal", SYS_ioctl, { -1, TIOCGWINSZ, 0 }, EBADF },
  { "personality as it is", SYS_personality, { 0xffffffff }, 0 },
  { "personality without random addresses", SYS_personality, { ADDR_NO_RANDOMIZE }, ENOSYS },
};

/* In the child, where nothing but system calls is made. */
static int
make_call (const Call *call)
{
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || filter_install () != 0)
    return -1;

  errno = 0;
  long result =
      syscall ((int) call->call, call->arguments[0], call->arguments[1], call->arguments[2]);
  return result < 0 ? errno : 0;
}

static void
test_call (gconstpointer data)
{
  const Call *call = data;
  int status = 0;

  pid_t pid = fork ();
  if (pid == 0)
    _exit (make_call (call));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, call->error);
}

static void
test_names_are_known (void)
{
  const FilterGroup *const tables[] = { filter_allowed, filter_refused };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const FilterGroup *group = tables[i]; group->calls != NULL; group++)
      {
        g_auto (GStrv) names = g_strsplit (group->calls, " ", -1);
        for (char **name = names; *name != NULL; name++)
          if (seccomp_syscall_resolve_name (*name) == __NR_SCMP_ERROR)
            g_error ("%s, in the group \"%s\", is no system call", *name, group->reason);
      }
}

static void
test_no_name_stands_twice (void)
{
  const FilterGroup *const tables[] = { filter_allowed, filter_refused };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const FilterGroup *group = tables[i]; group->calls != NULL; group++)
      {
        g_auto (GStrv) names = g_strsplit (group->calls, " ", -1);
        for (char **name = names; *name != NULL; name++)
          g_assert_true (g_hash_table_add (seen, g_strdup (*name)));
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/launcher/filter/names-are-known", test_names_are_known);
  g_test_add_func ("/launcher/filter/no-name-stands-twice", test_no_name_stands_twice);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *path = g_strdelimit (g_strdup (calls[i].name), " ", '-');
      g_autofree char *name = g_strconcat ("/launcher/filter/", path, NULL);
      g_test_add_data_func (name, &calls[i], test_call);
    }
  return g_test_run ();
}
