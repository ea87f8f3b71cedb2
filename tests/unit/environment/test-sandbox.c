/* The life and death of real sandboxes. */

#include "tests/unit/environment/sandbox-fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

static void
test_reports_exit_status (SandboxFixture *f)
{
  g_autofree char *output = sandbox_run (f, "echo hello; exit 7");

  g_assert_cmpstr (output, ==, "hello");
  g_assert_false (f->how.signalled);
  g_assert_cmpint (f->how.code, ==, 7);
  g_assert_cmpint (f->how.at_ns, >, f->ready_ns);
}

static void
test_reports_signals (SandboxFixture *f)
{
  g_autofree char *output = sandbox_run (f, "kill -SEGV $$");

  g_assert_cmpstr (output, ==, "");
  g_assert_true (f->how.signalled);
  g_assert_cmpint (f->how.code, ==, SIGSEGV);
}

static void
test_names_what_cannot_be_executed (SandboxFixture *f)
{
  const char *missing[] = { "/var/task/bootstrap", NULL };
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_program (missing);

  sandbox_start_plan (f, plan);
  sandbox_wait_until (f, &f->gone);
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC);
  g_assert_cmpstr (f->error->message, ==,
                   "fork/exec /var/task/bootstrap: no such file or directory");
  g_assert_false (f->exited);
}

static void
test_names_what_may_not_be_executed (SandboxFixture *f)
{
  const char *folder[] = { "/var/task", NULL };
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_program (folder);

  sandbox_start_plan (f, plan);
  sandbox_wait_until (f, &f->gone);
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC);
  g_assert_cmpstr (f->error->message, ==, "fork/exec /var/task: permission denied");
}

static void
test_names_the_source_that_is_missing (SandboxFixture *f)
{
  const char *arguments[] = { "/bin/true", NULL };
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_program (arguments);

  kelvin_sandbox_plan_add_bind (plan, "/no/such/folder", "/opt");
  sandbox_start_plan (f, plan);
  sandbox_wait_until (f, &f->gone);
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX);
  g_assert_nonnull (strstr (f->error->message, "bind /no/such/folder at /opt"));
}

static void
test_freezes_and_thaws (SandboxFixture *f)
{
  sandbox_start (f, "while :; do :; done & while :; do :; done");
  sandbox_wait_until_ready (f);
  while (f->usage.cpu_us == 0)
    sandbox_ask_usage (f);

  kelvin_sandbox_freeze (f->sandbox);
  sandbox_ask_usage (f);
  /* A process on the other processor may finish the tick that it is in. */
  sandbox_ask_usage (f);
  gint64 frozen_us = f->usage.cpu_us;
  gint64 until_us = g_get_monotonic_time () + 30000;
  while (g_get_monotonic_time () < until_us)
    sandbox_ask_usage (f);
  g_assert_cmpint (f->usage.cpu_us - frozen_us, <, 2000);

  kelvin_sandbox_thaw (f->sandbox);
  frozen_us = f->usage.cpu_us;
  while (f->usage.cpu_us < frozen_us + 5000)
    sandbox_ask_usage (f);
}

static void
test_measures_memory (SandboxFixture *f)
{
  sandbox_start (f, "x=$(head -c 30000000 /dev/zero | tr '\\0' a); echo; exec sleep 1000");
  sandbox_wait_until_ready (f);
  while (f->usage.memory_peak_bytes < 30000000)
    sandbox_ask_usage (f);
  while (f->usage.memory_bytes > 3000000)
    sandbox_ask_usage (f);
  g_assert_cmpint (f->usage.memory_peak_bytes, >=, 30000000);
}

static void
test_measures_processes_that_ended (SandboxFixture *f)
{
  sandbox_start (f, "sh -c 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done'; exec sleep 1000");
  sandbox_wait_until_ready (f);
  while (f->usage.cpu_us < 20000)
    sandbox_ask_usage (f);
  g_assert_cmpint (f->usage.memory_bytes, <, 20000000);
}

static void
start_with_marks (SandboxFixture *f, const char *script)
{
  const char *arguments[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_program (arguments);

  plan->has_marks = TRUE;
  sandbox_start_plan (f, plan);
}

static void
test_holds_marks_to_what_can_be (SandboxFixture *f)
{
  start_with_marks (f, "printf '\\1\\0\\0\\0\\0\\0\\0\\0' >&3; exec 3>&-; exec sleep 1000");
  while (f->mark_ns == 0)
    g_main_context_iteration (f->context, TRUE);
  g_assert_cmpint (f->mark_ns, ==, f->ready_ns);
}

static void
test_reports_marks_when_drained (SandboxFixture *f)
{
  start_with_marks (f, "printf '\\377\\377\\377\\377\\377\\377\\377\\177' >&3; echo; exec sleep 9");
  while (f->mark_ns == 0)
    kelvin_sandbox_drain (f->sandbox);
  g_assert_cmpint (f->mark_ns, >=, f->ready_ns);
  g_assert_cmpint (f->mark_ns, <=, (g_get_monotonic_time () + 1) * 1000);
}

static void
test_bears_a_mark_that_is_none (SandboxFixture *f)
{
  start_with_marks (f, "printf x >&3; exec 3>&-; exit 3");
  sandbox_wait_until (f, &f->exited);
  kelvin_sandbox_kill (f->sandbox);
  sandbox_wait_until (f, &f->gone);
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
test_kills_everything (SandboxFixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);

  sandbox_start (f, script);
  sandbox_wait_until_ready (f);
  while (!is_running (token))
    continue;
  kelvin_sandbox_freeze (f->sandbox);
  kelvin_sandbox_kill (f->sandbox);
  sandbox_wait_until (f, &f->gone);
  g_assert_false (is_running (token));
}

static void
test_can_be_killed_before_it_stands (SandboxFixture *f)
{
  sandbox_start (f, "sleep 1000");
  kelvin_sandbox_kill (f->sandbox);
  sandbox_wait_until (f, &f->gone);
}

static void
test_can_be_freed_at_any_time (SandboxFixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);

  for (guint i = 0; i < 20; i++)
    {
      sandbox_start (f, script);
      for (guint turn = 0; turn < i; turn++)
        g_main_context_iteration (f->context, FALSE);
      g_clear_pointer (&f->sandbox, kelvin_sandbox_free);
      kelvin_fd_clear (&f->api_fd);
    }
  /* The launcher answers in order: when this one is gone, the others are known to be dying. */
  sandbox_start (f, "true");
  sandbox_wait_until (f, &f->exited);
  while (is_running (token))
    g_main_context_iteration (f->context, FALSE);
}

/* A sandbox in another process, which is then killed as a crash would do it. */
static pid_t
fork_engine (SandboxFixture *f, const char *script)
{
  pid_t pid = fork ();

  if (pid > 0)
    return pid;
  g_clear_pointer (&f->launcher, kelvin_launcher_free);
  f->launcher = kelvin_launcher_new (sandbox_program (), f->poller, NULL);
  sandbox_start (f, script);
  for (;;)
    g_main_context_iteration (f->context, TRUE);
}

/* Microseconds from the death of an engine to that of the last process of its sandbox. */
static gint64
time_to_follow (SandboxFixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);
  gint64 waited_us = 0;
  pid_t engine = fork_engine (f, script);

  g_assert_cmpint (engine, >, 0);
  /* The engine has the token in no argument of its own: fork keeps the command line of the test. */
  while (!is_running (token))
    continue;

  gint64 killed_us = g_get_monotonic_time ();
  kill (engine, SIGKILL);
  while (is_running (token))
    waited_us = g_get_monotonic_time () - killed_us;
  waitpid (engine, NULL, 0);

  return waited_us;
}

static void
test_leaves_nothing_when_the_engine_is_killed (SandboxFixture *f)
{
  gint64 least_us = G_MAXINT64;

  /* Only one of the two processes may own the launcher's socket. */
  kelvin_launcher_free (g_steal_pointer (&f->launcher));
  /* The least of a few: what else the machine does only adds. */
  for (guint round = 0; round < 3 && least_us >= 100000; round++)
    least_us = MIN (least_us, time_to_follow (f));
  g_assert_cmpint (least_us, <, 100000);
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
test_ends_with_the_launcher (SandboxFixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);

  sandbox_start (f, script);
  sandbox_wait_until_ready (f);
  while (!is_running (token))
    continue;
  g_assert_no_errno (kill (find_launcher (), SIGKILL));
  sandbox_wait_until (f, &f->gone);
  while (is_running (token))
    continue;
  g_assert_error (f->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_GONE);
}

static void
test_starts_the_launcher_again (SandboxFixture *f)
{
  sandbox_start (f, "sleep 1000");
  sandbox_wait_until_ready (f);
  g_assert_no_errno (kill (find_launcher (), SIGKILL));
  sandbox_wait_until (f, &f->gone);
  g_clear_pointer (&f->sandbox, kelvin_sandbox_free);
  g_clear_error (&f->error);

  sandbox_start (f, "exit 4");
  sandbox_wait_until (f, &f->exited);
  g_assert_no_error (f->error);
  g_assert_cmpint (f->how.code, ==, 4);
}

/* The files of /tmp stay, no process does, and what they used is still counted. */
static void
test_is_cleared_and_started_again (SandboxFixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *stubborn = make_stubborn_script (token);
  g_autofree char *script =
      g_strdup_printf ("test -e /tmp/second && exit 7; : >/tmp/second; echo; %s", stubborn);
  char byte = '\0';

  sandbox_start (f, script);
  sandbox_wait_until_ready (f);
  while (read (kelvin_sandbox_get_stdout_fd (f->sandbox), &byte, 1) != 1)
    continue;
  sandbox_ask_usage (f);
  gint64 before_us = f->usage.cpu_us;

  kelvin_sandbox_clear (f->sandbox);
  sandbox_wait_until (f, &f->cleared);
  g_assert_false (is_running (token));
  g_assert_false (f->exited);
  sandbox_ask_usage (f);
  g_assert_cmpint (f->usage.cpu_us, >=, before_us);

  g_assert_true (kelvin_sandbox_start_again (f->sandbox, NULL));
  sandbox_wait_until (f, &f->exited);
  g_assert_true (f->started_again);
  g_assert_cmpint (f->how.code, ==, 7);
}

static void
run_to_its_end (SandboxFixture *f, const char *script)
{
  f->exited = f->gone = FALSE;
  sandbox_start (f, script);
  sandbox_wait_until (f, &f->exited);
  kelvin_sandbox_kill (f->sandbox);
  sandbox_wait_until (f, &f->gone);
  kelvin_fd_clear (&f->api_fd);
}

/* Who asks twice will ask again. */
static void
test_is_made_ahead_for_those_who_come_back (SandboxFixture *f)
{
  gboolean was_parked = FALSE;

  for (guint i = 0; i < 50 && !was_parked; i++)
    {
      g_clear_pointer (&f->sandbox, kelvin_sandbox_free);
      run_to_its_end (f, "test $(id -u) = 993 && test $$ != 1 && exit 4");
      g_assert_no_error (f->error);
      g_assert_cmpint (f->how.code, ==, 4);
      was_parked = kelvin_sandbox_was_parked (f->sandbox);
      g_assert_false (was_parked && i < 2);
      g_usleep (5000);
    }
  g_assert_true (was_parked);
}

static void
test_can_be_cleared_while_frozen (SandboxFixture *f)
{
  g_autofree char *token = make_token ();
  g_autofree char *script = make_stubborn_script (token);

  sandbox_start (f, script);
  sandbox_wait_until_ready (f);
  while (!is_running (token))
    continue;
  kelvin_sandbox_freeze (f->sandbox);
  kelvin_sandbox_clear (f->sandbox);
  sandbox_wait_until (f, &f->cleared);
  g_assert_cmpint (f->frozen_ns, >, f->ready_ns);
  g_assert_false (is_running (token));
}

static void
test_makes_many_at_once (SandboxFixture *f)
{
  KelvinSandbox *sandboxes[60] = { NULL };
  SandboxFixture each[G_N_ELEMENTS (sandboxes)];
  const char *arguments[] = { "/bin/true", NULL };
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_program (arguments);

  for (guint i = 0; i < G_N_ELEMENTS (sandboxes); i++)
    {
      each[i] = (SandboxFixture){ .context = f->context, .api_fd = -1 };
      sandboxes[i] = kelvin_sandbox_start (f->launcher, plan, &sandbox_events, &each[i], NULL);
      g_assert_nonnull (sandboxes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (sandboxes); i++)
    {
      sandbox_wait_until (f, &each[i].exited);
      g_assert_no_error (each[i].error);
      kelvin_fd_clear (&each[i].api_fd);
      kelvin_sandbox_free (sandboxes[i]);
    }
}

/* They go with the sandbox, as soon as its last process has left them. */
static void
test_reads_its_groups_while_they_are_there (SandboxFixture *f)
{
  gboolean has_groups = kelvin_launcher_get_limits (f->launcher) != NULL;
  KelvinUsage usage;

  sandbox_start (f, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  sandbox_wait_until (f, &f->exited);
  g_assert_cmpint (kelvin_sandbox_read_usage (f->sandbox, KELVIN_READING_BOUNDARY, &usage), ==,
                   has_groups);
  if (has_groups)
    {
      g_assert_cmpint (usage.cpu_us, >, 1000);
      g_assert_cmpint (usage.memory_peak_bytes, >, 100 * 1024);
      g_assert_cmpint (usage.memory_peak_bytes, <, 64 * 1024 * 1024);
    }
  g_assert_false (kelvin_sandbox_was_killed_for_memory (f->sandbox));
  kelvin_sandbox_kill (f->sandbox);
  sandbox_wait_until (f, &f->gone);
  while (kelvin_sandbox_read_usage (f->sandbox, KELVIN_READING_WITHIN, &usage))
    g_main_context_iteration (f->context, FALSE);
}

static const SandboxCase cases[] = {
  { "reports-exit-status", test_reports_exit_status },
  { "reports-signals", test_reports_signals },
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
  { "starts-the-launcher-again", test_starts_the_launcher_again },
  { "is-cleared-and-started-again", test_is_cleared_and_started_again },
  { "is-made-ahead-for-those-who-come-back", test_is_made_ahead_for_those_who_come_back },
  { "can-be-cleared-while-frozen", test_can_be_cleared_while_frozen },
  { "makes-many-at-once", test_makes_many_at_once },
  { "reads-its-groups-while-they-are-there", test_reads_its_groups_while_they_are_there },
};

int
main (int argc, char **argv)
{
  return sandbox_run_cases (argc, argv, "sandbox", cases, G_N_ELEMENTS (cases));
}
