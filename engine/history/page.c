#include "engine/history/page.h"

#include "engine/history/store.h"

KelvinPage *
kelvin_page_new (GDestroyNotify free_item)
{
  KelvinPage *self = g_new0 (KelvinPage, 1);

  self->items = g_ptr_array_new_with_free_func (free_item);
  return self;
}

void
kelvin_page_free (KelvinPage *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self->next);
  g_free (self);
}

GPtrArray *
kelvin_page_finish (KelvinPage *self, char **out_next)
{
  GPtrArray *items = g_steal_pointer (&self->items);

  if (out_next != NULL)
    *out_next = g_steal_pointer (&self->next);
  kelvin_page_free (self);
  return items;
}

guint
kelvin_page_clamp_limit (guint limit)
{
  return limit == 0 ? KELVIN_PAGE_DEFAULT : MIN (limit, KELVIN_PAGE_MOST);
}

char *
kelvin_page_format_cursor (gint64 first, gint64 second)
{
  return g_strdup_printf ("%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x", (guint64) first,
                          (guint64) second);
}

gboolean
kelvin_page_parse_cursor (const char *cursor, gint64 *out_first, gint64 *out_second, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (cursor, "-", 3);
  guint64 first, second;

  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 16, 0, G_MAXUINT64, &first, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 16, 0, G_MAXUINT64, &second, NULL))
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID,
                   "\"%s\" is no place in this list: give the \"next\" of the page before it",
                   cursor);
      return FALSE;
    }
  *out_first = (gint64) first;
  *out_second = (gint64) second;
  return TRUE;
}
