#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A time-ordered UUID (version 7, RFC 9562): request ids, run ids and engine ids. Time-ordered so
 * that the history's indexes append. */
typedef struct {
  guint8 bytes[16];
} KelvinRequestId;

#define KELVIN_REQUEST_ID_LENGTH 36 /* characters of its text, without the final NUL */

/* Unique within the process and increasing even within one millisecond; any thread. */
KelvinRequestId kelvin_request_id_new (void);
/* @out_text holds KELVIN_REQUEST_ID_LENGTH + 1 bytes. */
void kelvin_request_id_to_text (const KelvinRequestId *self, char *out_text);
char *kelvin_request_id_to_string (const KelvinRequestId *self);
gboolean kelvin_request_id_parse (const char *text, KelvinRequestId *out_id);

G_END_DECLS
