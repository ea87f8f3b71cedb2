#include "engine/environment/sandbox-plan-private.h"

#include <sys/resource.h>

#include "engine/environment/doors.h"
#include "engine/environment/launcher.h"
#include "engine/environment/sandbox-network.h"
#include "engine/fd.h"
#include "engine/install-paths.h"

#define LAYERS_FOLDER "/opt"
#define RUNTIME_FOLDER "/var/runtime"
#define LANGUAGE_FOLDER "/var/lang"
#define API_ADDRESS "127.0.0.1"
#define API_PORT 9001

/* A file of 4 KB each fills /tmp with half of its inodes. */
#define INODES_PER_MB 512

static void
step_clear (gpointer data)
{
  KelvinPlanStep *step = data;

  g_free (step->source);
  g_free (step->target);
}

KelvinSandboxPlan *
kelvin_sandbox_plan_new_empty (const char *const *variables)
{
  KelvinSandboxPlan *self = g_atomic_rc_box_new0 (KelvinSandboxPlan);

  self->steps = g_array_new (FALSE, TRUE, sizeof (KelvinPlanStep));
  g_array_set_clear_func (self->steps, step_clear);
  self->arguments = g_ptr_array_new_with_free_func (g_free);
  self->variables = g_strdupv ((GStrv) variables);
  self->api_fd = -1;
  return self;
}

static void
plan_clear (KelvinSandboxPlan *self)
{
  g_array_unref (self->steps);
  g_ptr_array_unref (self->arguments);
  g_strfreev (self->variables);
  g_free (self->folder);
  g_free (self->own_folder);
  kelvin_fd_clear (&self->api_fd);
}

KelvinSandboxPlan *
kelvin_sandbox_plan_ref (KelvinSandboxPlan *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
kelvin_sandbox_plan_free (KelvinSandboxPlan *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, (GDestroyNotify) plan_clear);
}

gboolean
kelvin_sandbox_plan_is_process (KelvinSandboxPlan *self)
{
  return self->own_folder != NULL;
}

gboolean
kelvin_sandbox_plan_has_marks (KelvinSandboxPlan *self)
{
  return self->has_marks;
}

void
kelvin_sandbox_plan_add (KelvinSandboxPlan *self, const KelvinPlanStep *step)
{
  KelvinPlanStep copy = *step;

  copy.source = g_strdup (step->source != NULL ? step->source : "");
  copy.target = g_strdup (step->target != NULL ? step->target : "");
  g_array_append_val (self->steps, copy);
}

void
kelvin_sandbox_plan_add_file (KelvinSandboxPlan *self, const char *target, const char *text)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_FILE,
                                                    .mode = 0644,
                                                    .source = (char *) text,
                                                    .target = (char *) target });
}

void
kelvin_sandbox_plan_add_bind (KelvinSandboxPlan *self, const char *source, const char *target)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_BIND,
                                                    .source = (char *) source,
                                                    .target = (char *) target });
}

void
kelvin_sandbox_plan_add_link (KelvinSandboxPlan *self, const char *text, const char *target)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_LINK,
                                                    .source = (char *) text,
                                                    .target = (char *) target });
}

static void
add_kind (KelvinSandboxPlan *self, KelvinOperationKind kind)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = kind });
}

static void
add_devices (KelvinSandboxPlan *self)
{
  static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random",
                                         "/dev/urandom" };

  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_BIND,
                                                      .flags = KELVIN_BIND_DEVICE,
                                                      .source = (char *) devices[i],
                                                      .target = (char *) devices[i] });
  kelvin_sandbox_plan_add_link (self, "/proc/self/fd", "/dev/fd");
  kelvin_sandbox_plan_add_link (self, "/proc/self/fd/0", "/dev/stdin");
  kelvin_sandbox_plan_add_link (self, "/proc/self/fd/1", "/dev/stdout");
  kelvin_sandbox_plan_add_link (self, "/proc/self/fd/2", "/dev/stderr");
}

static void
add_made_up_files (KelvinSandboxPlan *self)
{
  kelvin_sandbox_plan_add_file (self, "/etc/passwd",
                                "root:x:0:0:root:/root:/sbin/nologin\n"
                                "sbx_user1051:x:993:990::/home/sbx_user1051:/sbin/nologin\n");
  kelvin_sandbox_plan_add_file (self, "/etc/group", "root:x:0:\nsbx_user1051:x:990:\n");
  kelvin_sandbox_plan_add_file (self, "/etc/nsswitch.conf",
                                "passwd: files\ngroup: files\nhosts: files dns\n");
}

static void
add_code (KelvinSandboxPlan *self, KelvinVersion *version)
{
  GPtrArray *trees = kelvin_version_get_trees (version);

  kelvin_sandbox_plan_add_bind (self, kelvin_version_get_code_dir (version),
                                KELVIN_SANDBOX_TASK_FOLDER);
  for (guint i = 0; trees != NULL && i < trees->len; i++)
    {
      KelvinDependencyTree *tree = trees->pdata[i];
      g_autofree char *target = g_build_filename (KELVIN_SANDBOX_TASK_FOLDER, tree->relative, NULL);
      kelvin_sandbox_plan_add_bind (self, tree->source, target);
    }
}

static void
add_limit (KelvinSandboxPlan *self, guint32 resource, guint64 value)
{
  kelvin_sandbox_plan_add (
      self,
      &(KelvinPlanStep){ .kind = KELVIN_OPERATION_LIMIT, .number = resource, .value = value });
}

void
kelvin_sandbox_plan_add_limits (KelvinSandboxPlan *self)
{
  add_limit (self, RLIMIT_NOFILE, 1024);
  add_limit (self, RLIMIT_STACK, 8 * 1024 * 1024);
  add_limit (self, RLIMIT_CORE, 0);
  add_limit (self, RLIMIT_MEMLOCK, 64 * 1024);
  add_limit (self, RLIMIT_MSGQUEUE, 0);
  add_limit (self, RLIMIT_NICE, 0);
  add_limit (self, RLIMIT_RTPRIO, 0);
}

static void
add_temporary_files (KelvinSandboxPlan *self, guint size_mb)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_MEMORY,
                                                    .number = size_mb,
                                                    .value = (guint64) size_mb * INODES_PER_MB,
                                                    .mode = 01777,
                                                    .target = (char *) "/tmp" });
}

static void
add_kernel_side (KelvinSandboxPlan *self)
{
  kelvin_sandbox_plan_add (
      self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_WRITE,
                               .source = (char *) "0",
                               .target = (char *) "/proc/sys/user/max_user_namespaces" });
  kelvin_sandbox_plan_add (
      self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_HOSTNAME, .source = (char *) "localhost" });
  add_kind (self, KELVIN_OPERATION_LOOPBACK);
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_LISTEN,
                                                    .number = API_PORT,
                                                    .source = (char *) API_ADDRESS });
  kelvin_sandbox_plan_add (
      self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_SEAL, .target = (char *) "/" });
}

/* Below /usr an interpreter is in sight as it is. */
static gboolean
needs_mount (const KelvinInterpreter *interpreter)
{
  return !g_str_equal (interpreter->prefix, "/usr") &&
         !g_str_has_prefix (interpreter->prefix, "/usr/");
}

/* What the interpreter is called inside. */
static char *
path_inside (const KelvinInterpreter *interpreter)
{
  gsize length = strlen (interpreter->prefix);

  if (!needs_mount (interpreter))
    return g_strdup (interpreter->path);
  return g_build_filename (LANGUAGE_FOLDER, interpreter->path + length, NULL);
}

static gboolean
check_interpreter (const KelvinInterpreter *interpreter, GError **error)
{
  if (!needs_mount (interpreter) || (g_str_has_prefix (interpreter->path, interpreter->prefix) &&
                                     interpreter->path[strlen (interpreter->prefix)] == '/'))
    return TRUE;

  g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
               "The interpreter %s isn't below its own prefix %s, so it can't be mounted",
               interpreter->path, interpreter->prefix);
  return FALSE;
}

static void
add_interpreter (KelvinSandboxPlan *self, KelvinFunction *function,
                 const KelvinInterpreter *interpreter)
{
  gboolean is_python = interpreter->family == KELVIN_RUNTIME_PYTHON;
  g_autofree char *runtime =
      g_build_filename (kelvin_path_runtimes (), is_python ? "python" : "node", NULL);
  const char *prefix = needs_mount (interpreter) ? LANGUAGE_FOLDER : interpreter->prefix;

  kelvin_sandbox_plan_add_bind (self, runtime, RUNTIME_FOLDER);
  if (needs_mount (interpreter))
    kelvin_sandbox_plan_add_bind (self, interpreter->prefix, LANGUAGE_FOLDER);
  if (!kelvin_function_get_system_packages (function))
    kelvin_sandbox_plan_hide_packages (self, interpreter->prefix, prefix);

  g_ptr_array_add (self->arguments, path_inside (interpreter));
  if (is_python)
    g_ptr_array_add (self->arguments, g_strdup ("-S"));
  g_ptr_array_add (self->arguments, g_strdup (is_python ? RUNTIME_FOLDER "/bootstrap.py"
                                                        : RUNTIME_FOLDER "/bootstrap.cjs"));
  self->has_marks = TRUE;
}

static gboolean
is_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* As on the service: the first that exists, with its own error if it isn't executable. */
gboolean
kelvin_sandbox_plan_add_bootstrap (KelvinSandboxPlan *self, KelvinVersion *version, GError **error)
{
  KelvinFunction *function = kelvin_version_get_function (version);
  const char *const *layers = kelvin_function_get_layers (function);
  gboolean in_layer = FALSE;

  for (guint i = 0; layers != NULL && layers[i] != NULL; i++)
    in_layer |= is_file (layers[i], "bootstrap");

  if (!kelvin_function_get_system_packages (function) && !kelvin_sandbox_plan_is_process (self))
    kelvin_sandbox_plan_hide_packages (self, "/usr", "/usr");
  if (is_file (kelvin_version_get_code_dir (version), "bootstrap"))
    g_ptr_array_add (self->arguments, g_strdup (KELVIN_SANDBOX_TASK_FOLDER "/bootstrap"));
  else if (in_layer)
    g_ptr_array_add (self->arguments, g_strdup (LAYERS_FOLDER "/bootstrap"));
  else
    g_set_error_literal (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC,
                         "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
  return self->arguments->len > 0;
}

/* Counted rather than measured: a message that the launcher would refuse is named here. */
gboolean
kelvin_sandbox_plan_check_size (KelvinSandboxPlan *self, GError **error)
{
  g_autoptr (GBytes) message = kelvin_sandbox_plan_encode (self, 0);

  if (self->steps->len <= KELVIN_MOST_OPERATIONS &&
      g_strv_length (self->variables) <= KELVIN_MOST_VARIABLES &&
      g_bytes_get_size (message) <= KELVIN_LARGEST_MESSAGE)
    return TRUE;

  g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
               "The sandbox takes %u operations and %" G_GSIZE_FORMAT
               " bytes to describe; at most %u and %u can be. Layers that share fewer folders, or "
               "fewer environment variables, make it smaller",
               self->steps->len, g_bytes_get_size (message), KELVIN_MOST_OPERATIONS,
               KELVIN_LARGEST_MESSAGE);
  return FALSE;
}

/* What every sandbox begins with, and ends with. */
static void
begin (KelvinSandboxPlan *self, guint memory_mb, guint temporary_mb)
{
  self->folder = g_strdup (KELVIN_SANDBOX_TASK_FOLDER);
  self->memory_mb = memory_mb;
  self->temporary_mb = temporary_mb;
  add_kind (self, KELVIN_OPERATION_ROOT);
  add_kind (self, KELVIN_OPERATION_PROC);
  add_kind (self, KELVIN_OPERATION_PIVOT);
  kelvin_sandbox_plan_add_host (self);
  add_made_up_files (self);
  add_devices (self);
  add_temporary_files (self, temporary_mb);
}

static void
finish (KelvinSandboxPlan *self)
{
  add_kernel_side (self);
  kelvin_sandbox_plan_add_limits (self);
  add_limit (self, RLIMIT_NPROC, KELVIN_SANDBOX_MOST_PROCESSES);
}

KelvinSandboxPlan *
kelvin_sandbox_plan_new_trial (void)
{
  const char *none[] = { NULL };
  KelvinSandboxPlan *self = kelvin_sandbox_plan_new_empty (none);

  begin (self, 128, 1);
  kelvin_sandbox_plan_add_resolver (self, FALSE);
  kelvin_sandbox_plan_add_file (self, "/etc/hosts", "127.0.0.1 localhost\n");
  kelvin_sandbox_plan_add (self,
                           &(KelvinPlanStep){ .kind = KELVIN_OPERATION_FOLDER,
                                              .mode = 0755,
                                              .target = (char *) KELVIN_SANDBOX_TASK_FOLDER });
  finish (self);
  g_ptr_array_add (self->arguments, g_strdup ("/bin/true"));
  return self;
}

KelvinSandboxPlan *
kelvin_sandbox_plan_new (KelvinVersion *version, const KelvinInterpreter *interpreter,
                         const char *const *variables, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (version), NULL);
  g_return_val_if_fail (variables != NULL, NULL);

  KelvinFunction *function = kelvin_version_get_function (version);
  gboolean internet = g_str_equal (kelvin_function_get_network (function), "internet");
  g_autoptr (KelvinSandboxPlan) self = kelvin_sandbox_plan_new_empty (variables);

  if (internet && !kelvin_sandbox_network_is_there (error))
    return NULL;
  if (interpreter != NULL && !check_interpreter (interpreter, error))
    return NULL;

  begin (self, kelvin_function_get_memory_size_mb (function),
         kelvin_function_get_ephemeral_storage_mb (function));
  kelvin_sandbox_plan_add_host_names (self, kelvin_function_get_doors (function));
  kelvin_sandbox_plan_add_resolver (self, internet);
  add_code (self, version);
  if (!kelvin_sandbox_plan_add_layers (self, kelvin_function_get_layers (function), error))
    return NULL;
  if (interpreter != NULL)
    add_interpreter (self, function, interpreter);
  else if (!kelvin_sandbox_plan_add_bootstrap (self, version, error))
    return NULL;
  finish (self);
  kelvin_sandbox_plan_add_doors (self, kelvin_function_get_doors (function), !internet);
  if (internet)
    kelvin_sandbox_plan_add_internet (self);
  return kelvin_sandbox_plan_check_size (self, error) ? g_steal_pointer (&self) : NULL;
}
