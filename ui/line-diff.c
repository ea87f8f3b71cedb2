#include "config.h"

#include "ui/line-diff.h"

#include <string.h>

#define FARTHEST 50

static void
clear_line (gpointer data)
{
  g_free (((KelvinDiffLine *) data)->text);
}

static void
add_line (GArray *lines, KelvinDiffKind kind, const char *text)
{
  KelvinDiffLine line = { kind, g_strdup (text) };

  g_array_append_val (lines, line);
}

/* How many lines on @text stands; -1: not near. */
static int
find_near (char **lines, guint from, const char *text)
{
  for (guint i = 0; i < FARTHEST && lines[from + i] != NULL; i++)
    if (strcmp (lines[from + i], text) == 0)
      return (int) i;
  return -1;
}

static GArray *
lines_new (void)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (KelvinDiffLine));

  g_array_set_clear_func (lines, clear_line);
  return lines;
}

static GArray *
compare (char **before, char **after)
{
  GArray *lines = lines_new ();
  guint i = 0, j = 0;

  while (before[i] != NULL || after[j] != NULL)
    {
      int added = before[i] != NULL && after[j] != NULL ? find_near (after, j, before[i]) : -1;
      int removed = before[i] != NULL && after[j] != NULL ? find_near (before, i, after[j]) : -1;

      if (added == 0)
        {
          add_line (lines, KELVIN_DIFF_SAME, before[i]);
          i++, j++;
        }
      else if (before[i] != NULL &&
               (after[j] == NULL || added < 0 || (removed > 0 && removed <= added)))
        add_line (lines, KELVIN_DIFF_REMOVED, before[i++]);
      else
        add_line (lines, KELVIN_DIFF_ADDED, after[j++]);
    }
  return lines;
}

static gboolean
is_near_change (GArray *lines, guint index, guint context)
{
  guint first = index > context ? index - context : 0;

  for (guint i = first; i <= index + context && i < lines->len; i++)
    if (g_array_index (lines, KelvinDiffLine, i).kind != KELVIN_DIFF_SAME)
      return TRUE;
  return FALSE;
}

GArray *
kelvin_line_diff (const char *before, const char *after, guint context)
{
  g_auto (GStrv) old = g_strsplit (before, "\n", -1);
  g_auto (GStrv) new = g_strsplit (after, "\n", -1);
  g_autoptr (GArray) all = compare (old, new);
  GArray *shown = lines_new ();
  gboolean left_out = FALSE;

  for (guint i = 0; i < all->len; i++)
    {
      const KelvinDiffLine *line = &g_array_index (all, KelvinDiffLine, i);
      gboolean near = is_near_change (all, i, context);

      if (near)
        add_line (shown, line->kind, line->text);
      else if (!left_out)
        add_line (shown, KELVIN_DIFF_LEFT_OUT, "");
      left_out = !near;
    }
  return shown;
}
