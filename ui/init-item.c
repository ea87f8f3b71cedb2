#include "config.h"

#include "ui/init-item.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _KelvinInitItem {
  GObject parent_instance;

  char *name;
  char *origin;
  char *file;
  guint line;
  double self_ms;
  double whole_ms;
  double share;
  KelvinInitPartKind kind;
};

G_DEFINE_FINAL_TYPE (KelvinInitItem, kelvin_init_item, G_TYPE_OBJECT)

static void
kelvin_init_item_finalize (GObject *object)
{
  KelvinInitItem *self = KELVIN_INIT_ITEM (object);

  g_free (self->name);
  g_free (self->origin);
  g_free (self->file);

  G_OBJECT_CLASS (kelvin_init_item_parent_class)->finalize (object);
}

static void
kelvin_init_item_class_init (KelvinInitItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_init_item_finalize;
}

static void
kelvin_init_item_init (KelvinInitItem *self)
{
}

KelvinInitItem *
kelvin_init_item_new (const KelvinInitPart *part, double share)
{
  KelvinInitItem *self = g_object_new (KELVIN_TYPE_INIT_ITEM, NULL);

  self->name = g_strdup (part->name);
  self->origin = kelvin_init_part_describe_origin (part);
  self->file = g_strdup (part->file);
  self->line = part->line;
  self->self_ms = part->self_ms;
  self->whole_ms = part->end_ms - part->start_ms;
  self->share = share;
  self->kind = part->kind;
  return self;
}

char *
kelvin_init_part_describe_origin (const KelvinInitPart *part)
{
  if (part->kind == KELVIN_INIT_PART_OWN_CODE && part->last_line == 0)
    /* Translators: code of the person's own, from a line to the end of its file */
    return g_strdup_printf (_ ("yours, from line %u on"), part->line);
  if (part->kind == KELVIN_INIT_PART_OWN_CODE && part->last_line > part->line)
    return g_strdup_printf (_ ("yours, lines %u–%u"), part->line, part->last_line);
  if (part->file != NULL)
    /* Translators: the line of the person's own code that imports it */
    return g_strdup_printf (_ ("yours, line %u"), part->line);
  if (part->inside != NULL)
    /* Translators: loaded because this module was */
    return g_strdup_printf (_ ("inside %s"), part->inside);
  return g_strdup (_ ("the runtime"));
}

static void
add_fact (GString *text, const char *fact)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, fact);
}

char *
kelvin_init_part_describe (const KelvinInitPart *part)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *origin = kelvin_init_part_describe_origin (part);

  add_fact (text, origin);
  if (part->failed)
    add_fact (text, _ ("failed"));
  if (part->compiled)
    add_fact (text, _ ("compiled at this start"));
  if (part->is_native)
    add_fact (text, _ ("native code"));
  if (!isnan (part->size_kb))
    {
      g_autofree char *size = g_strdup_printf (_ ("%.1f KB"), part->size_kb);
      add_fact (text, size);
    }
  if (!isnan (part->memory_mb))
    {
      g_autofree char *memory =
          g_strdup_printf (_ ("memory about %.1f MB, with its own"), part->memory_mb);
      add_fact (text, memory);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *
kelvin_init_item_get_name (KelvinInitItem *self)
{
  return self->name;
}

double
kelvin_init_item_get_self_ms (KelvinInitItem *self)
{
  return self->self_ms;
}

double
kelvin_init_item_get_whole_ms (KelvinInitItem *self)
{
  return self->whole_ms;
}

double
kelvin_init_item_get_share (KelvinInitItem *self)
{
  return self->share;
}

KelvinInitPartKind
kelvin_init_item_get_kind (KelvinInitItem *self)
{
  return self->kind;
}

const char *
kelvin_init_item_get_origin (KelvinInitItem *self)
{
  return self->origin;
}

const char *
kelvin_init_item_get_file (KelvinInitItem *self)
{
  return self->file;
}

guint
kelvin_init_item_get_line (KelvinInitItem *self)
{
  return self->line;
}
