#include "config.h"

#include "ui/document.h"

#include <glib/gi18n-lib.h>

#include "ui/document-file.h"
#include "ui/draft-keeper.h"

struct _KelvinDocument {
  GObject parent_instance;

  char *path;
  char *title;
  char *drafts_dir;
  GtkSourceBuffer *buffer;
  char *etag; /* of the file as it was read or written last; NULL: overwrite whatever is there */
  char *problem;
  KelvinNotice notice;
  KelvinDraftKeeper *keeper;
  gboolean loading;
  gboolean loaded;
};

enum {
  PROP_MODIFIED = 1,
  PROP_NOTICE,
  PROP_LOADED,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinDocument, kelvin_document, G_TYPE_OBJECT)
G_DEFINE_QUARK (kelvin - document - error - quark, kelvin_document_error)
G_DEFINE_ENUM_TYPE (KelvinNotice, kelvin_notice, G_DEFINE_ENUM_VALUE (KELVIN_NOTICE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (KELVIN_NOTICE_RESTORED, "restored"),
                    G_DEFINE_ENUM_VALUE (KELVIN_NOTICE_RESTORED_STALE, "restored-stale"),
                    G_DEFINE_ENUM_VALUE (KELVIN_NOTICE_CHANGED, "changed"),
                    G_DEFINE_ENUM_VALUE (KELVIN_NOTICE_UNREADABLE, "unreadable"))

static void
set_notice (KelvinDocument *self, KelvinNotice notice)
{
  if (self->notice == notice)
    return;

  self->notice = notice;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NOTICE]);
}

static void
set_etag (KelvinDocument *self, const char *etag)
{
  g_free (self->etag);
  self->etag = g_strdup (etag);
}

static void
changed_cb (KelvinDocument *self)
{
  if (self->loading || !self->loaded)
    return;

  kelvin_draft_keeper_touch (self->keeper);
}

static void
modified_changed_cb (KelvinDocument *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MODIFIED]);
  if (self->loaded && !self->loading && !kelvin_document_is_modified (self))
    kelvin_draft_keeper_touch (self->keeper);
}

static KelvinDraft *
create_draft (gpointer data)
{
  KelvinDocument *self = data;

  if (!kelvin_document_is_modified (self))
    return NULL;

  g_autofree char *text = kelvin_document_dup_text (self);
  return kelvin_draft_new (self->path, self->etag, text);
}

static void
fill_buffer (KelvinDocument *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start;

  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  gtk_text_buffer_set_modified (buffer, FALSE);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
}

static void
take_file (KelvinDocument *self, KelvinDocumentFile *file)
{
  KelvinNotice notice = KELVIN_NOTICE_NONE;

  set_etag (self, file->etag);
  fill_buffer (self, file->text);
  if (file->draft != NULL)
    {
      gboolean stale = !g_str_equal (file->draft->etag, file->etag);

      /* on top of what is saved, so that undo leads back to it */
      kelvin_document_set_text (self, file->draft->text);
      notice = stale ? KELVIN_NOTICE_RESTORED_STALE : KELVIN_NOTICE_RESTORED;
    }
  set_notice (self, notice);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinDocument) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinDocumentFile) file = kelvin_document_file_read_finish (result, &error);

  g_clear_pointer (&self->problem, g_free);
  if (file != NULL)
    take_file (self, file);
  else
    {
      self->problem = g_strdup (error->message);
      set_notice (self, KELVIN_NOTICE_UNREADABLE);
    }

  self->loading = FALSE;
  self->loaded = file != NULL;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
}

static void
read_file (KelvinDocument *self)
{
  if (self->loading)
    return;

  self->loading = TRUE;
  kelvin_document_file_read_async (self->path, self->drafts_dir, NULL, read_cb,
                                   g_object_ref (self));
}

/* The file as it is now, without a draft. */
static void
read_again_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinDocument) self = data;
  g_autoptr (KelvinDocumentFile) file = kelvin_document_file_read_finish (result, NULL);

  self->loading = FALSE;
  if (file == NULL || kelvin_document_is_modified (self))
    return;

  set_etag (self, file->etag);
  fill_buffer (self, file->text);
  set_notice (self, KELVIN_NOTICE_NONE);
}

static void
read_again (KelvinDocument *self)
{
  if (self->loading)
    return;

  self->loading = TRUE;
  kelvin_document_file_read_async (self->path, self->drafts_dir, NULL, read_again_cb,
                                   g_object_ref (self));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinDocument) self = data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);
  const char *etag = info != NULL ? g_file_info_get_etag (info) : "";

  if (self->etag == NULL || g_strcmp0 (etag, self->etag) == 0)
    return;

  if (!kelvin_document_is_modified (self))
    read_again (self);
  else
    set_notice (self, KELVIN_NOTICE_CHANGED);
}

static void
kelvin_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinDocument *self = KELVIN_DOCUMENT (object);

  if (id == PROP_MODIFIED)
    g_value_set_boolean (value, kelvin_document_is_modified (self));
  else if (id == PROP_NOTICE)
    g_value_set_enum (value, self->notice);
  else if (id == PROP_LOADED)
    g_value_set_boolean (value, self->loaded);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_document_finalize (GObject *object)
{
  KelvinDocument *self = KELVIN_DOCUMENT (object);

  g_signal_handlers_disconnect_by_data (self->buffer, self);
  kelvin_draft_keeper_end (self->keeper);
  g_object_unref (self->buffer);
  g_free (self->path);
  g_free (self->title);
  g_free (self->drafts_dir);
  g_free (self->etag);
  g_free (self->problem);

  G_OBJECT_CLASS (kelvin_document_parent_class)->finalize (object);
}

static void
kelvin_document_class_init (KelvinDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kelvin_document_get_property;
  object_class->finalize = kelvin_document_finalize;

  props[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_NOTICE] =
      g_param_spec_enum ("notice", NULL, NULL, KELVIN_TYPE_NOTICE, KELVIN_NOTICE_NONE,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_LOADED] =
      g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_document_init (KelvinDocument *self)
{
  self->buffer = gtk_source_buffer_new (NULL);
  gtk_source_buffer_set_implicit_trailing_newline (self->buffer, FALSE);
  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (self->buffer, "modified-changed", G_CALLBACK (modified_changed_cb),
                            self);
}

KelvinDocument *
kelvin_document_new (const char *path, const char *title, const char *drafts_dir)
{
  KelvinDocument *self = g_object_new (KELVIN_TYPE_DOCUMENT, NULL);

  self->path = g_strdup (path);
  self->title = g_strdup (title);
  self->drafts_dir = g_strdup (drafts_dir);
  self->keeper = kelvin_draft_keeper_new (drafts_dir, path, create_draft, self);
  return self;
}

void
kelvin_document_find_language (KelvinDocument *self)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  if (gtk_source_buffer_get_language (self->buffer) == NULL)
    gtk_source_buffer_set_language (
        self->buffer, gtk_source_language_manager_guess_language (languages, self->title, NULL));
}

const char *
kelvin_document_get_path (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), NULL);

  return self->path;
}

const char *
kelvin_document_get_title (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), NULL);

  return self->title;
}

GtkSourceBuffer *
kelvin_document_get_buffer (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), NULL);

  return self->buffer;
}

char *
kelvin_document_dup_text (KelvinDocument *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), NULL);

  gtk_text_buffer_get_bounds (GTK_TEXT_BUFFER (self->buffer), &start, &end);
  return gtk_text_buffer_get_text (GTK_TEXT_BUFFER (self->buffer), &start, &end, TRUE);
}

gboolean
kelvin_document_is_loaded (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), FALSE);

  return self->loaded;
}

gboolean
kelvin_document_is_modified (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), FALSE);

  return gtk_text_buffer_get_modified (GTK_TEXT_BUFFER (self->buffer));
}

KelvinNotice
kelvin_document_get_notice (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), KELVIN_NOTICE_NONE);

  return self->notice;
}

const char *
kelvin_document_get_problem (KelvinDocument *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT (self), NULL);

  return self->problem;
}

void
kelvin_document_load (KelvinDocument *self)
{
  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  if (!self->loaded)
    read_file (self);
}

void
kelvin_document_revert (KelvinDocument *self)
{
  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  gtk_text_buffer_set_modified (GTK_TEXT_BUFFER (self->buffer), FALSE);
  set_notice (self, KELVIN_NOTICE_NONE);
  read_again (self);
}

void
kelvin_document_check_file (KelvinDocument *self)
{
  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  if (!self->loaded)
    return;

  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_ETAG_VALUE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, NULL, checked_cb, g_object_ref (self));
}

void
kelvin_document_dismiss_notice (KelvinDocument *self)
{
  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  if (self->notice == KELVIN_NOTICE_CHANGED)
    g_clear_pointer (&self->etag, g_free);
  set_notice (self, KELVIN_NOTICE_NONE);
}

void
kelvin_document_set_text (KelvinDocument *self, const char *text)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextIter start, end;

  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (buffer);
}

void
kelvin_document_begin_with (KelvinDocument *self, const char *text)
{
  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  set_etag (self, "");
  self->loaded = TRUE;
  kelvin_document_set_text (self, text);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  KelvinDocument *self = g_task_get_source_object (task);
  const char *written = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *etag = kelvin_document_file_write_finish (result, &error);

  if (etag == NULL)
    {
      if (g_error_matches (error, KELVIN_DOCUMENT_ERROR, KELVIN_DOCUMENT_ERROR_CHANGED))
        set_notice (self, KELVIN_NOTICE_CHANGED);
      g_task_return_error (task, error);
      return;
    }

  g_autofree char *text = kelvin_document_dup_text (self);
  set_etag (self, etag);
  set_notice (self, KELVIN_NOTICE_NONE);
  /* typing may have gone on while the file was written */
  if (g_str_equal (text, written))
    gtk_text_buffer_set_modified (GTK_TEXT_BUFFER (self->buffer), FALSE);
  g_task_return_boolean (task, TRUE);
}

void
kelvin_document_save_async (KelvinDocument *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_DOCUMENT (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_document_save_async);
  if (!kelvin_document_is_modified (self))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  char *text = kelvin_document_dup_text (self);
  g_task_set_task_data (task, text, g_free);
  kelvin_document_file_write_async (self->path, self->etag, text, cancellable, written_cb,
                                    g_steal_pointer (&task));
}

gboolean
kelvin_document_save_finish (KelvinDocument *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
