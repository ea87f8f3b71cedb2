#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The log of one invocation: its first and its last megabyte; how many bytes lay between is
 * counted. Invalid UTF-8 becomes U+FFFD. */
typedef struct _KelvinAttemptLog KelvinAttemptLog;

#define KELVIN_ATTEMPT_LOG_HALF_BYTES (1024 * 1024)

KelvinAttemptLog *kelvin_attempt_log_new (void);
void kelvin_attempt_log_free (KelvinAttemptLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinAttemptLog, kelvin_attempt_log_free)

/* Appends one line; a final newline is added. @length -1: until NUL. */
void kelvin_attempt_log_add (KelvinAttemptLog *self, const char *line, gssize length);
void kelvin_attempt_log_add_format (KelvinAttemptLog *self, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/* The text; where bytes were left out, a line says how many. (transfer full) */
char *kelvin_attempt_log_to_text (KelvinAttemptLog *self);
guint64 kelvin_attempt_log_get_omitted_bytes (KelvinAttemptLog *self);

G_END_DECLS
