/* Asks a program what interpreter it is, by running it once. */

#include "engine/environment/interpreter-private.h"

#include <stdlib.h>
#include <sys/stat.h>

/* A shim that asks a network or a terminal would wait for ever. */
#define ANSWER_SECONDS 10

/* What is printed: version, program, prefix; a line each. */
static const char python_question[] = "import sys; print('%d.%d.%d' % sys.version_info[:3], "
                                      "sys.executable, sys.base_prefix, sep='\\n')";
static const char node_question[] =
    "console.log(process.versions.node + '\\n' + process.execPath + '\\n')";

/* A program as it was when it answered. */
typedef struct {
  goffset size;
  gint64 changed_ns;
  KelvinInterpreter *answer; /* NULL: it couldn't be run */
  char *problem;
} Known;

typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable;
  char *output;
  GError *error;
} Run;

G_LOCK_DEFINE_STATIC (known);
static GHashTable *known; /* path → Known */

static void
known_free (gpointer data)
{
  Known *self = data;

  g_clear_pointer (&self->answer, kelvin_interpreter_free);
  g_free (self->problem);
  g_free (self);
}

static void
communicated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &run->output, NULL,
                                        &run->error);
  g_main_loop_quit (run->loop);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_subprocess_force_exit (user_data);
  return G_SOURCE_REMOVE;
}

static void
wait_for_output (GSubprocess *process, GMainContext *context, Run *run)
{
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (ANSWER_SECONDS);

  run->loop = g_main_loop_new (context, FALSE);
  g_source_set_callback (limit, too_late_cb, process, NULL);
  g_source_attach (limit, context);
  g_subprocess_communicate_utf8_async (process, NULL, run->cancellable, communicated_cb, run);
  g_main_loop_run (run->loop);
  g_source_destroy (limit);
  g_main_loop_unref (run->loop);
  if (run->error != NULL)
    g_subprocess_force_exit (process);
}

/* Standard output and error together: what a shim complains of is worth reading. */
static char *
run_program (const char *const *arguments, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  Run run = { .cancellable = cancellable };

  g_subprocess_launcher_unsetenv (launcher, "NODE_OPTIONS");
  g_main_context_push_thread_default (context);
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, arguments, error);
  if (process != NULL)
    wait_for_output (process, context, &run);
  g_main_context_pop_thread_default (context);

  if (run.error != NULL)
    g_propagate_error (error, run.error);
  return run.output;
}

/* A node that lies somewhere by itself has no prefix: the folder above may be a person's home. */
static char *
find_node_prefix (const char *program)
{
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *above = g_path_get_dirname (folder);
  g_autofree char *modules = g_build_filename (above, "lib", "node_modules", NULL);
  g_autofree char *headers = g_build_filename (above, "include", "node", NULL);

  if (g_str_has_suffix (folder, "/bin") &&
      (g_str_has_prefix (above, "/usr") || g_file_test (modules, G_FILE_TEST_IS_DIR) ||
       g_file_test (headers, G_FILE_TEST_IS_DIR)))
    return g_steal_pointer (&above);
  return g_steal_pointer (&folder);
}

/* "python3.11" of 3.11.2, "nodejs20.x" of 20.11.1 */
static char *
name_runtime (KelvinRuntimeFamily family, const char *version)
{
  g_auto (GStrv) parts = g_strsplit (version, ".", 3);

  if (family == KELVIN_RUNTIME_NODE)
    return g_strdup_printf ("nodejs%s.x", parts[0]);
  return g_strdup_printf ("python%s.%s", parts[0], parts[1]);
}

static KelvinInterpreter *
read_answer (KelvinRuntimeFamily family, const char *output)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

  if (g_strv_length (lines) < 3 || !g_ascii_isdigit (lines[0][0]) || strchr (lines[0], '.') == NULL)
    return NULL;
  g_autofree char *program = realpath (lines[1], NULL);
  if (program == NULL)
    return NULL;

  g_autoptr (KelvinInterpreter) self = g_new0 (KelvinInterpreter, 1);
  self->family = family;
  self->version = g_strdup (lines[0]);
  self->name = name_runtime (family, lines[0]);
  self->prefix =
      family == KELVIN_RUNTIME_NODE ? find_node_prefix (program) : realpath (lines[2], NULL);
  self->path = g_steal_pointer (&program);
  return self->prefix != NULL ? g_steal_pointer (&self) : NULL;
}

/* A prefix is shown in sandboxes as a whole: never a home or all of the machine. */
static gboolean
is_safe_to_show (const char *prefix)
{
  g_autofree char *home = realpath (g_get_home_dir (), NULL);
  gsize length = strlen (prefix);

  return length > 1 && !(home != NULL && g_str_has_prefix (home, prefix) &&
                         (home[length] == '\0' || home[length] == '/'));
}

static Known *
ask (KelvinRuntimeFamily family, const char *program, GCancellable *cancellable, GError **error)
{
  const char *python[] = { program, "-I", "-S", "-c", python_question, NULL };
  const char *node[] = { program, "-e", node_question, NULL };
  g_autoptr (GError) local_error = NULL;
  g_autofree char *output =
      run_program (family == KELVIN_RUNTIME_NODE ? node : python, cancellable, &local_error);

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  Known *found = g_new0 (Known, 1);
  if (output != NULL)
    found->answer = read_answer (family, output);
  if (found->answer != NULL && !is_safe_to_show (found->answer->prefix))
    {
      found->problem =
          g_strdup_printf ("its prefix %s holds more than the interpreter", found->answer->prefix);
      g_clear_pointer (&found->answer, kelvin_interpreter_free);
    }
  else if (found->answer == NULL)
    found->problem = local_error != NULL ? g_strdup (local_error->message)
                                         : g_strstrip (g_steal_pointer (&output));
  return found;
}

static KelvinInterpreter *
answer_from (const Known *found, const char *program, GError **error)
{
  if (found->answer != NULL)
    return kelvin_interpreter_copy (found->answer);

  g_set_error (error, KELVIN_INTERPRETER_ERROR, KELVIN_INTERPRETER_ERROR_BROKEN,
               "%s can't be used: %s", program, found->problem);
  return NULL;
}

static const Known *
look_up (const char *program, goffset size, gint64 changed_ns)
{
  const Known *found = known != NULL ? g_hash_table_lookup (known, program) : NULL;

  return found != NULL && found->size == size && found->changed_ns == changed_ns ? found : NULL;
}

KelvinInterpreter *
kelvin_interpreter_probe (KelvinRuntimeFamily family, const char *program,
                          GCancellable *cancellable, GError **error)
{
  struct stat status = { 0 };
  stat (program, &status);
  gint64 changed_ns =
      status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec;

  G_LOCK (known);
  const Known *found = look_up (program, status.st_size, changed_ns);
  KelvinInterpreter *answer = found != NULL ? answer_from (found, program, error) : NULL;
  G_UNLOCK (known);
  if (found != NULL)
    return answer;

  Known *asked = ask (family, program, cancellable, error);
  if (asked == NULL)
    return NULL;
  asked->size = status.st_size;
  asked->changed_ns = changed_ns;
  answer = answer_from (asked, program, error);

  G_LOCK (known);
  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  g_hash_table_replace (known, g_strdup (program), asked);
  G_UNLOCK (known);
  return answer;
}
