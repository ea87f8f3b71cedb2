#include "config.h"

#include "ui/run-list.h"

#define PAGE 100

struct _KelvinRunItem {
  GObject parent_instance;

  KelvinRun *run;
};

G_DEFINE_FINAL_TYPE (KelvinRunItem, kelvin_run_item, G_TYPE_OBJECT)

struct _KelvinRunList {
  GObject parent_instance;

  GPtrArray *runs; /* of KelvinRun */
  KelvinStore *store;
  KelvinRunQuery *query;
  GCancellable *cancellable; /* not NULL: a page is on its way */
  char *next;                /* cursor; NULL: there is no more */
  char *problem;
  gboolean fresh; /* the next page replaces what is there */
};

enum {
  PROP_LOADING = 1,
  PROP_PROBLEM,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KelvinRunList, kelvin_run_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
kelvin_run_item_finalize (GObject *object)
{
  kelvin_run_unref (KELVIN_RUN_ITEM (object)->run);

  G_OBJECT_CLASS (kelvin_run_item_parent_class)->finalize (object);
}

static void
kelvin_run_item_class_init (KelvinRunItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_run_item_finalize;
}

static void
kelvin_run_item_init (KelvinRunItem *self)
{
}

KelvinRun *
kelvin_run_item_get_run (KelvinRunItem *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_ITEM (self), NULL);

  return self->run;
}

static GType
kelvin_run_list_get_item_type (GListModel *model)
{
  return KELVIN_TYPE_RUN_ITEM;
}

static guint
kelvin_run_list_get_n_items (GListModel *model)
{
  return KELVIN_RUN_LIST (model)->runs->len;
}

static gpointer
kelvin_run_list_get_item (GListModel *model, guint position)
{
  KelvinRunList *self = KELVIN_RUN_LIST (model);
  KelvinRunItem *item;

  if (position >= self->runs->len)
    return NULL;

  item = g_object_new (KELVIN_TYPE_RUN_ITEM, NULL);
  item->run = kelvin_run_ref (g_ptr_array_index (self->runs, position));
  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = kelvin_run_list_get_item_type;
  iface->get_n_items = kelvin_run_list_get_n_items;
  iface->get_item = kelvin_run_list_get_item;
}

/* One signal for a page. */
static void
take_page (KelvinRunList *self, GPtrArray *page)
{
  guint removed = self->fresh ? self->runs->len : 0;
  guint position;

  if (self->fresh)
    g_ptr_array_set_size (self->runs, 0);
  self->fresh = FALSE;
  position = self->runs->len;
  for (guint i = 0; i < page->len; i++)
    if (kelvin_run_query_matches (self->query, g_ptr_array_index (page, i)))
      g_ptr_array_add (self->runs, kelvin_run_ref (g_ptr_array_index (page, i)));

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, self->runs->len - position);
}

static void
set_problem (KelvinRunList *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static void
page_listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinRunList) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) page =
      kelvin_store_list_runs_finish (KELVIN_STORE (source), result, &next, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another search has begun */

  g_clear_object (&self->cancellable);
  set_problem (self, error != NULL ? error->message : NULL);
  if (page != NULL)
    {
      guint before = self->fresh ? 0 : self->runs->len;

      g_free (self->next);
      self->next = g_steal_pointer (&next);
      take_page (self, page);
      /* a page of which the words leave nothing is no page */
      if (self->runs->len == before)
        kelvin_run_list_load_more (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

static void
load_page (KelvinRunList *self)
{
  KelvinRunFilter filter = kelvin_run_query_to_filter (self->query);

  filter.limit = PAGE;
  filter.after = self->next;

  self->cancellable = g_cancellable_new ();
  kelvin_store_list_runs_async (self->store, &filter, self->cancellable, page_listed_cb,
                                g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

static void
kelvin_run_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinRunList *self = KELVIN_RUN_LIST (object);

  if (id == PROP_LOADING)
    g_value_set_boolean (value, self->cancellable != NULL);
  else if (id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_run_list_finalize (GObject *object)
{
  KelvinRunList *self = KELVIN_RUN_LIST (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_clear_pointer (&self->query, kelvin_run_query_free);
  g_ptr_array_unref (self->runs);
  g_free (self->next);
  g_free (self->problem);

  G_OBJECT_CLASS (kelvin_run_list_parent_class)->finalize (object);
}

static void
kelvin_run_list_class_init (KelvinRunListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kelvin_run_list_get_property;
  object_class->finalize = kelvin_run_list_finalize;

  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_PROBLEM] =
      g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_run_list_init (KelvinRunList *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_run_unref);
}

KelvinRunList *
kelvin_run_list_new (void)
{
  return g_object_new (KELVIN_TYPE_RUN_LIST, NULL);
}

void
kelvin_run_list_search (KelvinRunList *self, KelvinStore *store, KelvinRunQuery *query)
{
  g_return_if_fail (KELVIN_IS_RUN_LIST (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->query, kelvin_run_query_free);
  g_clear_pointer (&self->next, g_free);
  g_set_object (&self->store, store);
  self->query = query;
  self->fresh = TRUE;
  load_page (self);
}

void
kelvin_run_list_load_more (KelvinRunList *self)
{
  g_return_if_fail (KELVIN_IS_RUN_LIST (self));

  if (self->next != NULL && self->cancellable == NULL)
    load_page (self);
}

gboolean
kelvin_run_list_has_more (KelvinRunList *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_LIST (self), FALSE);

  return self->next != NULL;
}

gboolean
kelvin_run_list_is_loading (KelvinRunList *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_LIST (self), FALSE);

  return self->cancellable != NULL;
}

const char *
kelvin_run_list_get_problem (KelvinRunList *self)
{
  g_return_val_if_fail (KELVIN_IS_RUN_LIST (self), NULL);

  return self->problem;
}
