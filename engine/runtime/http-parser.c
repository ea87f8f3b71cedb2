#include "engine/runtime/http-parser.h"

#include <string.h>

#include "engine/runtime/http-body.h"

/* RFC 9112, as strict as it allows: lines end with CR LF, no folded fields, one Content-Length, the
 * only transfer coding is "chunked", and never both. What is doubtful is refused, for a doubt about
 * where a request ends is a way to smuggle another one in. */

typedef enum {
  STEP_REQUEST_LINE,
  STEP_FIELDS,
  STEP_BODY,
  STEP_CHUNK_SIZE,
  STEP_CHUNK_DATA,
  STEP_CHUNK_END,
  STEP_TRAILERS,
  STEP_DONE,
  STEP_BAD,
} Step;

struct _KelvinHttpParser {
  Step step;
  KelvinHttpProblem problem;

  char *buffer; /* the head; behind it what came with it, chunks, and the trailers */
  gsize size;
  gsize length;
  gsize parsed;  /* the next line begins here */
  gsize scanned; /* no line ends between there and here */

  gsize target_offset; /* the method stands at 0; both end with NUL */
  gsize fields_offset;
  gsize head_length;
  gsize trailers_offset;
  KelvinHttpHead head;

  guint64 left; /* of the body or chunk */
  KelvinHttpBody body;
};

#define BUFFER_BYTES (16 * 1024)
/* Room for each piece of a body that isn't read in place. */
#define BODY_SPACE_BYTES (32 * 1024)
#define LONGEST_CHUNK_LINE_BYTES 1024
/* More than any size needs, and few enough that no sum overflows. */
#define MOST_HEX_DIGITS 15

static gboolean
fail (KelvinHttpParser *self, KelvinHttpProblem problem)
{
  self->step = STEP_BAD;
  self->problem = problem;

  return FALSE;
}

static gboolean
take_request_line (KelvinHttpParser *self, KelvinSlice line)
{
  KelvinHttpProblem problem = kelvin_http_head_take_request_line (&self->head, line);

  if (problem != KELVIN_HTTP_PROBLEM_NONE)
    return fail (self, problem);

  /* The two words become strings in place, and offsets: the buffer may move. */
  self->target_offset = self->head.method.length + 1;
  self->buffer[self->head.method.length] = '\0';
  self->buffer[self->target_offset + self->head.target.length] = '\0';
  self->fields_offset = self->parsed;
  self->step = STEP_FIELDS;

  return TRUE;
}

static gboolean
end_head (KelvinHttpParser *self)
{
  KelvinHttpProblem problem = kelvin_http_head_end (&self->head);

  if (problem != KELVIN_HTTP_PROBLEM_NONE)
    return fail (self, problem);

  self->head_length = self->parsed;
  self->left = self->head.content_length;
  kelvin_http_body_announce (&self->body, self->left);
  if (self->head.chunked)
    self->step = STEP_CHUNK_SIZE;
  else
    self->step = self->left > 0 ? STEP_BODY : STEP_DONE;

  return TRUE;
}

static gboolean
take_field (KelvinHttpParser *self, KelvinSlice line)
{
  if (line.length == 0)
    return end_head (self);

  KelvinHttpProblem problem = kelvin_http_head_take_field (&self->head, line);

  return problem == KELVIN_HTTP_PROBLEM_NONE || fail (self, problem);
}

static gboolean
take_chunk_size (KelvinHttpParser *self, KelvinSlice line)
{
  gsize digits = 0;

  self->left = 0;
  while (digits < line.length && g_ascii_isxdigit (line.text[digits]))
    {
      if (digits == MOST_HEX_DIGITS)
        return fail (self, KELVIN_HTTP_PROBLEM_SYNTAX);
      self->left = self->left * 16 + (guint64) g_ascii_xdigit_value (line.text[digits++]);
    }

  /* An extension may follow; none is known, so all are ignored. */
  KelvinSlice extension =
      kelvin_slice_trim ((KelvinSlice){ line.text + digits, line.length - digits });

  if (digits == 0 || !kelvin_slice_is_field_text (extension) ||
      (extension.length > 0 && extension.text[0] != ';'))
    return fail (self, KELVIN_HTTP_PROBLEM_SYNTAX);

  kelvin_http_body_announce (&self->body, self->left);
  self->step = self->left > 0 ? STEP_CHUNK_DATA : STEP_TRAILERS;
  self->trailers_offset = self->parsed;

  return TRUE;
}

static gboolean
take_chunk_end (KelvinHttpParser *self, KelvinSlice line)
{
  if (line.length > 0)
    return fail (self, KELVIN_HTTP_PROBLEM_SYNTAX);
  self->step = STEP_CHUNK_SIZE;

  return TRUE;
}

static gboolean
take_trailer (KelvinHttpParser *self, KelvinSlice line)
{
  KelvinSlice name;
  KelvinSlice value;

  if (line.length == 0)
    self->step = STEP_DONE;
  else if (!kelvin_slice_split_field (line, &name, &value))
    return fail (self, KELVIN_HTTP_PROBLEM_SYNTAX);

  return TRUE;
}

static void
count_body (KelvinHttpParser *self, gsize n)
{
  self->left -= n;
  if (self->left == 0)
    self->step = self->head.chunked ? STEP_CHUNK_END : STEP_DONE;
}

/* Moves what the buffer holds of the body to where the body is kept. */
static void
copy_body (KelvinHttpParser *self)
{
  gsize n = (gsize) MIN (self->left, self->length - self->parsed);

  kelvin_http_body_add (&self->body, self->buffer + self->parsed, n);
  self->parsed += n;
  self->scanned = self->parsed;
  count_body (self, n);
}

/* --- lines --- */

/* How far the current line may reach into the buffer. */
static gsize
line_limit (KelvinHttpParser *self)
{
  switch (self->step)
    {
    case STEP_CHUNK_SIZE:
    case STEP_CHUNK_END:
      return self->parsed + LONGEST_CHUNK_LINE_BYTES;
    case STEP_TRAILERS:
      return self->trailers_offset + KELVIN_HTTP_LARGEST_HEAD_BYTES;
    case STEP_REQUEST_LINE:
    case STEP_FIELDS:
    case STEP_BODY:
    case STEP_CHUNK_DATA:
    case STEP_DONE:
    case STEP_BAD:
    default:
      return KELVIN_HTTP_LARGEST_HEAD_BYTES;
    }
}

/* FALSE: it hasn't ended yet, or it is a bad one. */
static gboolean
find_line (KelvinHttpParser *self, KelvinSlice *out_line)
{
  const char *start = self->buffer + self->parsed;
  const char *end = memchr (self->buffer + self->scanned, '\n', self->length - self->scanned);
  gsize reach = end != NULL ? (gsize) (end + 1 - self->buffer) : self->length + 1;

  if (reach > line_limit (self))
    return fail (self, self->head_length > 0 && self->step != STEP_TRAILERS
                           ? KELVIN_HTTP_PROBLEM_SYNTAX
                           : KELVIN_HTTP_PROBLEM_HEAD_TOO_LARGE);
  self->scanned = MIN (reach, self->length);
  if (end == NULL)
    return FALSE;
  if (end == start || end[-1] != '\r')
    return fail (self, KELVIN_HTTP_PROBLEM_SYNTAX);
  *out_line = (KelvinSlice){ start, (gsize) (end - 1 - start) };
  self->parsed = reach;

  return TRUE;
}

static gboolean
take_line (KelvinHttpParser *self, KelvinSlice line)
{
  switch (self->step)
    {
    case STEP_REQUEST_LINE:
      return take_request_line (self, line);
    case STEP_FIELDS:
      return take_field (self, line);
    case STEP_CHUNK_SIZE:
      return take_chunk_size (self, line);
    case STEP_CHUNK_END:
      return take_chunk_end (self, line);
    case STEP_TRAILERS:
      return take_trailer (self, line);
    case STEP_BODY:
    case STEP_CHUNK_DATA:
    case STEP_DONE:
    case STEP_BAD:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* Takes one step; FALSE when more bytes are needed, or none at all. */
static gboolean
advance (KelvinHttpParser *self)
{
  KelvinSlice line;

  if (self->step == STEP_DONE || self->step == STEP_BAD)
    return FALSE;
  if (self->step != STEP_BODY && self->step != STEP_CHUNK_DATA)
    return find_line (self, &line) && take_line (self, line);

  Step before = self->step;

  copy_body (self);

  return self->step != before;
}

/* What is done with of the body makes room for what comes. */
static void
forget_parsed_body (KelvinHttpParser *self)
{
  gsize unparsed = self->length - self->parsed;

  memmove (self->buffer + self->head_length, self->buffer + self->parsed, unparsed);
  self->scanned -= self->parsed - self->head_length;
  self->parsed = self->head_length;
  self->length = self->head_length + unparsed;
}

static KelvinHttpState
parse (KelvinHttpParser *self)
{
  while (advance (self))
    ;
  if (self->step == STEP_DONE && self->parsed < self->length)
    fail (self, KELVIN_HTTP_PROBLEM_PIPELINED);
  if (self->step == STEP_BAD)
    return KELVIN_HTTP_BAD;
  if (self->step == STEP_DONE)
    return KELVIN_HTTP_COMPLETE;
  if (self->head_length > 0 && self->step != STEP_TRAILERS)
    forget_parsed_body (self);

  return KELVIN_HTTP_INCOMPLETE;
}

static void
make_room (KelvinHttpParser *self)
{
  gboolean in_body = self->step == STEP_BODY || self->step == STEP_CHUNK_DATA;
  gsize least = in_body ? BODY_SPACE_BYTES : 1;

  if (self->size - self->length >= least)
    return;
  self->size = MAX (MAX (self->size * 2, self->length + least), BUFFER_BYTES);
  self->buffer = g_realloc (self->buffer, self->size);
}

static gboolean
is_body_read_in_place (KelvinHttpParser *self)
{
  return self->step == STEP_BODY && !self->body.too_large;
}

KelvinHttpParser *
kelvin_http_parser_new (gsize largest_body_bytes)
{
  KelvinHttpParser *self = g_new0 (KelvinHttpParser, 1);

  self->body.largest_bytes = largest_body_bytes;

  return self;
}

void
kelvin_http_parser_free (KelvinHttpParser *self)
{
  g_return_if_fail (self != NULL);

  kelvin_http_body_clear (&self->body);
  g_free (self->buffer);
  g_free (self);
}

char *
kelvin_http_parser_get_space (KelvinHttpParser *self, gsize *out_size)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (is_body_read_in_place (self))
    {
      *out_size = (gsize) self->left;
      return self->body.bytes + self->body.length;
    }

  make_room (self);
  *out_size = self->size - self->length;

  return self->buffer + self->length;
}

KelvinHttpState
kelvin_http_parser_take (KelvinHttpParser *self, gsize n_bytes)
{
  g_return_val_if_fail (self != NULL, KELVIN_HTTP_BAD);

  if (is_body_read_in_place (self))
    {
      self->body.length += n_bytes;
      count_body (self, n_bytes);
    }
  else
    {
      self->length += n_bytes;
    }

  return parse (self);
}

void
kelvin_http_parser_next_request (KelvinHttpParser *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->step == STEP_DONE);

  KelvinHttpParser fresh = {
    .buffer = self->buffer,
    .size = self->size,
    .body.largest_bytes = self->body.largest_bytes,
  };

  kelvin_http_body_clear (&self->body);
  if (self->size > BUFFER_BYTES)
    {
      g_clear_pointer (&fresh.buffer, g_free);
      fresh.size = 0;
    }
  *self = fresh;
}

gboolean
kelvin_http_parser_is_amid_request (KelvinHttpParser *self)
{
  return self->length > 0 && self->step != STEP_DONE && self->step != STEP_BAD;
}

gboolean
kelvin_http_parser_take_expectation (KelvinHttpParser *self)
{
  gboolean expects =
      self->head.expects_continue && self->head_length > 0 && self->step != STEP_DONE;

  if (expects)
    self->head.expects_continue = FALSE;

  return expects;
}

KelvinHttpProblem
kelvin_http_parser_get_problem (KelvinHttpParser *self)
{
  return self->problem;
}

const char *
kelvin_http_parser_get_method (KelvinHttpParser *self)
{
  return self->buffer;
}

const char *
kelvin_http_parser_get_target (KelvinHttpParser *self)
{
  return self->buffer + self->target_offset;
}

static char *
find_field (const char *lines, const char *end, const char *wanted)
{
  while (lines < end)
    {
      const char *line_end = memchr (lines, '\r', (gsize) (end - lines));
      KelvinSlice name;
      KelvinSlice value;

      if (line_end == NULL)
        return NULL;
      if (kelvin_slice_split_field ((KelvinSlice){ lines, (gsize) (line_end - lines) }, &name,
                                    &value) &&
          kelvin_slice_is (name, wanted))
        return g_strndup (value.text, value.length);
      lines = line_end + 2;
    }

  return NULL;
}

char *
kelvin_http_parser_get_field (KelvinHttpParser *self, const char *name)
{
  g_return_val_if_fail (self->step == STEP_DONE, NULL);

  char *value =
      find_field (self->buffer + self->fields_offset, self->buffer + self->head_length, name);

  if (value == NULL && self->head.chunked)
    value = find_field (self->buffer + self->trailers_offset, self->buffer + self->parsed, name);

  return value;
}

GBytes *
kelvin_http_parser_take_body (KelvinHttpParser *self)
{
  return kelvin_http_body_take (&self->body);
}

gboolean
kelvin_http_parser_is_body_too_large (KelvinHttpParser *self)
{
  return self->body.too_large;
}

gboolean
kelvin_http_parser_keeps_alive (KelvinHttpParser *self)
{
  return !self->head.close;
}
