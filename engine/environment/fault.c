#include "engine/environment/fault.h"

#include <signal.h>
#include <string.h>

#include <json-glib/json-glib.h>

GBytes *
kelvin_fault_payload (const char *error_type, const char *message)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "errorType");
  json_builder_add_string_value (builder, error_type);
  json_builder_set_member_name (builder, "errorMessage");
  json_builder_add_string_value (builder, message);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  char *text = json_to_string (root, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

/* As Go's os package names signals on Linux: the service's words are Go's. */
static const char *
signal_name (int number)
{
  switch (number)
    {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGSEGV:
      return "segmentation fault";
    case SIGPIPE:
      return "broken pipe";
    case SIGALRM:
      return "alarm clock";
    case SIGTERM:
      return "terminated";
    case SIGXCPU:
      return "CPU time limit exceeded";
    case SIGXFSZ:
      return "file size limit exceeded";
    case SIGSYS:
      return "bad system call";
    default:
      return NULL;
    }
}

char *
kelvin_fault_describe_exit (const KelvinExit *how)
{
  if (!how->signalled)
    return g_strdup_printf ("exit status %d", how->code);

  const char *name = signal_name (how->code);

  return name != NULL ? g_strdup_printf ("signal: %s", name)
                      : g_strdup_printf ("signal: signal %d", how->code);
}

char *
kelvin_fault_exit_message (const char *request_id, const KelvinExit *how)
{
  g_autofree char *exit = kelvin_fault_describe_exit (how);

  if (!how->signalled && how->code == 0)
    return g_strdup_printf ("RequestId: %s Error: Runtime exited without providing a reason",
                            request_id);
  return g_strdup_printf ("RequestId: %s Error: Runtime exited with error: %s", request_id, exit);
}

char *
kelvin_fault_timeout_message (const char *request_id, guint timeout_s)
{
  return g_strdup_printf ("RequestId: %s Error: Task timed out after %u.00 seconds", request_id,
                          timeout_s);
}

GBytes *
kelvin_fault_too_large_payload (guint largest_bytes)
{
  g_autofree char *message = g_strdup_printf (
      "Response payload size exceeded maximum allowed payload size (%u bytes).", largest_bytes);

  return kelvin_fault_payload ("Function.ResponseSizeTooLarge", message);
}

static gboolean
is_word (const char *text)
{
  if (!g_ascii_isupper (text[0]) || text[1] == '\0')
    return FALSE;
  for (const char *at = text + 1; *at != '\0'; at++)
    if (!g_ascii_isalpha (*at))
      return FALSE;
  return TRUE;
}

char *
kelvin_fault_normalise_type (const char *error_type)
{
  const char *word = NULL;

  if (g_str_has_prefix (error_type, "Runtime."))
    word = error_type + strlen ("Runtime.");
  else if (g_str_has_prefix (error_type, "Function."))
    word = error_type + strlen ("Function.");
  if (word != NULL && is_word (word))
    return g_strdup (error_type);
  return g_strdup (g_str_has_prefix (error_type, "Function.") ? "Function.Unknown"
                                                              : "Runtime.Unknown");
}
