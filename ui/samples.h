#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A sample event of one of the usual sources: data/samples/NAME.json. */
typedef struct {
  char *name;  /* of the file, without the ending */
  char *title; /* for a person: "SQS (FIFO queue)" */
  char *text;  /* JSON */
} KelvinSample;

/* Reads them all in a worker thread, in the order of their titles. (element-type KelvinSample) */
void kelvin_samples_read_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *kelvin_samples_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
