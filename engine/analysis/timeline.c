#include "engine/analysis/timeline.h"

static void
clear_span (gpointer data)
{
  KelvinTimeSpan *span = data;

  g_free (span->name);
  g_free (span->file);
}

static int
add_span (KelvinTimeline *self, const KelvinTimeSpan *span)
{
  KelvinTimeSpan copy = *span;

  copy.name = g_strdup (span->name);
  copy.file = g_strdup (span->file);
  if (copy.parent >= 0)
    {
      const KelvinTimeSpan *parent = &g_array_index (self->spans, KelvinTimeSpan, copy.parent);

      copy.start_ns = CLAMP (copy.start_ns, parent->start_ns, parent->end_ns);
      copy.end_ns = CLAMP (copy.end_ns, copy.start_ns, parent->end_ns);
    }
  g_array_append_val (self->spans, copy);
  return (int) self->spans->len - 1;
}

/* The imports that are part of @import (-1: of none) and happened during init or not, by time. */
static GArray *
find_children (KelvinImportProfile *imports, int import, KelvinImportFlags stage)
{
  GArray *children = g_array_new (FALSE, FALSE, sizeof (int));
  GArray *all = imports->start->imports;

  for (int i = 0; i < (int) all->len; i++)
    {
      const KelvinImport *one = &g_array_index (all, KelvinImport, i);

      if (one->parent == import && (one->flags & KELVIN_IMPORT_IN_THREAD) == 0 &&
          (one->flags & KELVIN_IMPORT_IN_HANDLER) == stage)
        g_array_append_val (children, i);
    }
  return children;
}

static int
compare_starts (gconstpointer a, gconstpointer b, gpointer user_data)
{
  KelvinImportProfile *imports = user_data;
  GArray *all = imports->start->imports;
  gint64 first = g_array_index (all, KelvinImport, *(const int *) a).start_ns;
  gint64 second = g_array_index (all, KelvinImport, *(const int *) b).start_ns;

  return (first > second) - (first < second);
}

/* @shift_ns: when init began in this timeline. The tree isn't deeper than KELVIN_DEEPEST_IMPORT. */
static void
add_imports (KelvinTimeline *self, KelvinImportProfile *imports, int import, int parent,
             KelvinImportFlags stage, gint64 shift_ns)
{
  g_autoptr (GArray) children = find_children (imports, import, stage);

  g_array_sort_with_data (children, compare_starts, imports);
  for (guint i = 0; i < children->len; i++)
    {
      int child = g_array_index (children, int, i);
      const KelvinImport *one = &g_array_index (imports->start->imports, KelvinImport, child);
      KelvinTimeSpan span = {
        .name = one->name,
        .category = "import",
        .file = one->file != NULL ? (char *) kelvin_file_in_function (one->file) : NULL,
        .parent = parent,
        .start_ns = one->start_ns + shift_ns,
        .end_ns = one->end_ns + shift_ns,
      };

      add_imports (self, imports, child, add_span (self, &span), stage, shift_ns);
    }
}

static void
add_phases (KelvinTimeline *self, KelvinImportProfile *imports, int root)
{
  gint64 at_ns = 0;
  gint64 init_ns = 0;

  for (int phase = 0; phase < KELVIN_N_PHASES; phase++)
    {
      gint64 us = imports->phases.us[phase];
      KelvinTimeSpan span = { .name = (char *) kelvin_phase_get_name (phase),
                              .category = "phase",
                              .parent = root,
                              .start_ns = at_ns,
                              .end_ns = at_ns + us * 1000 };

      if (us < 0)
        continue;
      int index = add_span (self, &span);
      if (phase == KELVIN_PHASE_INIT)
        {
          init_ns = at_ns;
          add_imports (self, imports, -1, index, 0, init_ns);
        }
      else if (phase == KELVIN_PHASE_HANDLER)
        {
          add_imports (self, imports, -1, index, KELVIN_IMPORT_IN_HANDLER, init_ns);
        }
      at_ns = span.end_ns;
    }
}

KelvinTimeline *
kelvin_timeline_new (const char *function_name, KelvinImportProfile *imports)
{
  if (imports->start == NULL)
    return NULL;

  KelvinTimeline *self = g_new0 (KelvinTimeline, 1);
  KelvinTimeSpan root = { .name = (char *) "cold start",
                          .category = "start",
                          .parent = -1,
                          .end_ns = kelvin_phases_get_total_us (&imports->phases) * 1000 };

  self->title = g_strdup_printf ("cold start of %s", function_name);
  self->spans = g_array_new (FALSE, TRUE, sizeof (KelvinTimeSpan));
  g_array_set_clear_func (self->spans, clear_span);
  add_phases (self, imports, add_span (self, &root));
  return self;
}

void
kelvin_timeline_free (KelvinTimeline *self)
{
  g_array_unref (self->spans);
  g_free (self->title);
  g_free (self);
}
