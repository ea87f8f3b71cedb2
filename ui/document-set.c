#include "config.h"

#include "ui/document-set.h"

struct _KelvinDocumentSet {
  GObject parent_instance;

  char *drafts_dir;
  GListStore *documents;
};

enum {
  PROP_MODIFIED = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinDocumentSet, kelvin_document_set, G_TYPE_OBJECT)

static void
modified_cb (KelvinDocumentSet *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MODIFIED]);
}

static KelvinDocument *
create_document (KelvinDocumentSet *self, const char *path, const char *title)
{
  KelvinDocument *document = kelvin_document_new (path, title, self->drafts_dir);

  g_signal_connect_object (document, "notify::modified", G_CALLBACK (modified_cb), self,
                           G_CONNECT_SWAPPED);
  return document;
}

static void
kelvin_document_set_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_MODIFIED)
    g_value_set_boolean (value, kelvin_document_set_is_modified (KELVIN_DOCUMENT_SET (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_document_set_finalize (GObject *object)
{
  KelvinDocumentSet *self = KELVIN_DOCUMENT_SET (object);

  g_clear_object (&self->documents);
  g_free (self->drafts_dir);

  G_OBJECT_CLASS (kelvin_document_set_parent_class)->finalize (object);
}

static void
kelvin_document_set_class_init (KelvinDocumentSetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kelvin_document_set_get_property;
  object_class->finalize = kelvin_document_set_finalize;

  props[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_document_set_init (KelvinDocumentSet *self)
{
  self->documents = g_list_store_new (KELVIN_TYPE_DOCUMENT);
}

KelvinDocumentSet *
kelvin_document_set_new (const char *drafts_dir)
{
  KelvinDocumentSet *self = g_object_new (KELVIN_TYPE_DOCUMENT_SET, NULL);

  self->drafts_dir = g_strdup (drafts_dir);
  return self;
}

GListModel *
kelvin_document_set_get_model (KelvinDocumentSet *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT_SET (self), NULL);

  return G_LIST_MODEL (self->documents);
}

guint
kelvin_document_set_get_size (KelvinDocumentSet *self)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT_SET (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->documents));
}

KelvinDocument *
kelvin_document_set_get (KelvinDocumentSet *self, guint position)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT_SET (self), NULL);

  g_autoptr (KelvinDocument) document =
      g_list_model_get_item (G_LIST_MODEL (self->documents), position);
  return document; /* the store holds it */
}

KelvinDocument *
kelvin_document_set_find (KelvinDocumentSet *self, const char *title)
{
  guint n = kelvin_document_set_get_size (self);

  for (guint i = 0; i < n; i++)
    {
      KelvinDocument *document = kelvin_document_set_get (self, i);

      if (g_str_equal (kelvin_document_get_title (document), title))
        return document;
    }

  return NULL;
}

KelvinDocument *
kelvin_document_set_add (KelvinDocumentSet *self, const char *path, const char *title)
{
  g_return_val_if_fail (KELVIN_IS_DOCUMENT_SET (self), NULL);

  g_autoptr (KelvinDocument) document = create_document (self, path, title);
  g_list_store_append (self->documents, document);
  return document; /* the store holds it */
}

static void
take_others (KelvinDocumentSet *self, const char *const *titles, GPtrArray *arranged)
{
  guint n = kelvin_document_set_get_size (self);

  for (guint i = 0; i < n; i++)
    {
      KelvinDocument *document = kelvin_document_set_get (self, i);

      if (!g_strv_contains (titles, kelvin_document_get_title (document)) &&
          kelvin_document_is_modified (document))
        g_ptr_array_add (arranged, g_object_ref (document));
    }
}

static gboolean
is_arranged (KelvinDocumentSet *self, GPtrArray *arranged)
{
  if (kelvin_document_set_get_size (self) != arranged->len)
    return FALSE;

  for (guint i = 0; i < arranged->len; i++)
    if (kelvin_document_set_get (self, i) != g_ptr_array_index (arranged, i))
      return FALSE;

  return TRUE;
}

void
kelvin_document_set_arrange (KelvinDocumentSet *self, const char *dir, const char *const *titles,
                             const char *ending)
{
  g_autoptr (GPtrArray) arranged = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (KELVIN_IS_DOCUMENT_SET (self));

  for (guint i = 0; titles[i] != NULL; i++)
    {
      KelvinDocument *known = kelvin_document_set_find (self, titles[i]);
      g_autofree char *path = g_strconcat (dir, "/", titles[i], ending, NULL);

      g_ptr_array_add (arranged, known != NULL ? g_object_ref (known)
                                               : create_document (self, path, titles[i]));
    }
  take_others (self, titles, arranged);

  /* what is shown isn't disturbed where nothing changed */
  if (!is_arranged (self, arranged))
    g_list_store_splice (self->documents, 0, kelvin_document_set_get_size (self), arranged->pdata,
                         arranged->len);
}

gboolean
kelvin_document_set_is_modified (KelvinDocumentSet *self)
{
  guint n = kelvin_document_set_get_size (self);

  for (guint i = 0; i < n; i++)
    if (kelvin_document_is_modified (kelvin_document_set_get (self, i)))
      return TRUE;

  return FALSE;
}

void
kelvin_document_set_revert (KelvinDocumentSet *self)
{
  guint n = kelvin_document_set_get_size (self);

  for (guint i = 0; i < n; i++)
    if (kelvin_document_is_modified (kelvin_document_set_get (self, i)))
      kelvin_document_revert (kelvin_document_set_get (self, i));
}

void
kelvin_document_set_check_files (KelvinDocumentSet *self)
{
  guint n = kelvin_document_set_get_size (self);

  for (guint i = 0; i < n; i++)
    kelvin_document_check_file (kelvin_document_set_get (self, i));
}

typedef struct {
  guint pending;
  GError *error; /* the first */
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_clear_error (&saving->error);
  g_free (saving);
}

static void
end_one (GTask *task)
{
  Saving *saving = g_task_get_task_data (task);

  if (--saving->pending > 0)
    return;

  if (saving->error != NULL)
    g_task_return_error (task, g_steal_pointer (&saving->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Saving *saving = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!kelvin_document_save_finish (KELVIN_DOCUMENT (source), result, &error) &&
      saving->error == NULL)
    saving->error = g_steal_pointer (&error);
  end_one (task);
}

void
kelvin_document_set_save_async (KelvinDocumentSet *self, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Saving *saving = g_new0 (Saving, 1);
  guint n = kelvin_document_set_get_size (self);

  g_task_set_source_tag (task, kelvin_document_set_save_async);
  g_task_set_task_data (task, saving, saving_free);
  saving->pending = 1;
  for (guint i = 0; i < n; i++)
    {
      saving->pending++;
      kelvin_document_save_async (kelvin_document_set_get (self, i), NULL, saved_cb,
                                  g_object_ref (task));
    }
  end_one (task);
}

gboolean
kelvin_document_set_save_finish (KelvinDocumentSet *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
