#include "engine/runtime/runtime-event.h"

static void
append_field (GString *head, const char *name, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  g_string_append_printf (head, "%s: ", name);

  gsize start = head->len;

  g_string_append (head, value);
  g_string_append (head, "\r\n");
  /* No value may end its line: a caller's JSON may hold line breaks between its words. */
  for (gsize i = start; i < head->len - 2; i++)
    if (g_ascii_iscntrl (head->str[i]))
      head->str[i] = ' ';
}

char *
kelvin_runtime_event_make_head (const KelvinRuntimeEvent *self)
{
  GString *head = g_string_sized_new (1024);

  g_string_append (head, "HTTP/1.1 200 OK\r\n");
  append_field (head, "Content-Type",
                self->content_type != NULL ? self->content_type : "application/json");
  append_field (head, "Lambda-Runtime-Aws-Request-Id", self->request_id);
  g_string_append_printf (head, "Lambda-Runtime-Deadline-Ms: %" G_GINT64_FORMAT "\r\n",
                          self->deadline_ms);
  append_field (head, "Lambda-Runtime-Invoked-Function-Arn", self->function_arn);
  append_field (head, "Lambda-Runtime-Trace-Id", self->trace_id);
  append_field (head, "Lambda-Runtime-Client-Context", self->client_context);

  return g_string_free (head, FALSE);
}
