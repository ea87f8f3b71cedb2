#pragma once

#include <adwaita.h>

#include "engine/load.h"

G_BEGIN_DECLS

/* Sends a load to a function and shows it as it happens; else the newest load of the history, or
 * the one that was asked for. Property "running" (read-only). */
#define KELVIN_TYPE_LOAD_PAGE (kelvin_load_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinLoadPage, kelvin_load_page, KELVIN, LOAD_PAGE, AdwBin)

GtkWidget *kelvin_load_page_new (KelvinEngine *engine);

/* The function that the page is about; both are NULL for none. A load of another one goes on. */
void kelvin_load_page_set_function (KelvinLoadPage *self, const char *function_dir,
                                    KelvinFunction *function);
/* What the function is called with: JSON text, NULL for {}, and its name, NULL for none. */
void kelvin_load_page_set_event (KelvinLoadPage *self, GBytes *event, const char *event_name);

/* The buttons, for the header bar. (transfer none) */
GtkWidget *kelvin_load_page_get_header_controls (KelvinLoadPage *self);

/* Loads what is saved; nothing while a load is under way, or without a function. */
void kelvin_load_page_start (KelvinLoadPage *self);
/* What was measured is kept. */
void kelvin_load_page_cancel (KelvinLoadPage *self);
gboolean kelvin_load_page_is_running (KelvinLoadPage *self);

/* Shows a load of the history, unless one is under way. */
void kelvin_load_page_show_run (KelvinLoadPage *self, const char *run_id);

G_END_DECLS
