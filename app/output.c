#include "app/output.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "app/exit-status.h"
#include "engine/model/json-text.h"

static gboolean progress_is_shown;
static int first_write_errno; /* of standard output; 0 while all is well */

static gboolean
is_terminal (int fd)
{
  return isatty (fd) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

/* https://no-color.org: present and not empty. */
static gboolean
wants_colour (int fd)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return is_terminal (fd) && (no_color == NULL || *no_color == '\0');
}

static void
clear_progress (void)
{
  if (progress_is_shown)
    fputs ("\r\033[K", stderr);
  progress_is_shown = FALSE;
}

/* Text waits in a buffer, so a later call may be the one that fails. */
static void
note_write (gboolean succeeded)
{
  if (!succeeded && first_write_errno == 0)
    first_write_errno = errno;
}

void
kelvin_print (const char *format, ...)
{
  va_list arguments;

  clear_progress ();
  va_start (arguments, format);
  note_write (vfprintf (stdout, format, arguments) >= 0);
  va_end (arguments);
}

void
kelvin_print_bytes (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  clear_progress ();
  note_write (fwrite (data, 1, length, stdout) == length);
}

void
kelvin_print_json (JsonNode *node)
{
  g_autofree char *text = kelvin_json_to_text (node, KELVIN_JSON_PRETTY);

  kelvin_print ("%s", text);
}

gboolean
kelvin_output_is_terminal (void)
{
  return is_terminal (STDOUT_FILENO);
}

void
kelvin_output_flush (void)
{
  note_write (fflush (stdout) == 0);
}

static void G_GNUC_PRINTF (3, 0)
    say (const char *escape, const char *kind, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  gboolean coloured = wants_colour (STDERR_FILENO);

  clear_progress ();
  fprintf (stderr, "%skelvin:%s%s %s\n", coloured ? escape : "", kind, coloured ? "\033[0m" : "",
           text);
}

void
kelvin_say_error (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  say ("\033[1;31m", "", format, arguments);
  va_end (arguments);
}

void
kelvin_say_warning (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  say ("\033[1;33m", " warning:", format, arguments);
  va_end (arguments);
}

void
kelvin_say_remark (const char *format, ...)
{
  va_list arguments;

  if (!is_terminal (STDERR_FILENO))
    return;
  clear_progress ();
  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
}

void
kelvin_show_progress (const char *format, ...)
{
  va_list arguments;

  if (!is_terminal (STDERR_FILENO))
    return;
  clear_progress ();
  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fflush (stderr);
  progress_is_shown = TRUE;
}

char *
kelvin_styled (KelvinStyle style, const char *text)
{
  static const char *const escapes[] = {
    [KELVIN_STYLE_TITLE] = "\033[1m",
    [KELVIN_STYLE_DIM] = "\033[2m",
    [KELVIN_STYLE_GOOD] = "\033[32m",
    [KELVIN_STYLE_BAD] = "\033[31m",
  };

  if (!wants_colour (STDOUT_FILENO))
    return g_strdup (text);
  return g_strconcat (escapes[style], text, "\033[0m", NULL);
}

int
kelvin_output_end (int status)
{
  clear_progress ();
  kelvin_output_flush ();

  /* Whoever read it has what was wanted: `kelvin history list | head` is no error. */
  if (first_write_errno == 0 || first_write_errno == EPIPE)
    return status;
  kelvin_say_error ("can't write to standard output: %s", g_strerror (first_write_errno));
  return KELVIN_EXIT_CANNOT;
}
