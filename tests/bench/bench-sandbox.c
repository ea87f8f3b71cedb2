/* What sandboxes cost, measured on kelvin-launcher alone.
 *
 *   bench-sandbox freeze TIMES      milliseconds from an event to its answer, one a line: TIMES
 * from a process that runs, then TIMES from one that had been frozen bench-sandbox churn SECONDS
 * makes and ends sandboxes as fast as it can, a few at a time; prints {"perS": …, "made": …,
 * "before": {…}, "after": {…}} bench-sandbox echo              what runs inside of the former
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/environment/launcher.h"
#include "engine/environment/sandbox-plan-private.h"
#include "engine/fd.h"
#include "engine/install-paths.h"

#define INSIDE "/var/task/bench-sandbox"
#define API_PORT 9001
#define AT_ONCE 4

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinLauncher *launcher;
  KelvinSandboxPlan *plan;

  KelvinFd api_fd;
  guint n_exited;
  guint n_gone;
  guint n_frozen;
} Bench;

static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* --- inside --- */

static int
echo (void)
{
  struct sockaddr_in where = { .sin_family = AF_INET,
                               .sin_port = htons (API_PORT),
                               .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  char byte = 0;

  if (fd < 0 || connect (fd, (struct sockaddr *) &where, sizeof where) != 0)
    return 1;
  while (read (fd, &byte, 1) == 1)
    if (write (fd, &byte, 1) != 1)
      return 1;
  return 0;
}

/* --- what sandboxes tell --- */

static void
ready_cb (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data)
{
  Bench *self = user_data;

  kelvin_fd_clear (&self->api_fd);
  self->api_fd = api_fd;
}

static void
failed_cb (KelvinSandbox *sandbox, const GError *error, gpointer user_data)
{
  g_error ("%s", error->message);
}

static void
exited_cb (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data)
{
  Bench *self = user_data;

  self->n_exited++;
  kelvin_sandbox_kill (sandbox);
}

static void
frozen_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  Bench *self = user_data;

  self->n_frozen++;
}

static void
gone_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  Bench *self = user_data;

  self->n_gone++;
  kelvin_sandbox_free (sandbox);
}

static const KelvinSandboxEvents events = {
  .ready = ready_cb, .failed = failed_cb, .exited = exited_cb, .frozen = frozen_cb, .gone = gone_cb
};

static void
bench_init (Bench *self)
{
  g_autoptr (GError) error = NULL;

  *self = (Bench){ .context = g_main_context_default (), .api_fd = -1 };
  self->poller = kelvin_poller_new (self->context);
  self->launcher = kelvin_launcher_new (kelvin_path_launcher (), self->poller, &error);
  if (self->launcher == NULL)
    g_error ("%s", error->message);
  self->plan = kelvin_sandbox_plan_new_trial ();
}

static KelvinSandbox *
start (Bench *self)
{
  g_autoptr (GError) error = NULL;
  KelvinSandbox *sandbox = kelvin_sandbox_start (self->launcher, self->plan, &events, self, &error);

  if (sandbox == NULL)
    g_error ("%s", error->message);
  return sandbox;
}

/* --- freeze --- */

/* This program runs in the sandbox too: before the step that seals the root. */
static void
run_echo_inside (Bench *self)
{
  GArray *steps = self->plan->steps;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  guint seal = 0;

  while (g_array_index (steps, KelvinPlanStep, seal).kind != KELVIN_OPERATION_SEAL)
    seal++;
  kelvin_sandbox_plan_add_bind (self->plan, program, INSIDE);
  KelvinPlanStep bind = g_array_index (steps, KelvinPlanStep, steps->len - 1);
  memmove (&g_array_index (steps, KelvinPlanStep, seal + 1),
           &g_array_index (steps, KelvinPlanStep, seal), sizeof bind * (steps->len - 1 - seal));
  g_array_index (steps, KelvinPlanStep, seal) = bind;
  g_ptr_array_set_size (self->plan->arguments, 0);
  g_ptr_array_add (self->plan->arguments, g_strdup (INSIDE));
  g_ptr_array_add (self->plan->arguments, g_strdup ("echo"));
}

static int
accept_runtime (Bench *self)
{
  while (self->api_fd < 0)
    g_main_context_iteration (self->context, TRUE);
  fcntl (self->api_fd, F_SETFL, fcntl (self->api_fd, F_GETFL) & ~O_NONBLOCK);
  return accept4 (self->api_fd, NULL, NULL, SOCK_CLOEXEC);
}

/* As the engine does it: the event first, then the thaw of those that are @frozen. */
static double
ask (int fd, KelvinSandbox *frozen)
{
  double started = now_ms ();
  char byte = 'x';
  gboolean answered = write (fd, &byte, 1) == 1;

  if (frozen != NULL)
    kelvin_sandbox_thaw (frozen);
  if (!answered || read (fd, &byte, 1) != 1)
    g_error ("the process inside doesn't answer");
  return now_ms () - started;
}

static int
freeze (Bench *self, guint times)
{
  run_echo_inside (self);

  KelvinSandbox *sandbox = start (self);
  g_auto (KelvinFd) fd = accept_runtime (self);
  for (guint i = 0; i < times; i++)
    {
      g_usleep (200);
      g_print ("%.4f\n", ask (fd, NULL));
    }
  for (guint i = 0; i < times; i++)
    {
      kelvin_sandbox_freeze (sandbox);
      while (self->n_frozen == i)
        g_main_context_iteration (self->context, TRUE);
      g_usleep (200);
      g_print ("%.4f\n", ask (fd, sandbox));
    }
  kelvin_sandbox_kill (sandbox);
  while (self->n_gone == 0)
    g_main_context_iteration (self->context, TRUE);
  return 0;
}

/* --- churn --- */

static gint64
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static pid_t
launcher_pid (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *children = NULL;

  return g_file_get_contents (path, &children, NULL, NULL) ? atoi (children) : 0;
}

static gint64
count_descriptors (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) pid);

  return count_entries (path);
}

static gint64
resident_kb (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", (int) pid);
  g_autofree char *status = NULL;
  const char *line =
      g_file_get_contents (path, &status, NULL, NULL) ? strstr (status, "VmRSS:") : NULL;

  return line != NULL ? g_ascii_strtoll (line + strlen ("VmRSS:"), NULL, 10) : -1;
}

static void
print_state (const char *name)
{
  pid_t launcher = launcher_pid ();

  g_print ("\"%s\": {\"descriptors\": %" G_GINT64_FORMAT
           ", \"launcherDescriptors\": %" G_GINT64_FORMAT ", \"residentKB\": %" G_GINT64_FORMAT
           ", \"launcherResidentKB\": %" G_GINT64_FORMAT "}",
           name, count_descriptors (getpid ()), count_descriptors (launcher),
           resident_kb (getpid ()), resident_kb (launcher));
}

static guint
churn_until (Bench *self, double until_ms)
{
  guint made = self->n_gone;

  while (now_ms () < until_ms)
    {
      while (made - self->n_gone < AT_ONCE)
        {
          start (self);
          made++;
        }
      g_main_context_iteration (self->context, TRUE);
    }
  while (self->n_gone < made)
    g_main_context_iteration (self->context, TRUE);
  return made;
}

static int
churn (Bench *self, double seconds)
{
  churn_until (self, now_ms () + 500);
  g_print ("{");
  print_state ("before");

  guint before = self->n_gone;
  double started = now_ms ();
  guint made = churn_until (self, started + seconds * 1000) - before;
  double took = now_ms () - started;
  /* The groups of the last ones are removed a moment later. */
  g_usleep (100000);
  g_print (", ");
  print_state ("after");
  g_print (", \"made\": %u, \"perS\": %.1f}\n", made, made * 1000.0 / took);
  return 0;
}

int
main (int argc, char **argv)
{
  Bench self;

  if (argc == 2 && strcmp (argv[1], "echo") == 0)
    return echo ();
  if (argc != 3)
    {
      g_printerr ("usage: bench-sandbox freeze TIMES | churn SECONDS\n");
      return 2;
    }

  int status = 0;
  bench_init (&self);
  if (strcmp (argv[1], "freeze") == 0)
    status = freeze (&self, (guint) atoi (argv[2]));
  else
    status = churn (&self, g_ascii_strtod (argv[2], NULL));
  kelvin_fd_clear (&self.api_fd);
  kelvin_launcher_free (self.launcher);
  kelvin_sandbox_plan_free (self.plan);
  kelvin_poller_free (self.poller);
  return status;
}
