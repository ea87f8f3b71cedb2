#pragma once

#include "engine/engine.h"
#include "ui/configuration.h"
#include "ui/document-set.h"
#include "ui/line-costs.h"
#include "ui/run-control.h"
#include "ui/state-mark.h"

G_BEGIN_DECLS

/* A function that is open in the window: its folder, its documents, and what was run of it. Its
 * configuration is what the document of function.json says, saved or not. Properties: "function"
 * (KelvinFunction, nullable), "problem" (nullable): what is wrong with function.json, "title",
 * "subtitle", "mark" (uint, KelvinMark), "modified", "event" (KelvinDocument), "last-run"
 * (KelvinRun, nullable). */
#define KELVIN_TYPE_OPEN_FUNCTION (kelvin_open_function_get_type ())
G_DECLARE_FINAL_TYPE (KelvinOpenFunction, kelvin_open_function, KELVIN, OPEN_FUNCTION, GObject)

KelvinOpenFunction *kelvin_open_function_new (KelvinEngine *engine, const char *dir,
                                              const char *drafts_dir);

const char *kelvin_open_function_get_dir (KelvinOpenFunction *self);
const char *kelvin_open_function_get_title (KelvinOpenFunction *self);
char *kelvin_open_function_dup_subtitle (KelvinOpenFunction *self);
KelvinMark kelvin_open_function_get_mark (KelvinOpenFunction *self);
/* The newest in the history; NULL: it was never run. (transfer none) */
KelvinRun *kelvin_open_function_get_last_run (KelvinOpenFunction *self);
KelvinFunction *kelvin_open_function_get_function (KelvinOpenFunction *self);
const char *kelvin_open_function_get_problem (KelvinOpenFunction *self);
gboolean kelvin_open_function_is_modified (KelvinOpenFunction *self);
/* (transfer none) */
KelvinLineCosts *kelvin_open_function_get_line_costs (KelvinOpenFunction *self);
KelvinRunControl *kelvin_open_function_get_run_control (KelvinOpenFunction *self);

/* (transfer none): the handler's file first, function.json last */
KelvinDocumentSet *kelvin_open_function_get_code (KelvinOpenFunction *self);
/* (transfer none): its test events */
KelvinDocumentSet *kelvin_open_function_get_events (KelvinOpenFunction *self);
KelvinConfiguration *kelvin_open_function_get_configuration (KelvinOpenFunction *self);
KelvinDocument *kelvin_open_function_get_event (KelvinOpenFunction *self);
void kelvin_open_function_set_event (KelvinOpenFunction *self, KelvinDocument *event);
/* Adds a test event with a name that isn't taken, and selects it. It becomes a file when it is
 * saved. */
void kelvin_open_function_add_event (KelvinOpenFunction *self, const char *name, const char *text);

/* Saves what was edited. */
void kelvin_open_function_save_async (KelvinOpenFunction *self, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean kelvin_open_function_save_finish (KelvinOpenFunction *self, GAsyncResult *result,
                                           GError **error);
/* Gives up what was edited. */
void kelvin_open_function_revert (KelvinOpenFunction *self);
/* Other programs may have written files of the folder. */
void kelvin_open_function_check_files (KelvinOpenFunction *self);

/* Saves, then invokes the function with its selected event. */
void kelvin_open_function_run (KelvinOpenFunction *self, gboolean cold);

G_END_DECLS
