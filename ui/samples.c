#include "config.h"

#include "ui/samples.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/install-paths.h"

/* Their sources as people know them; a sample that isn't here is shown by the name of its file. */
static const struct {
  const char *name;
  const char *title;
} titles[] = {
  { "alb", N_ ("Application Load Balancer") },
  { "api-gateway-http", N_ ("API Gateway, HTTP API") },
  { "api-gateway-rest", N_ ("API Gateway, REST API") },
  { "cloudwatch-logs", N_ ("CloudWatch Logs") },
  { "cognito-pre-sign-up", N_ ("Cognito, before sign-up") },
  { "dynamodb-stream", N_ ("DynamoDB stream") },
  { "eventbridge", N_ ("EventBridge") },
  { "function-url", N_ ("Function URL") },
  { "hello", N_ ("Hello") },
  { "kinesis", N_ ("Kinesis") },
  { "s3-delete", N_ ("S3, object removed") },
  { "s3-put", N_ ("S3, object created") },
  { "schedule", N_ ("Schedule") },
  { "sns", N_ ("SNS") },
  { "sqs", N_ ("SQS") },
  { "sqs-fifo", N_ ("SQS, FIFO queue") },
};

static void
sample_free (gpointer data)
{
  KelvinSample *sample = data;

  g_free (sample->name);
  g_free (sample->title);
  g_free (sample->text);
  g_free (sample);
}

static const char *
find_title (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, name))
      return _ (titles[i].title);

  return name;
}

static int
compare_titles (gconstpointer a, gconstpointer b)
{
  const KelvinSample *first = *(KelvinSample *const *) a;
  const KelvinSample *second = *(KelvinSample *const *) b;

  return g_utf8_collate (first->title, second->title);
}

static void
read_sample (const char *folder, const char *file, GPtrArray *samples)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *text = NULL;

  if (!g_str_has_suffix (file, ".json") || !g_file_get_contents (path, &text, NULL, NULL))
    return;

  KelvinSample *sample = g_new0 (KelvinSample, 1);
  sample->name = g_strndup (file, strlen (file) - strlen (".json"));
  sample->title = g_strdup (find_title (sample->name));
  sample->text = g_steal_pointer (&text);
  g_ptr_array_add (samples, sample);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autofree char *folder = g_build_filename (kelvin_path_data (), "samples", NULL);
  g_autoptr (GPtrArray) samples = g_ptr_array_new_with_free_func (sample_free);
  GError *error = NULL;
  g_autoptr (GDir) handle = g_dir_open (folder, 0, &error);
  const char *file;

  if (handle == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  while ((file = g_dir_read_name (handle)) != NULL)
    read_sample (folder, file, samples);
  g_ptr_array_sort (samples, compare_titles);
  g_task_return_pointer (task, g_steal_pointer (&samples), (GDestroyNotify) g_ptr_array_unref);
}

void
kelvin_samples_read_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kelvin_samples_read_async);
  g_task_run_in_thread (task, read_in_thread);
}

GPtrArray *
kelvin_samples_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
