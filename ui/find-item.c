#include "config.h"

#include "ui/find-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/outcome-words.h"
#include "ui/when.h"

struct _KelvinFindItem {
  GObject parent_instance;

  KelvinFindKind kind;
  char *title;
  char *subtitle; /* nullable */
  char *hint;
  char *folded_title;
  char *folded; /* all that words are looked for in */
  char *name;   /* nullable */
  KelvinOpenFunction *open_function;
  KelvinDocument *document;
  KelvinRun *run;
};

enum {
  PROP_TITLE = 1,
  PROP_SUBTITLE,
  PROP_HINT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinFindItem, kelvin_find_item, G_TYPE_OBJECT)

static void
kelvin_find_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinFindItem *self = KELVIN_FIND_ITEM (object);

  if (id == PROP_TITLE)
    g_value_set_string (value, self->title);
  else if (id == PROP_SUBTITLE)
    g_value_set_string (value, self->subtitle);
  else if (id == PROP_HINT)
    g_value_set_string (value, self->hint);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_find_item_finalize (GObject *object)
{
  KelvinFindItem *self = KELVIN_FIND_ITEM (object);

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->hint);
  g_free (self->folded_title);
  g_free (self->folded);
  g_free (self->name);
  g_clear_object (&self->open_function);
  g_clear_object (&self->document);
  g_clear_pointer (&self->run, kelvin_run_unref);

  G_OBJECT_CLASS (kelvin_find_item_parent_class)->finalize (object);
}

static void
kelvin_find_item_class_init (KelvinFindItemClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kelvin_find_item_get_property;
  object_class->finalize = kelvin_find_item_finalize;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  props[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_find_item_init (KelvinFindItem *self)
{
}

/* @subtitle: (transfer full) (nullable). @more: nullable, what it is found by and doesn't show. */
static KelvinFindItem *
create (KelvinFindKind kind, const char *title, char *subtitle, const char *hint, const char *more)
{
  KelvinFindItem *self = g_object_new (KELVIN_TYPE_FIND_ITEM, NULL);
  g_autofree char *all = g_strjoin (" ", title, hint, subtitle != NULL ? subtitle : "", more, NULL);

  self->kind = kind;
  self->title = g_strdup (title);
  self->subtitle = subtitle;
  self->hint = g_strdup (hint);
  self->folded_title = g_utf8_casefold (title, -1);
  self->folded = g_utf8_casefold (all, -1);
  return self;
}

KelvinFindItem *
kelvin_find_item_new_function (KelvinOpenFunction *open_function)
{
  KelvinFindItem *self =
      create (KELVIN_FIND_FUNCTION, kelvin_open_function_get_title (open_function),
              kelvin_open_function_dup_subtitle (open_function), _ ("function"),
              kelvin_open_function_get_dir (open_function));

  self->open_function = g_object_ref (open_function);
  return self;
}

KelvinFindItem *
kelvin_find_item_new_document (KelvinFindKind kind, KelvinOpenFunction *open_function,
                               KelvinDocument *document)
{
  KelvinFindItem *self = create (kind, kelvin_document_get_title (document),
                                 g_strdup (kelvin_open_function_get_title (open_function)),
                                 kind == KELVIN_FIND_FILE ? _ ("file") : _ ("event"), NULL);

  self->open_function = g_object_ref (open_function);
  self->document = g_object_ref (document);
  return self;
}

KelvinFindItem *
kelvin_find_item_new_page (KelvinFindKind kind, const char *name, const char *title,
                           KelvinOpenFunction *open_function)
{
  const char *about =
      open_function != NULL ? kelvin_open_function_get_title (open_function) : _ ("workbench");
  KelvinFindItem *self = create (kind, title, g_strdup (about), _ ("page"), NULL);

  self->name = g_strdup (name);
  g_set_object (&self->open_function, open_function);
  return self;
}

KelvinFindItem *
kelvin_find_item_new_action (const KelvinActionEntry *entry)
{
  g_autofree char *keys = kelvin_action_entry_dup_keys (entry);
  KelvinFindItem *self = create (KELVIN_FIND_ACTION, _ (entry->title), NULL,
                                 keys != NULL ? keys : _ ("action"), _ ("action"));

  self->name = g_strdup (entry->action);
  return self;
}

KelvinFindItem *
kelvin_find_item_new_run (KelvinRun *run, gint64 now_us)
{
  g_autofree char *when = kelvin_format_when (run->started_at_us, now_us);
  g_autofree char *result = kelvin_describe_run_result (run);
  g_autofree char *commit = kelvin_describe_commit (run);
  g_autofree char *title = g_strdup_printf ("%s, %s", kelvin_describe_run_kind (run->kind), when);
  g_autofree char *more = g_strjoin (" ", run->id, run->version, run->note, NULL);
  char *subtitle = g_strjoin (" · ", run->function_name, result, commit, NULL);
  KelvinFindItem *self = create (KELVIN_FIND_RUN, title, subtitle, _ ("run"), more);

  self->run = kelvin_run_ref (run);
  return self;
}

KelvinFindKind
kelvin_find_item_get_kind (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), KELVIN_FIND_ACTION);

  return self->kind;
}

const char *
kelvin_find_item_get_title (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), NULL);

  return self->title;
}

KelvinOpenFunction *
kelvin_find_item_get_open_function (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), NULL);

  return self->open_function;
}

KelvinDocument *
kelvin_find_item_get_document (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), NULL);

  return self->document;
}

const char *
kelvin_find_item_get_name (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), NULL);

  return self->name;
}

KelvinRun *
kelvin_find_item_get_run (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), NULL);

  return self->run;
}

char *
kelvin_find_item_describe (KelvinFindItem *self)
{
  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), NULL);

  if (self->subtitle == NULL)
    return g_strdup_printf ("%s, %s", self->title, self->hint);

  return g_strdup_printf ("%s, %s, %s", self->title, self->subtitle, self->hint);
}

/* A word that begins the title fits better than one within it, and that better than one elsewhere.
 */
static int
rank_word (KelvinFindItem *self, const char *word)
{
  if (g_str_has_prefix (self->folded_title, word))
    return 0;
  if (strstr (self->folded_title, word) != NULL)
    return 1;

  return strstr (self->folded, word) != NULL ? 2 : -1;
}

int
kelvin_find_item_rank (KelvinFindItem *self, const char *const *words)
{
  int rank = 0;

  g_return_val_if_fail (KELVIN_IS_FIND_ITEM (self), -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      int of_word = rank_word (self, words[i]);

      if (of_word < 0)
        return -1;
      rank += of_word;
    }

  return rank;
}
