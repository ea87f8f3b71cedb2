#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Watches a function's folder and its layers; emits "changed" (no arguments) on the thread-default
 * context of its creation, at most once in 100 ms, when own code, configuration or dependencies may
 * have changed; an editor's write-and-rename is one change. Watches by folder, not by file, and the
 * 2000 folders nearest to the top alone: what changes farther down, taking a version finds. Used on
 * the thread of its creation. */
#define KELVIN_TYPE_CODE_WATCH (kelvin_code_watch_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCodeWatch, kelvin_code_watch, KELVIN, CODE_WATCH, GObject)

/* Returns at once: folders are found in the background. When all that are there are watched,
 * "watching" is emitted, and again after folders came. */
KelvinCodeWatch *kelvin_code_watch_new (const char *function_dir);

G_END_DECLS
