#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Standard output has the answer and nothing else; everything that is said about it goes to
 * standard error. Escapes are written to a terminal alone, and never with NO_COLOR. Main thread. */

/* The answer. It is buffered; kelvin_output_end writes the rest. */
void kelvin_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void kelvin_print_bytes (GBytes *bytes);
void kelvin_print_json (JsonNode *node);
gboolean kelvin_output_is_terminal (void);
/* What stands in the buffer goes out now: others wait for it. */
void kelvin_output_flush (void);

/* Standard error: "kelvin: …" and a newline. */
void kelvin_say_error (const char *format, ...) G_GNUC_PRINTF (1, 2);
void kelvin_say_warning (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Standard error, only if a person reads it there. */
void kelvin_say_remark (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* A line that the next progress, message or answer replaces; on a terminal alone. */
void kelvin_show_progress (const char *format, ...) G_GNUC_PRINTF (1, 2);

typedef enum {
  KELVIN_STYLE_TITLE,
  KELVIN_STYLE_DIM,
  KELVIN_STYLE_GOOD,
  KELVIN_STYLE_BAD,
} KelvinStyle;

/* @text for standard output, between escapes where those are wanted. (transfer full) */
char *kelvin_styled (KelvinStyle style, const char *text);

/* Writes what is left. @status, or KELVIN_EXIT_CANNOT where standard output couldn't be written. */
int kelvin_output_end (int status);

G_END_DECLS
