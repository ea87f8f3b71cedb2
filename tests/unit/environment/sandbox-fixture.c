#include "tests/unit/environment/sandbox-fixture.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "config.h"

/* Nobody's, and the same on every machine. */
#define ORDINARY_USER 65533
/* As test programs say it. */
#define EXIT_SKIPPED 77

static char *program;

const char *
sandbox_program (void)
{
  return program;
}

static void
ready_cb (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->api_fd = api_fd;
  f->ready_ns = ready_ns;
}

static void
init_started_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  SandboxFixture *f = user_data;

  g_assert_cmpint (f->ready_ns, >, 0);
  f->mark_ns = at_ns;
}

static void
failed_cb (KelvinSandbox *sandbox, const GError *error, gpointer user_data)
{
  SandboxFixture *f = user_data;

  g_assert_no_error (f->error);
  f->error = g_error_copy (error);
}

static void
exited_cb (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->exited = TRUE;
  f->how = *how;
}

static void
frozen_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->frozen_ns = at_ns;
}

static void
cleared_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->cleared = TRUE;
}

static void
started_again_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->started_again = TRUE;
}

static void
usage_cb (KelvinSandbox *sandbox, const KelvinUsage *usage, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->usage = *usage;
  f->n_usages++;
}

static void
gone_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  SandboxFixture *f = user_data;

  f->gone = TRUE;
}

const KelvinSandboxEvents sandbox_events = { .ready = ready_cb,
                                             .init_started = init_started_cb,
                                             .failed = failed_cb,
                                             .exited = exited_cb,
                                             .frozen = frozen_cb,
                                             .cleared = cleared_cb,
                                             .started_again = started_again_cb,
                                             .usage = usage_cb,
                                             .gone = gone_cb };

static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("nothing happened for 20 s");
  return G_SOURCE_REMOVE;
}

void
sandbox_wait_until (SandboxFixture *f, const gboolean *condition)
{
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (20);

  g_source_set_callback (limit, too_late_cb, NULL, NULL);
  g_source_attach (limit, f->context);
  while (!*condition)
    g_main_context_iteration (f->context, TRUE);
  g_source_destroy (limit);
}

void
sandbox_wait_until_ready (SandboxFixture *f)
{
  while (f->api_fd < 0 && f->error == NULL)
    g_main_context_iteration (f->context, TRUE);
  g_assert_no_error (f->error);
}

void
sandbox_ask_usage (SandboxFixture *f)
{
  guint before = f->n_usages;

  kelvin_sandbox_ask_usage (f->sandbox, KELVIN_READING_WITHIN);
  while (f->n_usages == before)
    g_main_context_iteration (f->context, TRUE);
}

static void
set_up (SandboxFixture *f)
{
  g_autoptr (GError) error = NULL;

  *f = (SandboxFixture){ .api_fd = -1 };
  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  f->launcher = kelvin_launcher_new (program, f->poller, &error);
  g_assert_no_error (error);
}

static void
tear_down (SandboxFixture *f)
{
  kelvin_sandbox_free (f->sandbox);
  kelvin_launcher_free (f->launcher);
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
  kelvin_fd_clear (&f->api_fd);
  g_clear_error (&f->error);
}

KelvinSandboxPlan *
sandbox_plan_program (const char *const *arguments)
{
  KelvinSandboxPlan *plan = kelvin_sandbox_plan_new_trial ();

  g_ptr_array_set_size (plan->arguments, 0);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (plan->arguments, g_strdup (arguments[i]));
  return plan;
}

KelvinSandboxPlan *
sandbox_plan_script (const char *script)
{
  const char *arguments[] = { "/bin/sh", "-c", script, NULL };

  return sandbox_plan_program (arguments);
}

void
sandbox_plan_insert (KelvinSandboxPlan *plan, const KelvinPlanStep *step)
{
  guint seal = 0;

  while (g_array_index (plan->steps, KelvinPlanStep, seal).kind != KELVIN_OPERATION_SEAL)
    seal++;
  kelvin_sandbox_plan_add (plan, step);
  KelvinPlanStep added = g_array_index (plan->steps, KelvinPlanStep, plan->steps->len - 1);
  g_array_insert_val (plan->steps, seal, added);
  /* It was moved: what the last one points to is the new one's. */
  g_array_index (plan->steps, KelvinPlanStep, plan->steps->len - 1) = (KelvinPlanStep){ 0 };
  g_array_set_size (plan->steps, plan->steps->len - 1);
}

void
sandbox_start_plan (SandboxFixture *f, KelvinSandboxPlan *plan)
{
  g_autoptr (GError) error = NULL;

  f->sandbox = kelvin_sandbox_start (f->launcher, plan, &sandbox_events, f, &error);
  g_assert_no_error (error);
}

void
sandbox_start (SandboxFixture *f, const char *script)
{
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_script (script);

  sandbox_start_plan (f, plan);
}

char *
sandbox_run_plan (SandboxFixture *f, KelvinSandboxPlan *plan)
{
  char text[16384] = "";

  sandbox_start_plan (f, plan);
  sandbox_wait_until_ready (f);
  sandbox_wait_until (f, &f->exited);
  gssize size = read (kelvin_sandbox_get_stdout_fd (f->sandbox), text, sizeof text - 1);
  text[MAX (size, 0)] = '\0';
  return g_strchomp (g_strdup (text));
}

char *
sandbox_run (SandboxFixture *f, const char *script)
{
  g_autoptr (KelvinSandboxPlan) plan = sandbox_plan_script (script);

  return sandbox_run_plan (f, plan);
}

static void
run_case (const SandboxCase *test)
{
  SandboxFixture f;

  set_up (&f);
  test->func (&f);
  tear_down (&f);
}

/* NULL if sandboxes can be made here; fails where they must be. */
static char *
find_reason_to_skip (void)
{
  g_autoptr (GError) error = kelvin_launcher_try_sandbox (program, NULL);

  if (g_getenv ("KELVIN_TESTS_MUST_RUN") != NULL)
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

/* FALSE where root hasn't got the right to be somebody else. */
static gboolean
become_ordinary_user (void)
{
  if (setgroups (0, NULL) != 0)
    return FALSE;
  g_assert_no_errno (setresgid (ORDINARY_USER, ORDINARY_USER, ORDINARY_USER));
  g_assert_no_errno (setresuid (ORDINARY_USER, ORDINARY_USER, ORDINARY_USER));
  /* A change of user makes a process undumpable, and its files in /proc root's. */
  g_assert_no_errno (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0));
  return TRUE;
}

/* In a process of its own, since the way back to root is closed. */
static void
test_as_ordinary_user (gconstpointer data)
{
  int status = -1;
  pid_t pid = fork ();

  if (pid == 0)
    {
      g_autofree char *reason =
          become_ordinary_user () ? find_reason_to_skip () : g_strdup ("no other users");
      if (reason == NULL)
        run_case (data);
      _exit (reason == NULL ? EXIT_SUCCESS : EXIT_SKIPPED);
    }
  waitpid (pid, &status, 0);
  if (WIFEXITED (status) && WEXITSTATUS (status) == EXIT_SKIPPED)
    g_test_skip ("no ordinary user who may make user namespaces is to be had here");
  else
    g_assert_cmpint (status, ==, 0);
}

static void
add_case (const char *group, const SandboxCase *test)
{
  gboolean is_root = geteuid () == 0;
  g_autofree char *as_this =
      g_strdup_printf ("/environment/%s/%s/%s", group, is_root ? "root" : "user", test->name);
  g_autofree char *as_ordinary = g_strdup_printf ("/environment/%s/user/%s", group, test->name);

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
sandbox_run_cases (int argc, char **argv, const char *group, const SandboxCase *cases,
                   gsize n_cases)
{
  g_test_init (&argc, &argv, NULL);

  g_autofree char *folder = g_dir_make_tmp ("kelvin-test-XXXXXX", NULL);
  g_assert_nonnull (folder);
  program = copy_program (folder);
  for (gsize i = 0; i < n_cases; i++)
    add_case (group, &cases[i]);
  int status = g_test_run ();

  g_remove (program);
  g_rmdir (folder);
  g_free (program);
  return status;
}
