/* The plan of an environment without namespaces: a folder of its own, with the code, the layers and
 * a place for temporary files in it, and variables that lead there. */

#include "engine/environment/sandbox-plan-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "engine/environment/doors.h"
#include "engine/environment/launcher.h"
#include "engine/fd.h"
#include "engine/install-paths.h"

/* A runtime opens a connection or two; extensions some more. */
#define BACKLOG 128

/* What is where it is on the service, and here. */
typedef struct {
  const char *there;
  char *here;
} Place;

enum { TASK, LAYERS, RUNTIME, LANGUAGE, N_PLACES };

static void
places_init (Place *places, const char *folder, const KelvinInterpreter *interpreter)
{
  gboolean is_node = interpreter != NULL && interpreter->family == KELVIN_RUNTIME_NODE;
  const char *prefix = interpreter != NULL ? interpreter->prefix : "/usr";

  places[TASK] = (Place){ KELVIN_SANDBOX_TASK_FOLDER, g_build_filename (folder, "task", NULL) };
  places[LAYERS] = (Place){ "/opt", g_build_filename (folder, "opt", NULL) };
  places[RUNTIME] = (Place){ "/var/runtime", g_build_filename (kelvin_path_runtimes (),
                                                               is_node ? "node" : "python", NULL) };
  places[LANGUAGE] = (Place){ "/var/lang", g_strdup (prefix) };
}

static void
places_clear (Place *places)
{
  for (guint i = 0; i < N_PLACES; i++)
    g_free (places[i].here);
}

static char *
relocate_path (const Place *places, const char *path)
{
  for (guint i = 0; i < N_PLACES; i++)
    {
      gsize length = strlen (places[i].there);
      if (g_str_has_prefix (path, places[i].there) && (path[length] == '/' || path[length] == '\0'))
        return g_strconcat (places[i].here, path + length, NULL);
    }
  return g_strdup (path);
}

/* --- variables --- */

/* Lists of paths with colons between, a single one being such a list. */
static const char *const path_variables[] = { "PATH",      "LD_LIBRARY_PATH",  "PYTHONPATH",
                                              "NODE_PATH", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
                                              "PWD" };

static char *
relocate_variable (const Place *places, const char *variable)
{
  const char *value = strchr (variable, '=') + 1;
  g_autofree char *name = g_strndup (variable, value - variable - 1);
  g_auto (GStrv) paths = NULL;

  if (!g_strv_contains (path_variables, name))
    return g_strdup (variable);
  paths = g_strsplit (value, ":", -1);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      char *path = relocate_path (places, paths[i]);
      g_free (paths[i]);
      paths[i] = path;
    }
  g_autofree char *joined = g_strjoinv (":", paths);
  return g_strdup_printf ("%s=%s", name, joined);
}

static GStrv
relocate_variables (const Place *places, const char *const *variables, const char *folder,
                    guint port)
{
  GPtrArray *all = g_ptr_array_new ();
  GStrv made = NULL;

  for (guint i = 0; variables[i] != NULL; i++)
    if (!g_str_has_prefix (variables[i], "AWS_LAMBDA_RUNTIME_API=") &&
        !g_str_has_prefix (variables[i], "TMPDIR=") &&
        !g_str_equal (variables[i], "AWS_ENDPOINT_URL=" KELVIN_OWN_DOOR_URL))
      g_ptr_array_add (all, relocate_variable (places, variables[i]));
  g_ptr_array_add (all, g_strdup_printf ("AWS_LAMBDA_RUNTIME_API=127.0.0.1:%u", port));
  g_ptr_array_add (all, g_strdup_printf ("TMPDIR=%s/tmp", folder));
  g_ptr_array_add (all, g_strdup_printf ("KELVIN_LAYERS=%s", places[LAYERS].here));
  g_ptr_array_add (all, NULL);
  made = (GStrv) g_ptr_array_free (all, FALSE);
  return made;
}

/* --- the Runtime API, on the machine's own loopback interface --- */

static gboolean
listen_to_runtime (KelvinSandboxPlan *self, guint *out_port, GError **error)
{
  struct sockaddr_in where = { .sin_family = AF_INET,
                               .sin_addr = { .s_addr = htonl (INADDR_LOOPBACK) } };
  socklen_t size = sizeof where;

  self->api_fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->api_fd >= 0 && bind (self->api_fd, (struct sockaddr *) &where, size) == 0 &&
      listen (self->api_fd, BACKLOG) == 0 &&
      getsockname (self->api_fd, (struct sockaddr *) &where, &size) == 0)
    {
      *out_port = ntohs (where.sin_port);
      return TRUE;
    }
  g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
               "A socket for the Runtime API can't be opened on 127.0.0.1: %s", g_strerror (errno));
  return FALSE;
}

/* --- files --- */

static void
add_folder (KelvinSandboxPlan *self, const char *target, guint16 mode)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_FOLDER,
                                                    .mode = mode,
                                                    .target = (char *) target });
}

static void
add_code (KelvinSandboxPlan *self, KelvinVersion *version, const Place *places)
{
  GPtrArray *trees = kelvin_version_get_trees (version);

  kelvin_sandbox_plan_add (
      self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_COPY,
                               .source = (char *) kelvin_version_get_code_dir (version),
                               .target = places[TASK].here });
  for (guint i = 0; trees != NULL && i < trees->len; i++)
    {
      KelvinDependencyTree *tree = trees->pdata[i];
      g_autofree char *target = g_build_filename (places[TASK].here, tree->relative, NULL);
      kelvin_sandbox_plan_add_link (self, tree->source, target);
    }
}

/* Where a sandbox would have a mount there is a link. */
static gboolean
add_layers (KelvinSandboxPlan *self, KelvinFunction *function, const Place *places, GError **error)
{
  guint first = self->steps->len;

  if (!kelvin_sandbox_plan_add_layers (self, kelvin_function_get_layers (function), error))
    return FALSE;
  for (guint i = first; i < self->steps->len; i++)
    {
      KelvinPlanStep *step = &g_array_index (self->steps, KelvinPlanStep, i);
      char *target = relocate_path (places, step->target);
      g_free (step->target);
      step->target = target;
      if (step->kind == KELVIN_OPERATION_BIND)
        step->kind = KELVIN_OPERATION_LINK;
    }
  return TRUE;
}

static void
add_limits (KelvinSandboxPlan *self)
{
  const KelvinPlanStep processes = { .kind = KELVIN_OPERATION_LIMIT,
                                     .flags = KELVIN_LIMIT_ON_TOP,
                                     .number = RLIMIT_NPROC,
                                     .value = KELVIN_SANDBOX_MOST_PROCESSES };
  const KelvinPlanStep file_size = { .kind = KELVIN_OPERATION_LIMIT,
                                     .number = RLIMIT_FSIZE,
                                     .value = (guint64) self->temporary_mb * 1024 * 1024 };

  kelvin_sandbox_plan_add_limits (self);
  kelvin_sandbox_plan_add (self, &processes);
  kelvin_sandbox_plan_add (self, &file_size);
}

static void
set_program (KelvinSandboxPlan *self, const KelvinInterpreter *interpreter, const Place *places)
{
  gboolean is_python = interpreter->family == KELVIN_RUNTIME_PYTHON;

  g_ptr_array_add (self->arguments, g_strdup (interpreter->path));
  if (is_python)
    g_ptr_array_add (self->arguments, g_strdup ("-S"));
  g_ptr_array_add (
      self->arguments,
      g_build_filename (places[RUNTIME].here, is_python ? "bootstrap.py" : "bootstrap.cjs", NULL));
  self->has_marks = TRUE;
}

static gboolean
set_bootstrap (KelvinSandboxPlan *self, KelvinVersion *version, const Place *places, GError **error)
{
  if (!kelvin_sandbox_plan_add_bootstrap (self, version, error))
    return FALSE;
  char *path = relocate_path (places, self->arguments->pdata[0]);
  g_free (self->arguments->pdata[0]);
  self->arguments->pdata[0] = path;
  return TRUE;
}

static gboolean
fill (KelvinSandboxPlan *self, KelvinVersion *version, const KelvinInterpreter *interpreter,
      const Place *places, GError **error)
{
  KelvinFunction *function = kelvin_version_get_function (version);
  g_autofree char *temporary = g_build_filename (self->own_folder, "tmp", NULL);

  add_folder (self, self->own_folder, 0700);
  add_folder (self, temporary, 0700);
  add_code (self, version, places);
  if (!add_layers (self, function, places, error))
    return FALSE;
  add_limits (self);
  if (interpreter == NULL)
    return set_bootstrap (self, version, places, error);
  set_program (self, interpreter, places);
  return TRUE;
}

KelvinSandboxPlan *
kelvin_sandbox_plan_new_process (KelvinVersion *version, const KelvinInterpreter *interpreter,
                                 const char *const *variables, const char *folder, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (version), NULL);
  g_return_val_if_fail (variables != NULL && folder != NULL, NULL);

  KelvinFunction *function = kelvin_version_get_function (version);
  g_autoptr (KelvinSandboxPlan) self = kelvin_sandbox_plan_new_empty (variables);
  Place places[N_PLACES];
  guint port = 0;

  if (!listen_to_runtime (self, &port, error))
    return NULL;

  places_init (places, folder, interpreter);
  self->own_folder = g_strdup (folder);
  self->folder = g_strdup (places[TASK].here);
  self->memory_mb = kelvin_function_get_memory_size_mb (function);
  self->temporary_mb = kelvin_function_get_ephemeral_storage_mb (function);
  g_strfreev (self->variables);
  self->variables = relocate_variables (places, variables, folder, port);
  gboolean filled = fill (self, version, interpreter, places, error);
  places_clear (places);
  return filled && kelvin_sandbox_plan_check_size (self, error) ? g_steal_pointer (&self) : NULL;
}
