#pragma once

#include "engine/model/door-record.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* When a connection was made and waited for, within the time of its invocation: connecting is
 * solid, waiting for the first byte is paler, the rest is thin. What it shows is told in words
 * beside it.
 */
#define KELVIN_TYPE_SPAN_BAR (kelvin_span_bar_get_type ())
G_DECLARE_FINAL_TYPE (KelvinSpanBar, kelvin_span_bar, KELVIN, SPAN_BAR, GtkWidget)

/* @total_us: the length of the whole bar. */
GtkWidget *kelvin_span_bar_new (const KelvinDoorRecord *record, gint64 total_us);

/* Its parts, from 0 to 1 of the whole; what didn't happen has no length. Pure. */
typedef struct {
  float opened;
  float connected;
  float first_byte;
  float ended;
} KelvinSpanParts;
KelvinSpanParts kelvin_span_bar_get_parts (const KelvinDoorRecord *record, gint64 total_us);

G_END_DECLS
