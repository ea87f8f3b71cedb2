#include "engine/environment/sandbox-network.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "engine/environment/launcher.h"
#include "engine/fd.h"

#define PROGRAM "pasta"
/* The descriptors under which the program gets the namespaces. */
#define USER_FD 3
#define NETWORK_FD 4
#define LONGEST_MESSAGE 4096

struct _KelvinSandboxNetwork {
  GSubprocess *process;
  GCancellable *cancellable;
  KelvinFd messages; /* what the program said, in memory */
  KelvinNetworkEndedFunc ended;
  gpointer user_data;
};

gboolean
kelvin_sandbox_network_is_there (GError **error)
{
  g_autofree char *path = g_find_program_in_path (PROGRAM);

  if (path != NULL)
    return TRUE;
  g_set_error_literal (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                       "The function's network is internet, which takes the program " PROGRAM
                       ", and that isn't here; install the package passt, or set Kelvin.Network to "
                       "none and name what the function needs under Kelvin.Doors");
  return FALSE;
}

/* --- what the program said --- */

/* Where there is no syslog it complains of that too, line by line. */
static gboolean
is_about_syslog (const char *line)
{
  return g_str_has_suffix (line, " to syslog");
}

static char *
dup_reason (KelvinSandboxNetwork *self)
{
  char text[LONGEST_MESSAGE + 1] = "";
  gssize size = pread (self->messages, text, LONGEST_MESSAGE, 0);
  g_autoptr (GString) reason = g_string_new (NULL);

  text[MAX (size, 0)] = '\0';
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && !is_about_syslog (lines[i]))
      g_string_append_printf (reason, "%s%s", reason->len > 0 ? "; " : "", lines[i]);
  return g_string_free (g_steal_pointer (&reason), FALSE);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) cancelled = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &cancelled);
  if (g_error_matches (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  KelvinSandboxNetwork *self = user_data;
  g_autofree char *reason = dup_reason (self);

  error = g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                       "The network of the sandbox couldn't be made: " PROGRAM " ended%s%s",
                       *reason != '\0' ? ": " : "", reason);
  self->ended (error, self->user_data);
}

/* --- the program --- */

/* Between fork and exec. It ends with the engine's thread, whatever ends that. */
static void
die_with_engine (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* Nothing is forwarded but what the sandbox itself begins; its gateway isn't the machine, and no
 * loopback address of the machine is anything inside. */
static GStrv
make_arguments (void)
{
  const char *const fixed[] = {
    "--foreground",  "--quiet",
    "--stderr",      "--config-net",
    "--no-map-gw",   "--tcp-ports",
    "none",          "--udp-ports",
    "none",          "--tcp-ns",
    "none",          "--udp-ns",
    "none",          "--no-dhcp",
    "--no-dhcpv6",   "--no-ra",
    "--ns-ifname",   KELVIN_NETWORK_DEVICE,
    "--dns-forward", KELVIN_NETWORK_RESOLVER,
    "--userns",      "/proc/self/fd/" G_STRINGIFY (USER_FD),
    "--netns",       "/proc/self/fd/" G_STRINGIFY (NETWORK_FD),
  };
  GStrvBuilder *builder = g_strv_builder_new ();

  g_strv_builder_add (builder, PROGRAM);
  /* Root's namespaces are closed to the user that it would become. */
  if (geteuid () == 0)
    g_strv_builder_add_many (builder, "--runas", "0", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_strv_builder_add (builder, fixed[i]);
  GStrv arguments = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return arguments;
}

static GSubprocess *
spawn (int user_namespace, int network_namespace, int messages, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_auto (GStrv) arguments = make_arguments ();

  g_subprocess_launcher_take_fd (launcher, user_namespace, USER_FD);
  g_subprocess_launcher_take_fd (launcher, network_namespace, NETWORK_FD);
  g_subprocess_launcher_take_stderr_fd (launcher, fcntl (messages, F_DUPFD_CLOEXEC, 0));
  g_subprocess_launcher_set_child_setup (launcher, die_with_engine, NULL, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, error);
}

KelvinSandboxNetwork *
kelvin_sandbox_network_start (int user_namespace, int network_namespace,
                              KelvinNetworkEndedFunc ended, gpointer user_data, GError **error)
{
  g_return_val_if_fail (ended != NULL, NULL);

  KelvinSandboxNetwork *self = g_new0 (KelvinSandboxNetwork, 1);

  self->messages = memfd_create ("kelvin-network", MFD_CLOEXEC);
  self->ended = ended;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->process = spawn (user_namespace, network_namespace, self->messages, error);
  if (self->process == NULL)
    {
      kelvin_sandbox_network_free (self);
      return NULL;
    }
  g_subprocess_wait_async (self->process, self->cancellable, ended_cb, self);
  return self;
}

void
kelvin_sandbox_network_free (KelvinSandboxNetwork *self)
{
  if (self == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
  g_object_unref (self->cancellable);
  kelvin_fd_clear (&self->messages);
  g_free (self);
}
