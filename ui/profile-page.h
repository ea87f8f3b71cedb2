#pragma once

#include <adwaita.h>

#include "engine/engine.h"
#include "ui/line-costs.h"

G_BEGIN_DECLS

/* Measures a function's cold starts and warm calls, and shows the newest measurement.
 * Property "running" (read-only) tells whether one is under way. */
#define KELVIN_TYPE_PROFILE_PAGE (kelvin_profile_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinProfilePage, kelvin_profile_page, KELVIN, PROFILE_PAGE, AdwBin)

GtkWidget *kelvin_profile_page_new (KelvinEngine *engine);

/* The function that the page is about; both are NULL for none. A measurement of another one goes
 * on. */
void kelvin_profile_page_set_function (KelvinProfilePage *self, const char *function_dir,
                                       KelvinFunction *function);
/* Where it tells what lines cost; nullable. Of the function that is set next. */
void kelvin_profile_page_set_line_costs (KelvinProfilePage *self, KelvinLineCosts *costs);
/* What the function is called with: JSON text, NULL for {}, and its name, NULL for none. */
void kelvin_profile_page_set_event (KelvinProfilePage *self, GBytes *event, const char *event_name);

/* The number of calls and the button, for the header bar. (transfer none) */
GtkWidget *kelvin_profile_page_get_header_controls (KelvinProfilePage *self);
void kelvin_profile_page_set_narrow (KelvinProfilePage *self, gboolean narrow);

/* Measures what is saved; nothing while a measurement is under way, or without a function. */
void kelvin_profile_page_start (KelvinProfilePage *self);
/* The same with these numbers of calls. */
void kelvin_profile_page_start_with (KelvinProfilePage *self, guint cold, guint warm);
/* The same, and tries what would help. */
void kelvin_profile_page_start_advising (KelvinProfilePage *self);
/* What was measured is kept. */
void kelvin_profile_page_cancel (KelvinProfilePage *self);
gboolean kelvin_profile_page_is_running (KelvinProfilePage *self);

G_END_DECLS
