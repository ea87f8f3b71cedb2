#include "app/await.h"
#include "app/command.h"
#include "app/exit-status.h"
#include "app/function-operand.h"
#include "app/output.h"
#include "app/session.h"

static char *host;
static int port = 3001;

static const GOptionEntry entries[] = {
  { "host", 0, 0, G_OPTION_ARG_FILENAME, &host, "the address to listen on; 127.0.0.1 unless told",
    "H" },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "3001 unless told; 0 picks a free one", "P" },
  { NULL },
};

static void
ready_cb (const char *url, gpointer user_data)
{
  const KelvinCommandLine *line = user_data;

  if (line->json)
    {
      g_autoptr (JsonObject) object = json_object_new ();
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
      json_object_set_string_member (object, "url", url);
      kelvin_print_json (node);
    }
  else
    kelvin_print ("listening on %s\n", url);
  if (line->isolation == KELVIN_ISOLATION_PROCESS)
    kelvin_say_remark (
        "isolation process: functions aren't in a sandbox (`kelvin doctor` says what "
        "is lost)");
  kelvin_output_flush ();
}

static int
serve (const KelvinCommandLine *line)
{
  KelvinSession *session = kelvin_session_open (line);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_serve_async (
      kelvin_session_get_engine (session), (const char *const *) line->operands,
      host != NULL ? host : "127.0.0.1", (guint) port, kelvin_session_get_cancellable (session),
      ready_cb, (gpointer) line, kelvin_await_cb, &result);
  kelvin_await (&result);
  if (!kelvin_engine_serve_finish (kelvin_session_get_engine (session), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return kelvin_session_close (session, kelvin_fail (error));
  return kelvin_session_close (session, KELVIN_EXIT_OK);
}

static int
run (const KelvinCommandLine *line)
{
  if (port < 0 || port > G_MAXUINT16)
    {
      kelvin_say_error ("--port is %d; right is a number from 0 to %d", port, G_MAXUINT16);
      return KELVIN_EXIT_BAD_INPUT;
    }
  for (gsize i = 0; line->operands[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KelvinFunction) function =
          kelvin_function_operand_load (line->operands[i], &error);

      if (function == NULL)
        return kelvin_fail (error);
    }
  return serve (line);
}

const KelvinCommand kelvin_command_serve = {
  .name = "serve",
  .operands = "DIR…",
  .summary = "answer the service's Invoke call for functions",
  .description =
      "Prints `listening on http://HOST:PORT` when ready. Ctrl+C finishes what runs, and ends.\n"
      "Any client of the service can call it with that address as its endpoint.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = G_MAXUINT,
  .run = run,
};
