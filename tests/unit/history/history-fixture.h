#pragma once

#include <gio/gio.h>

#include "engine/history/store.h"

G_BEGIN_DECLS

/* A store in a folder of its own, and calls that iterate the context until they are answered. */
typedef struct {
  char *data_dir;
  char *database; /* path of history.db */
  KelvinStore *store;
} HistoryFixture;

void history_fixture_set_up (HistoryFixture *self, gconstpointer data);
void history_fixture_tear_down (HistoryFixture *self, gconstpointer data);
/* Without a store that is open yet. */
void history_fixture_set_up_folder (HistoryFixture *self, gconstpointer data);

void history_fixture_open (HistoryFixture *self);
void history_fixture_close (HistoryFixture *self);
void history_fixture_open_fails (HistoryFixture *self, KelvinStoreError code);

/* Statements on a connection of the test's own, and the first column of their first row. */
void history_fixture_execute (HistoryFixture *self, const char *sql);
gint64 history_fixture_ask (HistoryFixture *self, const char *sql);
char *history_fixture_ask_text (HistoryFixture *self, const char *sql);

/* A run `hello` that has just begun, and an invocation of it with every member set. */
KelvinRun *history_make_run (KelvinRunKind kind, gint64 started_at_us);
KelvinInvocation *history_make_invocation (const KelvinRun *run, guint64 number);

gboolean history_flush (KelvinStore *store, GError **error);
GPtrArray *history_list_runs (KelvinStore *store, const KelvinRunFilter *filter, char **out_next,
                              GError **error);
KelvinRun *history_get_run (KelvinStore *store, const char *id, GError **error);
GPtrArray *history_list_invocations (KelvinStore *store, const char *run_id, guint limit,
                                     const char *after, char **out_next, GError **error);

/* For calls that a test makes itself: GAsyncReadyCallback that stores the result in *user_data. */
void history_store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
void history_wait_for (GAsyncResult **result);

void history_remove_folder (const char *path);

G_END_DECLS
