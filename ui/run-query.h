#pragma once

#include "engine/history/store.h"

G_BEGIN_DECLS

/* What a person typed to find runs: "function:thumbnails kind:profile,load status:error since:7d
 * main": words with a colon ask for a field, the others for text anywhere in what the list shows.
 */
typedef struct {
  char *function_name; /* nullable */
  char *kinds;         /* nullable */
  char *status;        /* nullable */
  gint64 within_us;    /* "since:7d": what is looked at; -1: all */
  gint64 since_us;     /* "since:2026-11-24T14:05": of it what was chosen; -1: all */
  gint64 until_us;     /* -1: all; what began then is outside */
  char **words;        /* casefolded; all of them must be found */
  char *problem; /* nullable: the first word that can't be understood, and what would be right */
} KelvinRunQuery;

/* @now_us: real time, which "since:" counts back from. */
KelvinRunQuery *kelvin_run_query_parse (const char *text, gint64 now_us);
void kelvin_run_query_free (KelvinRunQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRunQuery, kelvin_run_query_free)

/* What the store is asked for: all but the words. It points into self. */
KelvinRunFilter kelvin_run_query_to_filter (const KelvinRunQuery *self);
/* The text with another range of time, both -1 for none. (transfer full) */
char *kelvin_run_query_set_range (const char *text, gint64 since_us, gint64 until_us);
/* Does a run hold all the free words? The fields are for the store. */
gboolean kelvin_run_query_matches (const KelvinRunQuery *self, const KelvinRun *run);

G_END_DECLS
