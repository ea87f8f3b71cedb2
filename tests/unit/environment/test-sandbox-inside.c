/* What a process sees from inside a real sandbox, and what it may do. */

#include "tests/unit/environment/sandbox-fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

static void
test_is_nobody_inside (SandboxFixture *f)
{
  g_autofree char *output = sandbox_run (
      f, "id -u; id -g; id -un; cat /proc/sys/user/max_user_namespaces;"
         "grep -E '^(CapEff|CapPrm|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status");

  g_assert_cmpstr (output, ==,
                   "993\n990\nsbx_user1051\n0\n"
                   "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
                   "CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\n"
                   "NoNewPrivs:\t1\nSeccomp:\t2");
}

/* In a user namespace in which there is nobody else, all are user 0. */
static gboolean
has_other_users (void)
{
  g_autofree char *map = NULL;
  guint64 inside = 0, outside = 0, length = 0;

  g_assert_true (g_file_get_contents ("/proc/self/uid_map", &map, NULL, NULL));
  sscanf (map, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &inside, &outside,
          &length);
  return length > 1;
}

/* Root would own root's files, and no limit on processes would hold. */
static void
test_is_never_root_outside (SandboxFixture *f)
{
  g_autofree char *output = sandbox_run (f, "read inside outside count </proc/self/uid_map;"
                                            "echo $inside $count; [ $outside = 0 ] && echo root");

  g_assert_cmpstr (output, ==, has_other_users () ? "993 1" : "993 1\nroot");
}

static void
test_shows_only_its_own_files (SandboxFixture *f)
{
  g_autofree char *output =
      sandbox_run (f, "echo /*; echo /home/* /root/* /tmp/*; ls -A /dev | xargs;"
                      "ls /etc/shadow /etc/machine-id 2>/dev/null; hostname");

  g_assert_true (g_str_has_prefix (output, "/bin "));
  g_assert_nonnull (strstr (output, "/home/* /root/* /tmp/*\n"));
  g_assert_nonnull (
      strstr (output, "\nfd full null random stderr stdin stdout urandom zero\nlocalhost"));
  g_assert_null (strstr (output, "shadow"));
}

static void
test_can_write_only_in_tmp (SandboxFixture *f)
{
  g_autofree char *output =
      sandbox_run (f, "for d in / /usr /etc /dev /var/task /opt /proc/sys/kernel /tmp; do"
                      " (: >$d/x) 2>/dev/null && echo $d; done;"
                      "echo y >/dev/null && echo null; df -m /tmp | awk 'END {print $2}'");

  g_assert_cmpstr (output, ==, "/tmp\nnull\n1");
}

static void
test_opens_only_its_descriptors (SandboxFixture *f)
{
  /* The fourth is ls's own, of the folder. */
  g_autofree char *output = sandbox_run (f, "ls /proc/self/fd | xargs; readlink /proc/self/fd/0");

  g_assert_cmpstr (output, ==, "0 1 2 3\n/dev/null");
}

static void
test_has_processes_of_its_own (SandboxFixture *f)
{
  g_autofree char *output =
      sandbox_run (f, "echo /proc/[0-9]*; echo $$; cat /proc/1/environ 2>/dev/null;"
                      "kill -9 1; echo survived");

  g_assert_cmpstr (output, ==, "/proc/1 /proc/2\n2\nsurvived");
}

static void
test_has_resource_limits (SandboxFixture *f)
{
  g_autofree char *output =
      sandbox_run (f, "ulimit -n; ulimit -Hn; ulimit -c; ulimit -p 2>/dev/null ||"
                      " awk '/^Max processes/ {print $3}' /proc/self/limits");

  g_assert_cmpstr (output, ==, "1024\n1024\n0\n1024");
}

static void
test_refuses_dangerous_calls (SandboxFixture *f)
{
  g_autofree char *output = sandbox_run (
      f, "unshare -U true 2>/dev/null || echo no namespaces;"
         "mount -t tmpfs x /tmp 2>/dev/null || echo no mounts; dmesg >/dev/null 2>&1 || "
         "echo no kernel log");

  g_assert_cmpstr (output, ==, "no namespaces\nno mounts\nno kernel log");
}

static void
test_has_only_loopback (SandboxFixture *f)
{
  struct sockaddr_in address = { 0 };
  socklen_t size = sizeof address;
  g_autofree char *output = sandbox_run (f, "awk -F: 'NR > 2 {print $1}' /proc/net/dev | xargs;"
                                            "awk 'NR > 1 {print $2, $4}' /proc/net/tcp");

  /* 0x2329 is 9001; 0A says that it listens. */
  g_assert_cmpstr (output, ==, "lo\n0100007F:2329 0A");
  g_assert_no_errno (getsockname (f->api_fd, (struct sockaddr *) &address, &size));
  g_assert_cmpint (ntohs (address.sin_port), ==, 9001);
  g_assert_cmpint (fcntl (f->api_fd, F_GETFL) & O_NONBLOCK, ==, O_NONBLOCK);
}

/* A folder that only this user may enter, with a file that all may read. */
static char *
make_closed_folder (const char *file, const char *text)
{
  char *folder = g_dir_make_tmp ("kelvin-test-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (folder, "inner", NULL);
  g_autofree char *path = g_build_filename (inner, file, NULL);

  g_assert_no_errno (g_mkdir (inner, 0755));
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  return folder;
}

static void
remove_closed_folder (const char *folder, const char *file)
{
  g_autofree char *inner = g_build_filename (folder, "inner", NULL);
  g_autofree char *path = g_build_filename (inner, file, NULL);

  g_assert_no_errno (g_remove (path));
  g_assert_no_errno (g_rmdir (inner));
  g_assert_no_errno (g_rmdir (folder));
}

/* Code may lie below a home that others may not enter, and to root's sandboxes all are others. */
static void
test_shows_what_lies_in_a_closed_folder (SandboxFixture *f)
{
  g_autofree char *folder = make_closed_folder ("x", "hello");
  g_autofree char *inner = g_build_filename (folder, "inner", NULL);
  g_autoptr (KelvinSandboxPlan) plan =
      sandbox_plan_script ("cat /var/task/x; echo; (: >/var/task/y) 2>/dev/null || echo no");

  kelvin_sandbox_plan_add_bind (plan, inner, "/var/task");
  g_autofree char *output = sandbox_run_plan (f, plan);
  g_assert_cmpstr (output, ==, "hello\nno");
  remove_closed_folder (folder, "x");
}

static void
test_shows_one_file_over_another (SandboxFixture *f)
{
  g_autofree char *folder = make_closed_folder ("hosts", "mine");
  g_autofree char *path = g_build_filename (folder, "inner", "hosts", NULL);
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_script ("cat /etc/hosts");

  kelvin_sandbox_plan_add_bind (plan, path, "/etc/hosts");
  g_autofree char *output = sandbox_run_plan (f, plan);
  g_assert_cmpstr (output, ==, "mine");
  remove_closed_folder (folder, "hosts");
}

static void
test_masks_a_folder (SandboxFixture *f)
{
  g_autoptr (KelvinSandboxPlan) plan =
      sandbox_plan_script ("ls -A /usr/share | wc -l; (: >/usr/share/x) 2>/dev/null || echo no");

  sandbox_plan_insert (
      plan, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_MASK, .target = (char *) "/usr/share" });
  g_autofree char *output = sandbox_run_plan (f, plan);
  g_assert_cmpstr (output, ==, "0\nno");
}

/* Mounts of a sandbox stand nowhere else: /usr of the machine is as it was. */
static void
test_leaves_the_machine_as_it_was (SandboxFixture *f)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_script ("true");

  g_assert_true (g_file_get_contents ("/proc/self/mountinfo", &before, NULL, NULL));
  sandbox_plan_insert (
      plan, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_MASK, .target = (char *) "/usr/share" });
  g_autofree char *output = sandbox_run_plan (f, plan);
  g_assert_true (g_file_get_contents ("/proc/self/mountinfo", &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
}

static void
test_has_shared_memory_of_its_own (SandboxFixture *f)
{
  g_autofree char *output =
      sandbox_run (f, "ipcmk -M 4096 >/dev/null && ipcs -m | grep -c 4096; test -e /dev/shm ||"
                      " echo no shm");

  g_assert_cmpstr (output, ==, "1\nno shm");
}

static void
test_stays_within_tmp (SandboxFixture *f)
{
  g_autofree char *output = sandbox_run (
      f, "head -c 4000000 /dev/zero >/tmp/big 2>/dev/null || echo full; wc -c </tmp/big");

  g_assert_cmpstr (output, ==, "full\n1048576");
}

static const SandboxCase cases[] = {
  { "is-nobody-inside", test_is_nobody_inside },
  { "is-never-root-outside", test_is_never_root_outside },
  { "shows-only-its-own-files", test_shows_only_its_own_files },
  { "can-write-only-in-tmp", test_can_write_only_in_tmp },
  { "opens-only-its-descriptors", test_opens_only_its_descriptors },
  { "has-processes-of-its-own", test_has_processes_of_its_own },
  { "has-resource-limits", test_has_resource_limits },
  { "refuses-dangerous-calls", test_refuses_dangerous_calls },
  { "has-only-loopback", test_has_only_loopback },
  { "shows-what-lies-in-a-closed-folder", test_shows_what_lies_in_a_closed_folder },
  { "shows-one-file-over-another", test_shows_one_file_over_another },
  { "masks-a-folder", test_masks_a_folder },
  { "leaves-the-machine-as-it-was", test_leaves_the_machine_as_it_was },
  { "has-shared-memory-of-its-own", test_has_shared_memory_of_its_own },
  { "stays-within-tmp", test_stays_within_tmp },
};

int
main (int argc, char **argv)
{
  return sandbox_run_cases (argc, argv, "sandbox-inside", cases, G_N_ELEMENTS (cases));
}
