#include "config.h"

#include "ui/document-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define LARGEST_FILE (8 * 1024 * 1024)

typedef struct {
  char *path;
  char *drafts_dir;
  char *etag; /* nullable */
  char *text;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_free (job->drafts_dir);
  g_free (job->etag);
  g_free (job->text);
  g_free (job);
}

void
kelvin_document_file_free (KelvinDocumentFile *self)
{
  g_free (self->text);
  g_free (self->etag);
  g_clear_pointer (&self->draft, kelvin_draft_free);
  g_free (self);
}

static gboolean
check_size (GFile *file, const char *path, GError **error)
{
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (info == NULL || g_file_info_get_size (info) <= LARGEST_FILE)
    return TRUE;

  g_set_error (error, KELVIN_DOCUMENT_ERROR, KELVIN_DOCUMENT_ERROR_TOO_LARGE,
               _ ("%s is larger than the 8 MB that the editor opens"), path);
  return FALSE;
}

static gboolean
read_text (const char *path, char **out_text, char **out_etag, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) reason = NULL;
  gsize length = 0;

  if (!check_size (file, path, error))
    return FALSE;

  if (!g_file_load_contents (file, NULL, out_text, &length, out_etag, &reason))
    {
      if (!g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }

      *out_text = g_strdup ("");
      *out_etag = g_strdup ("");
      return TRUE;
    }

  if (memchr (*out_text, '\0', length) == NULL && g_utf8_validate (*out_text, length, NULL))
    return TRUE;

  g_set_error (error, KELVIN_DOCUMENT_ERROR, KELVIN_DOCUMENT_ERROR_NOT_TEXT,
               _ ("%s isn't text in UTF-8, so the editor doesn't open it"), path);
  return FALSE;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (KelvinDocumentFile) file = g_new0 (KelvinDocumentFile, 1);
  GError *error = NULL;

  if (!read_text (job->path, &file->text, &file->etag, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  file->draft = kelvin_draft_read (job->drafts_dir, job->path);
  if (file->draft != NULL && g_str_equal (file->draft->text, file->text))
    {
      kelvin_draft_remove (job->drafts_dir, job->path);
      g_clear_pointer (&file->draft, kelvin_draft_free);
    }
  g_task_return_pointer (task, g_steal_pointer (&file), (GDestroyNotify) kelvin_document_file_free);
}

void
kelvin_document_file_read_async (const char *path, const char *drafts_dir,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  job->drafts_dir = g_strdup (drafts_dir);
  g_task_set_source_tag (task, kelvin_document_file_read_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, read_in_thread);
}

KelvinDocumentFile *
kelvin_document_file_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
make_folder_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("%s can't be made: %s"), folder,
               g_strerror (errno));
  return FALSE;
}

static gboolean
is_as_expected (const Job *job, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *etag = NULL;

  if (job->etag == NULL || !read_text (job->path, &text, &etag, NULL) ||
      g_str_equal (etag, job->etag))
    return TRUE;

  g_set_error (error, KELVIN_DOCUMENT_ERROR, KELVIN_DOCUMENT_ERROR_CHANGED,
               _ ("%s was changed by another program since it was read"), job->path);
  return FALSE;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (GFile) file = g_file_new_for_path (job->path);
  g_autofree char *etag = NULL;
  GError *error = NULL;

  /* replace_contents writes a new file beside it and renames, and keeps owner and mode */
  if (!is_as_expected (job, &error) || !make_folder_of (job->path, &error) ||
      !g_file_replace_contents (file, job->text, strlen (job->text), NULL, FALSE,
                                G_FILE_CREATE_NONE, &etag, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_pointer (task, g_steal_pointer (&etag), g_free);
}

void
kelvin_document_file_write_async (const char *path, const char *etag, const char *text,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (path);
  job->etag = g_strdup (etag);
  job->text = g_strdup (text);
  g_task_set_source_tag (task, kelvin_document_file_write_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_in_thread);
}

char *
kelvin_document_file_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
