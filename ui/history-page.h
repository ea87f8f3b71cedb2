#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/* What happened: the runs of one function, or of all of them. */
#define KELVIN_TYPE_HISTORY_PAGE (kelvin_history_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinHistoryPage, kelvin_history_page, KELVIN, HISTORY_PAGE, AdwBin)

GtkWidget *kelvin_history_page_new (KelvinEngine *engine);
/* NULL: the whole workbench. */
void kelvin_history_page_set_function_name (KelvinHistoryPage *self, const char *function_name);
/* With little room the list has fewer columns; the details have the rest. */
void kelvin_history_page_set_narrow (KelvinHistoryPage *self, gboolean narrow);
/* As if a person had typed it. */
void kelvin_history_page_set_filter (KelvinHistoryPage *self, const char *text);
/* Shows the details of this run, and chooses it in the list where it is there. */
void kelvin_history_page_show_run (KelvinHistoryPage *self, KelvinRun *run);
/* There may be new runs. */
void kelvin_history_page_refresh (KelvinHistoryPage *self);

G_END_DECLS
