#include "engine/runtime/http-head.h"

#include <string.h>

/* More digits than any length needs, and few enough that no sum overflows. */
#define MOST_DIGITS 18

static KelvinHttpProblem
take_version (KelvinHttpHead *self, KelvinSlice version)
{
  const char *text = version.text;

  if (version.length != 8 || memcmp (text, "HTTP/", 5) != 0 || !g_ascii_isdigit (text[5]) ||
      text[6] != '.' || !g_ascii_isdigit (text[7]))
    return KELVIN_HTTP_PROBLEM_SYNTAX;
  if (text[5] != '1' || text[7] > '1')
    return KELVIN_HTTP_PROBLEM_VERSION;

  self->version_1_0 = text[7] == '0';
  self->close = self->version_1_0;

  return KELVIN_HTTP_PROBLEM_NONE;
}

KelvinHttpProblem
kelvin_http_head_take_request_line (KelvinHttpHead *self, KelvinSlice line)
{
  KelvinSlice rest;

  if (!kelvin_slice_split (line, ' ', &self->method, &rest) ||
      !kelvin_slice_split (rest, ' ', &self->target, &rest) ||
      !kelvin_slice_is_token (self->method) || !kelvin_slice_is_target (self->target))
    return KELVIN_HTTP_PROBLEM_SYNTAX;

  return take_version (self, rest);
}

static KelvinHttpProblem
take_content_length (KelvinHttpHead *self, KelvinSlice value)
{
  if (self->has_length || value.length == 0 || value.length > MOST_DIGITS)
    return KELVIN_HTTP_PROBLEM_SYNTAX;
  for (gsize i = 0; i < value.length; i++)
    {
      if (!g_ascii_isdigit (value.text[i]))
        return KELVIN_HTTP_PROBLEM_SYNTAX;
      self->content_length = self->content_length * 10 + (guint64) (value.text[i] - '0');
    }
  self->has_length = TRUE;

  return KELVIN_HTTP_PROBLEM_NONE;
}

static KelvinHttpProblem
take_transfer_encoding (KelvinHttpHead *self, KelvinSlice value)
{
  if (self->chunked || !kelvin_slice_is (value, "chunked"))
    return KELVIN_HTTP_PROBLEM_TRANSFER_ENCODING;
  self->chunked = TRUE;

  return KELVIN_HTTP_PROBLEM_NONE;
}

static void
take_connection (KelvinHttpHead *self, KelvinSlice value)
{
  KelvinSlice option;

  while (kelvin_slice_split (value, ',', &option, &value))
    if (kelvin_slice_is (kelvin_slice_trim (option), "close"))
      self->close = TRUE;
  if (kelvin_slice_is (kelvin_slice_trim (value), "close"))
    self->close = TRUE;
}

KelvinHttpProblem
kelvin_http_head_take_field (KelvinHttpHead *self, KelvinSlice line)
{
  KelvinSlice name;
  KelvinSlice value;

  if (!kelvin_slice_split_field (line, &name, &value))
    return KELVIN_HTTP_PROBLEM_SYNTAX;
  if (kelvin_slice_is (name, "content-length"))
    return take_content_length (self, value);
  if (kelvin_slice_is (name, "transfer-encoding"))
    return take_transfer_encoding (self, value);
  if (kelvin_slice_is (name, "connection"))
    take_connection (self, value);
  else if (kelvin_slice_is (name, "host"))
    self->n_hosts++;
  else if (kelvin_slice_is (name, "expect"))
    self->expects_continue = kelvin_slice_is (value, "100-continue");

  return KELVIN_HTTP_PROBLEM_NONE;
}

KelvinHttpProblem
kelvin_http_head_end (KelvinHttpHead *self)
{
  gboolean host_is_right = self->n_hosts == 1 || (self->n_hosts == 0 && self->version_1_0);
  gboolean framing_is_right = !self->chunked || (!self->has_length && !self->version_1_0);

  return host_is_right && framing_is_right ? KELVIN_HTTP_PROBLEM_NONE : KELVIN_HTTP_PROBLEM_SYNTAX;
}
