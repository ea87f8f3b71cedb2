#include "engine/runtime/attempt-log.h"

#include <string.h>

struct _KelvinAttemptLog {
  GString *head;     /* the first bytes, in order */
  char *tail;        /* a ring of the last ones; NULL until the head is full */
  gsize tail_start;  /* of its oldest byte */
  gsize tail_length; /* at most KELVIN_ATTEMPT_LOG_HALF_BYTES */
  guint64 omitted_bytes;
};

static void
add_to_ring (KelvinAttemptLog *self, const char *bytes, gsize length)
{
  const gsize size = KELVIN_ATTEMPT_LOG_HALF_BYTES;
  gsize skipped = length > size ? length - size : 0;
  gsize kept = length - skipped;
  gsize pushed_out = self->tail_length + kept > size ? self->tail_length + kept - size : 0;

  if (self->tail == NULL)
    self->tail = g_malloc (size);
  self->tail_start = (self->tail_start + pushed_out) % size;
  self->tail_length -= pushed_out;
  self->omitted_bytes += skipped + pushed_out;

  gsize end = (self->tail_start + self->tail_length) % size;
  gsize first = MIN (kept, size - end);

  memcpy (self->tail + end, bytes + skipped, first);
  memcpy (self->tail, bytes + skipped + first, kept - first);
  self->tail_length += kept;
}

static void
add_bytes (KelvinAttemptLog *self, const char *bytes, gsize length)
{
  gsize first = MIN (length, KELVIN_ATTEMPT_LOG_HALF_BYTES - self->head->len);

  g_string_append_len (self->head, bytes, (gssize) first);
  if (length > first)
    add_to_ring (self, bytes + first, length - first);
}

KelvinAttemptLog *
kelvin_attempt_log_new (void)
{
  KelvinAttemptLog *self = g_new0 (KelvinAttemptLog, 1);

  self->head = g_string_new (NULL);

  return self;
}

void
kelvin_attempt_log_free (KelvinAttemptLog *self)
{
  g_return_if_fail (self != NULL);

  g_string_free (self->head, TRUE);
  g_free (self->tail);
  g_free (self);
}

void
kelvin_attempt_log_add (KelvinAttemptLog *self, const char *line, gssize length)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (line != NULL || length == 0);

  add_bytes (self, line, length < 0 ? strlen (line) : (gsize) length);
  add_bytes (self, "\n", 1);
}

void
kelvin_attempt_log_add_format (KelvinAttemptLog *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  kelvin_attempt_log_add (self, line, -1);
}

static void
append_tail (KelvinAttemptLog *self, GString *text)
{
  gsize first = MIN (self->tail_length, KELVIN_ATTEMPT_LOG_HALF_BYTES - self->tail_start);

  g_string_append_len (text, self->tail + self->tail_start, (gssize) first);
  g_string_append_len (text, self->tail, (gssize) (self->tail_length - first));
}

char *
kelvin_attempt_log_to_text (KelvinAttemptLog *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->omitted_bytes == 0 && self->tail_length == 0)
    return g_utf8_make_valid (self->head->str, (gssize) self->head->len);

  g_autoptr (GString) text = g_string_sized_new (self->head->len + self->tail_length + 128);

  g_string_append_len (text, self->head->str, (gssize) self->head->len);
  if (self->omitted_bytes > 0)
    g_string_append_printf (text, "%s[%" G_GUINT64_FORMAT " bytes left out]\n",
                            g_str_has_suffix (self->head->str, "\n") ? "" : "\n",
                            self->omitted_bytes);
  append_tail (self, text);

  return g_utf8_make_valid (text->str, (gssize) text->len);
}

guint64
kelvin_attempt_log_get_omitted_bytes (KelvinAttemptLog *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->omitted_bytes;
}
