#include "config.h"

#include "ui/page-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/code-page.h"
#include "ui/costs-page.h"
#include "ui/history-page.h"
#include "ui/load-page.h"
#include "ui/profile-page.h"

typedef struct {
  const char *name;
  const char *title;
  GtkWidget *(*create) (KelvinEngine *engine);
  void (*set_open_function) (GtkWidget *page, KelvinOpenFunction *open_function);
  GtkWidget *(*get_controls) (GtkWidget *page);          /* nullable */
  void (*set_narrow) (GtkWidget *page, gboolean narrow); /* nullable */
} PageKind;

struct _KelvinPageList {
  GObject parent_instance;

  GtkStack *stack; /* holds the list's life, not the other way round */
  KelvinEngine *engine;
  KelvinOpenFunction *open_function;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (KelvinPageList, kelvin_page_list, G_TYPE_OBJECT)

static void
set_code_function (GtkWidget *page, KelvinOpenFunction *open_function)
{
  kelvin_code_page_set_open_function (KELVIN_CODE_PAGE (page), open_function);
}

static GtkWidget *
get_code_controls (GtkWidget *page)
{
  return kelvin_code_page_get_header_controls (KELVIN_CODE_PAGE (page));
}

static void
set_code_narrow (GtkWidget *page, gboolean narrow)
{
  kelvin_code_page_set_narrow (KELVIN_CODE_PAGE (page), narrow);
}

/* The event that is chosen, and its name; NULL for none. */
static GBytes *
dup_event (KelvinOpenFunction *open_function, char **out_name)
{
  KelvinDocument *event = kelvin_open_function_get_event (open_function);

  if (event == NULL)
    return NULL;

  g_autofree char *text = kelvin_document_dup_text (event);
  *out_name = g_strdup_printf ("events/%s.json", kelvin_document_get_title (event));
  return g_bytes_new (text, strlen (text));
}

static void
set_profile_function (GtkWidget *page, KelvinOpenFunction *open_function)
{
  KelvinProfilePage *profile = KELVIN_PROFILE_PAGE (page);
  KelvinFunction *function =
      open_function != NULL ? kelvin_open_function_get_function (open_function) : NULL;

  if (function == NULL)
    {
      kelvin_profile_page_set_line_costs (profile, NULL);
      kelvin_profile_page_set_function (profile, NULL, NULL);
      return;
    }

  kelvin_profile_page_set_line_costs (profile, kelvin_open_function_get_line_costs (open_function));
  kelvin_profile_page_set_function (profile, kelvin_open_function_get_dir (open_function),
                                    function);
  g_autofree char *name = NULL;
  g_autoptr (GBytes) event = dup_event (open_function, &name);
  if (event != NULL)
    kelvin_profile_page_set_event (profile, event, name);
}

static GtkWidget *
get_profile_controls (GtkWidget *page)
{
  return kelvin_profile_page_get_header_controls (KELVIN_PROFILE_PAGE (page));
}

static void
set_profile_narrow (GtkWidget *page, gboolean narrow)
{
  kelvin_profile_page_set_narrow (KELVIN_PROFILE_PAGE (page), narrow);
}

static void
set_load_function (GtkWidget *page, KelvinOpenFunction *open_function)
{
  KelvinLoadPage *load = KELVIN_LOAD_PAGE (page);
  KelvinFunction *function =
      open_function != NULL ? kelvin_open_function_get_function (open_function) : NULL;

  if (function == NULL)
    {
      kelvin_load_page_set_function (load, NULL, NULL);
      return;
    }

  kelvin_load_page_set_function (load, kelvin_open_function_get_dir (open_function), function);
  g_autofree char *name = NULL;
  g_autoptr (GBytes) event = dup_event (open_function, &name);
  if (event != NULL)
    kelvin_load_page_set_event (load, event, name);
}

static GtkWidget *
get_load_controls (GtkWidget *page)
{
  return kelvin_load_page_get_header_controls (KELVIN_LOAD_PAGE (page));
}

static void
set_history_function (GtkWidget *page, KelvinOpenFunction *open_function)
{
  if (open_function != NULL)
    kelvin_history_page_set_function_name (KELVIN_HISTORY_PAGE (page),
                                           kelvin_open_function_get_title (open_function));
}

static void
set_history_narrow (GtkWidget *page, gboolean narrow)
{
  kelvin_history_page_set_narrow (KELVIN_HISTORY_PAGE (page), narrow);
}

static void
set_costs_function (GtkWidget *page, KelvinOpenFunction *open_function)
{
  KelvinFunction *function =
      open_function != NULL ? kelvin_open_function_get_function (open_function) : NULL;

  kelvin_costs_page_set_function (
      KELVIN_COSTS_PAGE (page),
      function != NULL ? kelvin_open_function_get_dir (open_function) : NULL, function);
}

/* One more page is one line here. */
static const PageKind kinds[] = {
  { "code", N_ ("Code"), kelvin_code_page_new, set_code_function, get_code_controls,
    set_code_narrow },
  { "profile", N_ ("Profile"), kelvin_profile_page_new, set_profile_function, get_profile_controls,
    set_profile_narrow },
  { "load", N_ ("Load"), kelvin_load_page_new, set_load_function, get_load_controls, NULL },
  { "history", N_ ("History"), kelvin_history_page_new, set_history_function, NULL,
    set_history_narrow },
  { "costs", N_ ("Costs"), kelvin_costs_page_new, set_costs_function, NULL, NULL },
};

static const PageKind *
find_kind (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      return &kinds[i];

  return NULL;
}

static AdwBin *
get_place (KelvinPageList *self, const char *name)
{
  return ADW_BIN (gtk_stack_get_child_by_name (self->stack, name));
}

/* The page that is shown knows the function; the others learn it when they are shown. */
static void
update_shown (KelvinPageList *self)
{
  const PageKind *kind = find_kind (gtk_stack_get_visible_child_name (self->stack));

  if (kind == NULL || self->open_function == NULL)
    return;

  AdwBin *place = get_place (self, kind->name);
  if (adw_bin_get_child (place) == NULL)
    adw_bin_set_child (place, kind->create (self->engine));
  kind->set_open_function (adw_bin_get_child (place), self->open_function);
  if (kind->set_narrow != NULL)
    kind->set_narrow (adw_bin_get_child (place), self->narrow);
}

static void
kelvin_page_list_finalize (GObject *object)
{
  KelvinPageList *self = KELVIN_PAGE_LIST (object);

  g_clear_object (&self->open_function);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (kelvin_page_list_parent_class)->finalize (object);
}

static void
kelvin_page_list_class_init (KelvinPageListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_page_list_finalize;
}

static void
kelvin_page_list_init (KelvinPageList *self)
{
}

KelvinPageList *
kelvin_page_list_new (GtkStack *stack, KelvinEngine *engine)
{
  KelvinPageList *self = g_object_new (KELVIN_TYPE_PAGE_LIST, NULL);

  self->stack = stack;
  self->engine = g_object_ref (engine);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_stack_add_titled (stack, adw_bin_new (), kinds[i].name, _ (kinds[i].title));
  g_signal_connect_object (stack, "notify::visible-child", G_CALLBACK (update_shown), self,
                           G_CONNECT_SWAPPED);
  return self;
}

static void
forget_function (KelvinPageList *self)
{
  if (self->open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->open_function, self);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkWidget *page = adw_bin_get_child (get_place (self, kinds[i].name));

      if (page != NULL)
        kinds[i].set_open_function (page, NULL);
    }
  g_clear_object (&self->open_function);
}

void
kelvin_page_list_set_open_function (KelvinPageList *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_PAGE_LIST (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (update_shown), self);
  g_signal_connect_swapped (open_function, "notify::event", G_CALLBACK (update_shown), self);
  update_shown (self);
}

void
kelvin_page_list_set_narrow (KelvinPageList *self, gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_PAGE_LIST (self));

  self->narrow = narrow;
  update_shown (self);
}

GtkWidget *
kelvin_page_list_show (KelvinPageList *self, const char *name)
{
  g_return_val_if_fail (KELVIN_IS_PAGE_LIST (self), NULL);

  if (find_kind (name) == NULL)
    return NULL;

  gtk_stack_set_visible_child_name (self->stack, name);
  update_shown (self);
  return adw_bin_get_child (get_place (self, name));
}

void
kelvin_page_list_show_nth (KelvinPageList *self, guint n)
{
  g_return_if_fail (KELVIN_IS_PAGE_LIST (self));

  if (n < G_N_ELEMENTS (kinds))
    kelvin_page_list_show (self, kinds[n].name);
}

gboolean
kelvin_page_list_get_nth (guint n, const char **out_name, const char **out_title)
{
  if (n >= G_N_ELEMENTS (kinds))
    return FALSE;

  *out_name = kinds[n].name;
  *out_title = _ (kinds[n].title);
  return TRUE;
}

GtkWidget *
kelvin_page_list_peek (KelvinPageList *self, const char *name)
{
  g_return_val_if_fail (KELVIN_IS_PAGE_LIST (self), NULL);

  return find_kind (name) != NULL ? adw_bin_get_child (get_place (self, name)) : NULL;
}

GtkWidget *
kelvin_page_list_get_controls (KelvinPageList *self)
{
  g_return_val_if_fail (KELVIN_IS_PAGE_LIST (self), NULL);

  const PageKind *kind = find_kind (gtk_stack_get_visible_child_name (self->stack));
  GtkWidget *page = kind != NULL ? adw_bin_get_child (get_place (self, kind->name)) : NULL;
  if (page == NULL || kind->get_controls == NULL)
    return NULL;

  return kind->get_controls (page);
}
