#include "config.h"

#include "ui/find-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/page-list.h"
#include "ui/workbench.h"

/* Older runs are found by the filter of the history, or by their id. */
#define MOST_RUNS 1000
#define SHORTEST_ID 8

struct _KelvinFindList {
  GObject parent_instance;

  /* of KelvinFindItem */
  GPtrArray *things; /* all but runs */
  GPtrArray *runs;
  GPtrArray *by_id;
  GPtrArray *shown; /* what fits, the best first */
  KelvinEngine *engine;
  char **words; /* casefolded */
  GCancellable *cancellable;
  GCancellable *id_cancellable;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KelvinFindList, kelvin_find_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
kelvin_find_list_get_item_type (GListModel *model)
{
  return KELVIN_TYPE_FIND_ITEM;
}

static guint
kelvin_find_list_get_n_items (GListModel *model)
{
  return KELVIN_FIND_LIST (model)->shown->len;
}

static gpointer
kelvin_find_list_get_item (GListModel *model, guint position)
{
  KelvinFindList *self = KELVIN_FIND_LIST (model);

  return position < self->shown->len ? g_object_ref (self->shown->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = kelvin_find_list_get_item_type;
  iface->get_n_items = kelvin_find_list_get_n_items;
  iface->get_item = kelvin_find_list_get_item;
}

/* Equal ones stay in the order in which they were gathered: the sort is stable. */
static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  KelvinFindList *self = data;
  KelvinFindItem *one = *(KelvinFindItem *const *) a;
  KelvinFindItem *other = *(KelvinFindItem *const *) b;
  int difference = kelvin_find_item_rank (one, (const char *const *) self->words) -
                   kelvin_find_item_rank (other, (const char *const *) self->words);

  if (difference == 0)
    difference = (int) kelvin_find_item_get_kind (one) - (int) kelvin_find_item_get_kind (other);
  return difference;
}

static void
add_fitting (KelvinFindList *self, GPtrArray *fitting, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (kelvin_find_item_rank (items->pdata[i], (const char *const *) self->words) >= 0)
      g_ptr_array_add (fitting, g_object_ref (items->pdata[i]));
}

/* A thousand items: looking through all of them takes less than a frame. */
static void
update_shown (KelvinFindList *self)
{
  guint removed = self->shown->len;
  GPtrArray *fitting = g_ptr_array_new_with_free_func (g_object_unref);

  add_fitting (self, fitting, self->things);
  add_fitting (self, fitting, self->by_id);
  add_fitting (self, fitting, self->runs);
  g_ptr_array_sort_with_data (fitting, compare, self);
  g_ptr_array_unref (self->shown);
  self->shown = fitting;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, fitting->len);
}

static void
take (GPtrArray *items, KelvinFindItem *item)
{
  g_ptr_array_add (items, item);
}

static void
add_documents (GPtrArray *items, KelvinFindKind kind, KelvinOpenFunction *open_function,
               KelvinDocumentSet *documents)
{
  for (guint i = 0; i < kelvin_document_set_get_size (documents); i++)
    take (items, kelvin_find_item_new_document (kind, open_function,
                                                kelvin_document_set_get (documents, i)));
}

static void
add_functions (GPtrArray *items, GListModel *functions)
{
  guint n = g_list_model_get_n_items (functions);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KelvinOpenFunction) open_function = g_list_model_get_item (functions, i);

      take (items, kelvin_find_item_new_function (open_function));
      add_documents (items, KELVIN_FIND_FILE, open_function,
                     kelvin_open_function_get_code (open_function));
      add_documents (items, KELVIN_FIND_EVENT, open_function,
                     kelvin_open_function_get_events (open_function));
    }
}

static void
add_pages (GPtrArray *items, KelvinOpenFunction *selected)
{
  const char *name, *title;

  for (guint i = 0; selected != NULL && kelvin_page_list_get_nth (i, &name, &title); i++)
    take (items, kelvin_find_item_new_page (KELVIN_FIND_PAGE, name, title, selected));
  for (guint i = 0; i < kelvin_workbench_get_n_pages (); i++)
    {
      const KelvinWorkbenchPage *page = kelvin_workbench_get_page (i);

      take (items, kelvin_find_item_new_page (KELVIN_FIND_WORKBENCH_PAGE, page->name,
                                              _ (page->title), NULL));
    }
}

static gboolean
is_offered (const KelvinActionEntry *entry, KelvinOpenFunction *selected, gboolean running)
{
  /* pages are found by their names, and looking for what is being looked for leads nowhere */
  if (entry->action == NULL || g_str_has_prefix (entry->action, "win.page") ||
      g_str_equal (entry->action, "win.find"))
    return FALSE;
  if (entry->need == KELVIN_NEEDS_FUNCTION)
    return selected != NULL;

  return entry->need != KELVIN_NEEDS_A_RUN || running;
}

static void
add_actions (GPtrArray *items, KelvinOpenFunction *selected, gboolean running)
{
  for (guint i = 0; i < kelvin_action_table_get_size (); i++)
    {
      const KelvinActionEntry *entry = kelvin_action_table_get (i);

      if (is_offered (entry, selected, running))
        take (items, kelvin_find_item_new_action (entry));
    }
}

static void
runs_listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinFindList) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs =
      kelvin_store_list_runs_finish (KELVIN_STORE (source), result, NULL, &error);

  if (runs == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("%s", error->message);
      return;
    }

  g_ptr_array_set_size (self->runs, 0);
  for (guint i = 0; i < runs->len; i++)
    take (self->runs, kelvin_find_item_new_run (runs->pdata[i], g_get_real_time ()));
  update_shown (self);
}

static void
list_runs (KelvinFindList *self)
{
  const KelvinRunFilter filter = { .since_us = -1, .until_us = -1, .limit = MOST_RUNS };
  KelvinStore *store = kelvin_engine_get_store (self->engine);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (store == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  kelvin_store_list_runs_async (store, &filter, self->cancellable, runs_listed_cb,
                                g_object_ref (self));
}

static gboolean
is_known (KelvinFindList *self, const char *id)
{
  for (guint i = 0; i < self->runs->len; i++)
    if (g_str_equal (kelvin_find_item_get_run (self->runs->pdata[i])->id, id))
      return TRUE;

  return FALSE;
}

/* No run of that id is no error: the words may be something else. */
static void
run_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinFindList) self = data;
  g_autoptr (KelvinRun) run = kelvin_store_get_run_finish (KELVIN_STORE (source), result, NULL);

  if (run == NULL || is_known (self, run->id))
    return;

  take (self->by_id, kelvin_find_item_new_run (run, g_get_real_time ()));
  update_shown (self);
}

static void
look_up_id (KelvinFindList *self, const char *text)
{
  KelvinStore *store = kelvin_engine_get_store (self->engine);

  g_cancellable_cancel (self->id_cancellable);
  g_clear_object (&self->id_cancellable);
  g_ptr_array_set_size (self->by_id, 0);
  if (store == NULL || strlen (text) < SHORTEST_ID ||
      strspn (text, "0123456789abcdefABCDEF-") != strlen (text))
    return;

  self->id_cancellable = g_cancellable_new ();
  kelvin_store_get_run_async (store, text, self->id_cancellable, run_read_cb, g_object_ref (self));
}

static void
kelvin_find_list_dispose (GObject *object)
{
  KelvinFindList *self = KELVIN_FIND_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_cancellable_cancel (self->id_cancellable);
  g_clear_object (&self->id_cancellable);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (kelvin_find_list_parent_class)->dispose (object);
}

static void
kelvin_find_list_finalize (GObject *object)
{
  KelvinFindList *self = KELVIN_FIND_LIST (object);

  g_ptr_array_unref (self->shown);
  g_ptr_array_unref (self->things);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->by_id);
  g_strfreev (self->words);

  G_OBJECT_CLASS (kelvin_find_list_parent_class)->finalize (object);
}

static void
kelvin_find_list_class_init (KelvinFindListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kelvin_find_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = kelvin_find_list_finalize;
}

static void
kelvin_find_list_init (KelvinFindList *self)
{
  self->words = g_new0 (char *, 1);
  self->things = g_ptr_array_new_with_free_func (g_object_unref);
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
}

KelvinFindList *
kelvin_find_list_new (KelvinEngine *engine)
{
  KelvinFindList *self = g_object_new (KELVIN_TYPE_FIND_LIST, NULL);

  self->engine = g_object_ref (engine);
  return self;
}

void
kelvin_find_list_gather (KelvinFindList *self, GListModel *functions, KelvinOpenFunction *selected,
                         gboolean running)
{
  g_return_if_fail (KELVIN_IS_FIND_LIST (self));

  g_ptr_array_set_size (self->things, 0);
  add_functions (self->things, functions);
  add_pages (self->things, selected);
  add_actions (self->things, selected, running);
  update_shown (self);
  list_runs (self);
}

void
kelvin_find_list_clear (KelvinFindList *self)
{
  g_return_if_fail (KELVIN_IS_FIND_LIST (self));

  g_cancellable_cancel (self->cancellable);
  g_ptr_array_set_size (self->things, 0);
  g_ptr_array_set_size (self->runs, 0);
  look_up_id (self, "");
  update_shown (self);
}

void
kelvin_find_list_search (KelvinFindList *self, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_return_if_fail (KELVIN_IS_FIND_LIST (self));

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);
  g_strfreev (self->words);
  self->words = g_strv_builder_end (words);
  look_up_id (self, text);
  update_shown (self);
}
