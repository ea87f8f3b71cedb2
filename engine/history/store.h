#pragma once

#include <gio/gio.h>

#include "engine/model/invocation.h"
#include "engine/model/run.h"
#include "engine/model/transition.h"

G_BEGIN_DECLS

#define KELVIN_STORE_ERROR (kelvin_store_error_quark ())
typedef enum {
  KELVIN_STORE_ERROR_FOLDER,  /* the data folder can't be made or written: path and reason */
  KELVIN_STORE_ERROR_DAMAGED, /* not a database or a damaged one: what to do; it was left as it is
                               */
  KELVIN_STORE_ERROR_NEWER,   /* written by a newer Kelvin; left as it is */
  KELVIN_STORE_ERROR_FULL,    /* disk full */
  KELVIN_STORE_ERROR_NOT_FOUND,
  KELVIN_STORE_ERROR_INVALID, /* what was asked for can't be: a word, a cursor, an id */
  KELVIN_STORE_ERROR_FAILED,
} KelvinStoreError;
GQuark kelvin_store_error_quark (void);

/* history.db: what happened. One writer thread batches records; readings have connections of their
 * own in worker threads. Calls may come from any thread; results arrive on the caller's context. */
#define KELVIN_TYPE_STORE (kelvin_store_get_type ())
G_DECLARE_FINAL_TYPE (KelvinStore, kelvin_store, KELVIN, STORE, GObject)

typedef enum {
  KELVIN_STORE_KEEP_PAYLOADS,
  KELVIN_STORE_NO_PAYLOADS, /* events and results aren't stored */
} KelvinStorePayloads;

/* Opens or makes @data_dir/history.db (folder 0700, file 0600), migrates it, takes the lock
 * engines/ID.lock, and marks the running runs of engines whose lock nobody holds `interrupted`.
 * Blocking: call it in a worker thread. */
KelvinStore *kelvin_store_open (const char *data_dir, KelvinStorePayloads payloads, GError **error);
/* Writes what is queued, then closes. Blocking. */
void kelvin_store_close (KelvinStore *self);

const char *kelvin_store_get_engine_id (KelvinStore *self);

/* Transitions that were not stored because the queue was full. */
guint64 kelvin_store_get_dropped_transitions (KelvinStore *self);

/* Queue a record for the writer; they return at once. The queue is bounded: over it transitions are
 * dropped (and counted) first, and invocations block the caller for as long as it takes. */
void kelvin_store_put_run (KelvinStore *self,
                           const KelvinRun *run); /* inserts or replaces by id; copies */
void kelvin_store_put_invocation (KelvinStore *self,
                                  KelvinInvocation *invocation); /* takes a reference */
void kelvin_store_put_transitions (KelvinStore *self, const char *run_id,
                                   const KelvinTransition *transitions, gsize n);
/* Returns when all that was put before is committed: an invocation shown as finished survives kill
 * -9. Fails with the writer's first error since the last call (disk full, …). */
void kelvin_store_flush_async (KelvinStore *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean kelvin_store_flush_finish (KelvinStore *self, GAsyncResult *result, GError **error);

/* All members may be unset (NULL, -1). */
typedef struct {
  const char *function_name;
  const char *kinds;  /* "profile,load" */
  const char *status; /* "error" */
  gint64 since_us;    /* Unix epoch; -1: all */
  gint64 until_us;
  guint limit;       /* 0: 50; at most 1000 */
  const char *after; /* the cursor that the page before gave */
} KelvinRunFilter;

/* Newest first, without details_json. (element-type KelvinRun). *out_next: the next page's cursor,
 * NULL at the end. */
void kelvin_store_list_runs_async (KelvinStore *self, const KelvinRunFilter *filter,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *kelvin_store_list_runs_finish (KelvinStore *self, GAsyncResult *result, char **out_next,
                                          GError **error);

/* With details_json. @id: whole, or a prefix of at least 8 characters that names one run alone. */
void kelvin_store_get_run_async (KelvinStore *self, const char *id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
KelvinRun *kelvin_store_get_run_finish (KelvinStore *self, GAsyncResult *result, GError **error);

/* In order of number, at most @limit (0: 50; at most 1000), fewer where their payloads and logs are
 * large. (element-type KelvinInvocation) */
void kelvin_store_list_invocations_async (KelvinStore *self, const char *run_id, guint limit,
                                          const char *after, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* The cursor that begins at the invocation with this number of whatever run. (transfer full) */
char *kelvin_store_format_invocation_cursor (guint64 number);
GPtrArray *kelvin_store_list_invocations_finish (KelvinStore *self, GAsyncResult *result,
                                                 char **out_next, GError **error);

/* What a run's environments went through, in order of time: at most @limit (0: 50; at most 1000).
 * @environment: its number, or 0 for all. An environment that served several runs has its
 * transitions in each of them from the event that it was given there. *out_next: the next page's
 * cursor, NULL at the end. (element-type KelvinPastTransition) */
void kelvin_store_list_transitions_async (KelvinStore *self, const char *run_id,
                                          guint64 environment, guint limit, const char *after,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
GPtrArray *kelvin_store_list_transitions_finish (KelvinStore *self, GAsyncResult *result,
                                                 char **out_next, GError **error);

/* Newest invocations of a function, over all runs, of one kind of start and of status ok: what
 * "last warm" and "median cold" are taken from. (element-type KelvinInvocation, without payloads
 * and logs) */
void kelvin_store_list_recent_async (KelvinStore *self, const char *function_name,
                                     const char *version, KelvinStart start, guint limit,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *kelvin_store_list_recent_finish (KelvinStore *self, GAsyncResult *result,
                                            GError **error);

/* Counts of runs and of failed ones in @n equal slices of time, for the strip above the list. */
typedef struct {
  guint runs;
  guint failed;
} KelvinRunSlice;
void kelvin_store_count_runs_async (KelvinStore *self, const KelvinRunFilter *filter, guint n,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
/* (element-type KelvinRunSlice) of @n; *out_from_us, *out_to_us: the ends of the strip */
GArray *kelvin_store_count_runs_finish (KelvinStore *self, GAsyncResult *result,
                                        gint64 *out_from_us, gint64 *out_to_us, GError **error);

/* What the runs of one function would have cost together. */
typedef struct {
  char *function_name; /* nullable: runs of several functions */
  gint64 runs;
  gint64 invocations;
  gint64 cold_starts;
  gint64 cost_pico_usd;
  gint64 since_us; /* when the first of them began */
} KelvinFunctionCost;
void kelvin_function_cost_free (KelvinFunctionCost *self);

/* By function, the dearest first; limit and cursor of @filter don't matter. (element-type
 * KelvinFunctionCost) */
void kelvin_store_sum_costs_async (KelvinStore *self, const KelvinRunFilter *filter,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *kelvin_store_sum_costs_finish (KelvinStore *self, GAsyncResult *result, GError **error);

/* The newest invocations over all runs that @filter finds, at most its limit, without their
 * payloads, logs, attempts and connections; its status is theirs, not that of their runs. The
 * cursor of @filter doesn't matter. (element-type KelvinInvocation) */
void kelvin_store_list_newest_async (KelvinStore *self, const KelvinRunFilter *filter,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *kelvin_store_list_newest_finish (KelvinStore *self, GAsyncResult *result,
                                            GError **error);

G_END_DECLS
