/* Real sandboxes, made by the built kelvin-launcher: for an ordinary user, and by root for root
 * too. What runs in them is a line of shell. */

#include "engine/environment/launcher.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "config.h"
#include "engine/environment/sandbox-plan-private.h"
#include "engine/fd.h"

/* Nobody's, and the same on every machine. */
#define ORDINARY_USER 65533
/* As test programs say it. */
#define EXIT_SKIPPED 77

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinLauncher *launcher;
  KelvinSandbox *sandbox;

  KelvinFd api_fd;
  GError *error;
  KelvinExit how;
  KelvinUsage usage;
  gint64 ready_ns;
  gint64 mark_ns;
  guint n_usages;
  gboolean exited;
  gboolean gone;
} Fixture;

/* kelvin-launcher, where every user can execute it */
static char *program;

typedef struct {
  const char *name;
  void (*func) (Fixture *f);
} Case;

static void
ready_cb (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data)
{
  Fixture *f = user_data;

  f->api_fd = api_fd;
  f->ready_ns = ready_ns;
}

static void
init_started_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpint (f->ready_ns, >, 0);
  f->mark_ns = at_ns;
}

static void
failed_cb (KelvinSandbox *sandbox, const GError *error, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_no_error (f->error);
  f->error = g_error_copy (error);
}

static void
exited_cb (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data)
{
  Fixture *f = user_data;

  f->exited = TRUE;
  f->how = *how;
}

static void
usage_cb (KelvinSandbox *sandbox, const KelvinUsage *usage, gpointer user_data)
{
  Fixture *f = user_data;

  f->usage = *usage;
  f->n_usages++;
}

static void
gone_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  Fixture *f = user_data;

  f->gone = TRUE;
}

static const KelvinSandboxEvents events = { .ready = ready_cb,
                                            .init_started = init_started_cb,
                                            .failed = failed_cb,
                                            .exited = exited_cb,
                                            .usage = usage_cb,
                                            .gone = gone_cb };

static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("nothing happened for 20 s");
  return G_SOURCE_REMOVE;
}

static void
wait_until (Fixture *f, const gboolean *condition)
{
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (20);

  g_source_set_callback (limit, too_late_cb, NULL, NULL);
  g_source_attach (limit, f->context);
  while (!*condition)
    g_main_context_iteration (f->context, TRUE);
  g_source_destroy (limit);
}

static void
wait_until_ready (Fixture *f)
{
  while (f->api_fd < 0 && f->error == NULL)
    g_main_context_iteration (f->context, TRUE);
  g_assert_no_error (f->error);
}

static void
ask_usage (Fixture *f)
{
  guint before = f->n_usages;

  kelvin_sandbox_ask_usage (f->sandbox);
  while (f->n_usages == before)
    g_main_context_iteration (f->context, TRUE);
}

static void
set_up (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  *f = (Fixture){ .api_fd = -1 };
  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  f->launcher = kelvin_launcher_new (program, f->poller, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f)
{
  kelvin_sandbox_free (f->sandbox);
  kelvin_launcher_free (f->launcher);
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
  kelvin_fd_clear (&f->api_fd);
  g_clear_error (&f->error);
}

static KelvinSandboxPlan *
plan_program (const char *const *arguments)
{
  KelvinSandboxPlan *plan = kelvin_sandbox_plan_new_trial ();

  g_ptr_array_set_size (plan->arguments, 0);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (plan->arguments, g_strdup (arguments[i]));
  return plan;
}

static void
start_plan (Fixture *f, KelvinSandboxPlan *plan)
{
  g_autoptr (GError) error = NULL;

  f->sandbox = kelvin_sandbox_start (f->launcher, plan, &events, f, &error);
  g_assert_no_error (error);
}

static void
start (Fixture *f, const char *script)
{
  const char *arguments[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (arguments);

  start_plan (f, plan);
}

/* What the script wrote on standard output until it ended; trailing newline removed. */
static char *
run (Fixture *f, const char *script)
{
  char text[16384] = "";

  start (f, script);
  wait_until (f, &f->exited);
  gssize size = read (kelvin_sandbox_get_stdout_fd (f->sandbox), text, sizeof text - 1);
  text[MAX (size, 0)] = '\0';
  return g_strchomp (g_strdup (text));
}

static void
test_reports_exit_status (Fixture *f)
{
  g_autofree char *output = run (f, "echo hello; exit 7");

  g_assert_cmpstr (output, ==, "hello");
  g_assert_false (f->how.signalled);
  g_assert_cmpint (f->how.code, ==, 7);
  g_assert_cmpint (f->how.at_ns, >, f->ready_ns);
}

static void
test_reports_signals (Fixture *f)
{
  g_autofree char *output = run (f, "kill -SEGV $$");

  g_assert_cmpstr (output, ==, "");
  g_assert_true (f->how.signalled);
  g_assert_cmpint (f->how.code, ==, SIGSEGV);
}

static void
test_is_nobody_inside (Fixture *f)
{
  g_autofree char *output =
      run (f, "id -u; id -g; id -un; cat /proc/sys/user/max_user_namespaces;"
              "grep -E '^(CapEff|CapPrm|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status");

  g_assert_cmpstr (output, ==,
                   "993\n990\nsbx_user1051\n0\n"
                   "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
                   "CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\n"
                   "NoNewPrivs:\t1\nSeccomp:\t2");
}

/* Root would own root's files, and no limit on processes would hold. */
static void
test_is_never_root_outside (Fixture *f)
{
  g_autofree char *output = run (f, "read inside outside count </proc/self/uid_map;"
                                    "echo $inside $count; [ $outside != 0 ] && echo somebody");

  g_assert_cmpstr (output, ==, "993 1\nsomebody");
}

static void
test_shows_only_its_own_files (Fixture *f)
{
  g_autofree char *output = run (f, "echo /*; echo /home/* /root/* /tmp/*; ls -A /dev | xargs;"
                                    "ls /etc/shadow /etc/machine-id 2>/dev/null; hostname");

  g_assert_true (g_str_has_prefix (output, "/bin "));
  g_assert_nonnull (strstr (output, "/home/* /root/* /tmp/*\n"));
  g_assert_nonnull (
      strstr (output, "\nfd full null random stderr stdin stdout urandom zero\nlocalhost"));
  g_assert_null (strstr (output, "shadow"));
}

static void
test_can_write_only_in_tmp (Fixture *f)
{
  g_autofree char *output =
      run (f, "for d in / /usr /etc /dev /var/task /opt /proc/sys/kernel /tmp; do"
              " (: >$d/x) 2>/dev/null && echo $d; done;"
              "echo y >/dev/null && echo null; df -m /tmp | awk 'END {print $2}'");

  g_assert_cmpstr (output, ==, "/tmp\nnull\n1");
}

static void
test_opens_only_its_descriptors (Fixture *f)
{
  /* The fourth is ls's own, of the folder. */
  g_autofree char *output = run (f, "ls /proc/self/fd | xargs; readlink /proc/self/fd/0");

  g_assert_cmpstr (output, ==, "0 1 2 3\n/dev/null");
}

static void
test_has_processes_of_its_own (Fixture *f)
{
  g_autofree char *output = run (f, "echo /proc/[0-9]*; echo $$; cat /proc/1/environ 2>/dev/null;"
                                    "kill -9 1; echo survived");

  g_assert_cmpstr (output, ==, "/proc/1 /proc/2\n2\nsurvived");
}

static void
test_has_resource_limits (Fixture *f)
{
  g_autofree char *output = run (f, "ulimit -n; ulimit -Hn; ulimit -c; ulimit -p 2>/dev/null ||"
                                    " awk '/^Max processes/ {print $3}' /proc/self/limits");

  g_assert_cmpstr (output, ==, "1024\n1024\n0\n1024");
}

static void
test_refuses_dangerous_calls (Fixture *f)
{
  g_autofree char *output =
      run (f, "unshare -U true 2>/dev/null || echo no namespaces;"
              "mount -t tmpfs x /tmp 2>/dev/null || echo no mounts; dmesg >/dev/null 2>&1 || "
              "echo no kernel log");

  g_assert_cmpstr (output, ==, "no namespaces\nno mounts\nno kernel log");
}

static void
test_has_only_loopback (Fixture *f)
{
  struct sockaddr_in address = { 0 };
  socklen_t size = sizeof address;
  g_autofree char *output = run (f, "awk -F: 'NR > 2 {print $1}' /proc/net/dev | xargs;"
                                    "awk 'NR > 1 {print $2, $4}' /proc/net/tcp");

  /* 0x2329 is 9001; 0A says that it listens. */
  g_assert_cmpstr (output, ==, "lo\n0100007F:2329 0A");
  g_assert_no_errno (getsockname (f->api_fd, (struct sockaddr *) &address, &size));
  g_assert_cmpint (ntohs (address.sin_port), ==, 9001);
  g_assert_cmpint (fcntl (f->api_fd, F_GETFL) & O_NONBLOCK, ==, O_NONBLOCK);
}

static void
test_names_what_cannot_be_executed (Fixture *f)
{
  const char *missing[] = { "/var/task/bootstrap", NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (missing);

  start_plan (f, plan);
  wait_until (f, &f->gone);
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC);
  g_assert_cmpstr (f->error->message, ==,
                   "fork/exec /var/task/bootstrap: no such file or directory");
  g_assert_false (f->exited);
}

static void
test_names_what_may_not_be_executed (Fixture *f)
{
  const char *folder[] = { "/var/task", NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (folder);

  start_plan (f, plan);
  wait_until (f, &f->gone);
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC);
  g_assert_cmpstr (f->error->message, ==, "fork/exec /var/task: permission denied");
}

static void
test_names_the_source_that_is_missing (Fixture *f)
{
  const char *arguments[] = { "/bin/true", NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (arguments);

  kelvin_sandbox_plan_add_bind (plan, "/no/such/folder", "/opt");
  start_plan (f, plan);
  wait_until (f, &f->gone);
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX);
  g_assert_nonnull (strstr (f->error->message, "bind /no/such/folder at /opt"));
}

static void
test_freezes_and_thaws (Fixture *f)
{
  start (f, "while :; do :; done & while :; do :; done");
  wait_until_ready (f);
  while (f->usage.cpu_us == 0)
    ask_usage (f);

  kelvin_sandbox_freeze (f->sandbox);
  ask_usage (f);
  /* A process on the other processor may finish the tick that it is in. */
  ask_usage (f);
  gint64 frozen_us = f->usage.cpu_us;
  gint64 until_us = g_get_monotonic_time () + 30000;
  while (g_get_monotonic_time () < until_us)
    ask_usage (f);
  g_assert_cmpint (f->usage.cpu_us - frozen_us, <, 2000);

  kelvin_sandbox_thaw (f->sandbox);
  frozen_us = f->usage.cpu_us;
  while (f->usage.cpu_us < frozen_us + 5000)
    ask_usage (f);
}

static void
test_measures_memory (Fixture *f)
{
  start (f, "x=$(head -c 30000000 /dev/zero | tr '\\0' a); echo; exec sleep 1000");
  wait_until_ready (f);
  while (f->usage.memory_peak_bytes < 30000000)
    ask_usage (f);
  while (f->usage.memory_bytes > 3000000)
    ask_usage (f);
  g_assert_cmpint (f->usage.memory_peak_bytes, >=, 30000000);
}

static void
test_measures_processes_that_ended (Fixture *f)
{
  start (f, "sh -c 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done'; exec sleep 1000");
  wait_until_ready (f);
  while (f->usage.cpu_us < 20000)
    ask_usage (f);
  g_assert_cmpint (f->usage.memory_bytes, <, 20000000);
}

static void
start_with_marks (Fixture *f, const char *script)
{
  const char *arguments[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (arguments);

  plan->has_marks = TRUE;
  start_plan (f, plan);
}

static void
test_holds_marks_to_what_can_be (Fixture *f)
{
  start_with_marks (f, "printf '\\1\\0\\0\\0\\0\\0\\0\\0' >&3; exec 3>&-; exec sleep 1000");
  while (f->mark_ns == 0)
    g_main_context_iteration (f->context, TRUE);
  g_assert_cmpint (f->mark_ns, ==, f->ready_ns);
}

static void
test_reports_marks_when_drained (Fixture *f)
{
  start_with_marks (f, "printf '\\377\\377\\377\\377\\377\\377\\377\\177' >&3; echo; exec sleep 9");
  while (f->mark_ns == 0)
    kelvin_sandbox_drain (f->sandbox);
  g_assert_cmpint (f->mark_ns, >=, f->ready_ns);
  g_assert_cmpint (f->mark_ns, <=, (g_get_monotonic_time () + 1) * 1000);
}

static void
test_bears_a_mark_that_is_none (Fixture *f)
{
  start_with_marks (f, "printf x >&3; exec 3>&-; exit 3");
  wait_until (f, &f->exited);
  kelvin_sandbox_kill (f->sandbox);
  wait_until (f, &f->gone);
  g_assert_cmpint (f->mark_ns, ==, 0);
  g_assert_cmpint (f->how.code, ==, 3);
}

/* Is there a process with @token in its command line? */
static gboolean
is_running (const char *token)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);

  for (const char *name = g_dir_read_name (proc); name != NULL; name = g_dir_read_name (proc))
    {
      g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *line = NULL;
      gsize size = 0;
      if (g_ascii_isdigit (name[0]) && g_file_get_contents (path, &line, &size, NULL) &&
          memmem (line, size, token, strlen (token)) != NULL)
        return TRUE;
    }
  return FALSE;
}

static char *
make_token (void)
{
  return g_strdup_printf ("token-%u-%u", (guint) getpid (), g_random_int ());
}

static char *
make_stubborn_script (const char *token)
{
  return g_strdup_printf ("trap '' TERM INT HUP; for i in 1 2 3 4 5; do"
                          " setsid sh -c 'while :; do sleep 1000; done' %s & done; wait",
                          token);
}

static void
test_kills_everything (Fixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);

  start (f, script);
  wait_until_ready (f);
  while (!is_running (token))
    continue;
  kelvin_sandbox_freeze (f->sandbox);
  kelvin_sandbox_kill (f->sandbox);
  wait_until (f, &f->gone);
  g_assert_false (is_running (token));
}

static void
test_can_be_killed_before_it_stands (Fixture *f)
{
  start (f, "sleep 1000");
  kelvin_sandbox_kill (f->sandbox);
  wait_until (f, &f->gone);
}

static void
test_can_be_freed_at_any_time (Fixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);

  for (guint i = 0; i < 20; i++)
    {
      start (f, script);
      for (guint turn = 0; turn < i; turn++)
        g_main_context_iteration (f->context, FALSE);
      g_clear_pointer (&f->sandbox, kelvin_sandbox_free);
      kelvin_fd_clear (&f->api_fd);
    }
  /* The launcher answers in order: when this one is gone, the others are known to be dying. */
  start (f, "true");
  wait_until (f, &f->exited);
  while (is_running (token))
    g_main_context_iteration (f->context, FALSE);
}

/* A sandbox in another process, which is then killed as a crash would do it. */
static pid_t
fork_engine (Fixture *f, const char *script)
{
  pid_t pid = fork ();

  if (pid > 0)
    return pid;
  kelvin_launcher_free (g_steal_pointer (&f->launcher));
  f->launcher = kelvin_launcher_new (program, f->poller, NULL);
  start (f, script);
  for (;;)
    g_main_context_iteration (f->context, TRUE);
}

static void
test_leaves_nothing_when_the_engine_is_killed (Fixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);
  gint64 waited_us = 0;

  /* Only one of the two processes may own the launcher's socket. */
  kelvin_launcher_free (g_steal_pointer (&f->launcher));
  pid_t engine = fork_engine (f, script);
  g_assert_cmpint (engine, >, 0);
  /* The engine has the token in no argument of its own: fork keeps the command line of the test. */
  while (!is_running (token))
    continue;

  gint64 killed_us = g_get_monotonic_time ();
  kill (engine, SIGKILL);
  while (is_running (token))
    waited_us = g_get_monotonic_time () - killed_us;
  g_assert_cmpint (waited_us, <, 100000);
  waitpid (engine, NULL, 0);
}

static pid_t
find_launcher (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *children = NULL;

  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  return (pid_t) atoi (children);
}

static void
test_ends_with_the_launcher (Fixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);
  g_autoptr (GError) error = NULL;
  const char *arguments[] = { "/bin/true", NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (arguments);

  start (f, script);
  wait_until_ready (f);
  while (!is_running (token))
    continue;
  g_assert_no_errno (kill (find_launcher (), SIGKILL));
  wait_until (f, &f->gone);
  while (is_running (token))
    continue;
  g_assert_null (kelvin_sandbox_start (f->launcher, plan, &events, f, &error));
  g_assert_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_GONE);
}

static void
test_makes_many_at_once (Fixture *f)
{
  KelvinSandbox *sandboxes[60] = { NULL };
  Fixture each[G_N_ELEMENTS (sandboxes)];
  const char *arguments[] = { "/bin/true", NULL };
  g_autoptr (KelvinSandboxPlan) plan = plan_program (arguments);

  for (guint i = 0; i < G_N_ELEMENTS (sandboxes); i++)
    {
      each[i] = (Fixture){ .context = f->context, .api_fd = -1 };
      sandboxes[i] = kelvin_sandbox_start (f->launcher, plan, &events, &each[i], NULL);
      g_assert_nonnull (sandboxes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (sandboxes); i++)
    {
      wait_until (f, &each[i].exited);
      g_assert_no_error (each[i].error);
      kelvin_fd_clear (&each[i].api_fd);
      kelvin_sandbox_free (sandboxes[i]);
    }
}

static const Case cases[] = {
  { "reports-exit-status", test_reports_exit_status },
  { "reports-signals", test_reports_signals },
  { "is-nobody-inside", test_is_nobody_inside },
  { "is-never-root-outside", test_is_never_root_outside },
  { "shows-only-its-own-files", test_shows_only_its_own_files },
  { "can-write-only-in-tmp", test_can_write_only_in_tmp },
  { "opens-only-its-descriptors", test_opens_only_its_descriptors },
  { "has-processes-of-its-own", test_has_processes_of_its_own },
  { "has-resource-limits", test_has_resource_limits },
  { "refuses-dangerous-calls", test_refuses_dangerous_calls },
  { "has-only-loopback", test_has_only_loopback },
  { "names-what-cannot-be-executed", test_names_what_cannot_be_executed },
  { "names-what-may-not-be-executed", test_names_what_may_not_be_executed },
  { "names-the-source-that-is-missing", test_names_the_source_that_is_missing },
  { "freezes-and-thaws", test_freezes_and_thaws },
  { "measures-memory", test_measures_memory },
  { "measures-processes-that-ended", test_measures_processes_that_ended },
  { "holds-marks-to-what-can-be", test_holds_marks_to_what_can_be },
  { "reports-marks-when-drained", test_reports_marks_when_drained },
  { "bears-a-mark-that-is-none", test_bears_a_mark_that_is_none },
  { "kills-everything", test_kills_everything },
  { "can-be-killed-before-it-stands", test_can_be_killed_before_it_stands },
  { "can-be-freed-at-any-time", test_can_be_freed_at_any_time },
  { "leaves-nothing-when-the-engine-is-killed", test_leaves_nothing_when_the_engine_is_killed },
  { "ends-with-the-launcher", test_ends_with_the_launcher },
  { "makes-many-at-once", test_makes_many_at_once },
};

static void
run_case (const Case *test)
{
  Fixture f;

  set_up (&f);
  test->func (&f);
  tear_down (&f);
}

/* NULL if sandboxes can be made here; fails where they must be. */
static char *
find_reason_to_skip (void)
{
  g_autoptr (GError) error = kelvin_launcher_try_sandbox (program);

  if (g_getenv ("KELVIN_SANDBOX_MUST_WORK") != NULL)
    g_assert_no_error (error);
  if (g_error_matches (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_NAMESPACES))
    return g_strdup (error->message);
  g_assert_no_error (error);
  return NULL;
}

static void
test_as_this_user (gconstpointer data)
{
  g_autofree char *reason = find_reason_to_skip ();

  if (reason != NULL)
    g_test_skip (reason);
  else
    run_case (data);
}

static void
become_ordinary_user (void)
{
  g_assert_no_errno (setgroups (0, NULL));
  g_assert_no_errno (setresgid (ORDINARY_USER, ORDINARY_USER, ORDINARY_USER));
  g_assert_no_errno (setresuid (ORDINARY_USER, ORDINARY_USER, ORDINARY_USER));
  /* A change of user makes a process undumpable, and its files in /proc root's. */
  g_assert_no_errno (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* In a process of its own, since the way back to root is closed. */
static void
test_as_ordinary_user (gconstpointer data)
{
  int status = -1;
  pid_t pid = fork ();

  if (pid == 0)
    {
      become_ordinary_user ();
      g_autofree char *reason = find_reason_to_skip ();
      if (reason == NULL)
        run_case (data);
      _exit (reason == NULL ? EXIT_SUCCESS : EXIT_SKIPPED);
    }
  waitpid (pid, &status, 0);
  if (WIFEXITED (status) && WEXITSTATUS (status) == EXIT_SKIPPED)
    g_test_skip ("an ordinary user may not make user namespaces here");
  else
    g_assert_cmpint (status, ==, 0);
}

static void
add_case (const Case *test)
{
  gboolean is_root = geteuid () == 0;
  g_autofree char *as_this =
      g_strdup_printf ("/environment/sandbox/%s/%s", is_root ? "root" : "user", test->name);
  g_autofree char *as_ordinary = g_strdup_printf ("/environment/sandbox/user/%s", test->name);

  g_test_add_data_func (as_this, test, test_as_this_user);
  if (is_root)
    g_test_add_data_func (as_ordinary, test, test_as_ordinary_user);
}

/* The build may lie where an ordinary user can't go. */
static char *
copy_program (const char *folder)
{
  g_autofree char *built = g_build_filename (KELVIN_BUILD_DIR, "launcher", "kelvin-launcher", NULL);
  char *copy = g_build_filename (folder, "kelvin-launcher", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (built);
  g_autoptr (GFile) to = g_file_new_for_path (copy);
  g_autoptr (GError) error = NULL;

  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_no_errno (chmod (folder, 0755));
  g_assert_no_errno (chmod (copy, 0755));
  return copy;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_autofree char *folder = g_dir_make_tmp ("kelvin-test-XXXXXX", NULL);
  g_assert_nonnull (folder);
  program = copy_program (folder);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    add_case (&cases[i]);
  int status = g_test_run ();

  g_remove (program);
  g_rmdir (folder);
  g_free (program);
  return status;
}
