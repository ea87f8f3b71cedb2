#include "app/table.h"

#include <string.h>

#include "app/output.h"

#define GAP 2

struct _KelvinTable {
  char *alignment;
  guint n_columns;
  guint *widths;
  GPtrArray *rows; /* of char **, n_columns each */
};

KelvinTable *
kelvin_table_new (const char *alignment)
{
  KelvinTable *self = g_new0 (KelvinTable, 1);

  self->alignment = g_strdup (alignment);
  self->n_columns = (guint) strlen (alignment);
  self->widths = g_new0 (guint, self->n_columns);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return self;
}

void
kelvin_table_free (KelvinTable *self)
{
  g_free (self->alignment);
  g_free (self->widths);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/* Columns of a terminal: an ideograph takes two, an accent or a colour none. */
static guint
width_of (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      while (*c == '\033' && strchr (c, 'm') != NULL)
        c = strchr (c, 'm') + 1;
      if (*c == '\0')
        break;
      gunichar character = g_utf8_get_char (c);
      if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

void
kelvin_table_add_cells (KelvinTable *self, const char *const *cells)
{
  char **row = g_new0 (char *, self->n_columns + 1);
  gboolean ended = FALSE;

  for (guint i = 0; i < self->n_columns; i++)
    {
      ended = ended || cells[i] == NULL;
      row[i] = ended ? g_strdup ("") : g_utf8_make_valid (cells[i], -1);
      self->widths[i] = MAX (self->widths[i], width_of (row[i]));
    }
  g_ptr_array_add (self->rows, row);
}

void
kelvin_table_add (KelvinTable *self, const char *first, ...)
{
  g_autofree const char **cells = g_new0 (const char *, self->n_columns + 1);
  va_list arguments;

  va_start (arguments, first);
  cells[0] = first;
  for (guint i = 1; i < self->n_columns && cells[i - 1] != NULL; i++)
    cells[i] = va_arg (arguments, const char *);
  va_end (arguments);
  kelvin_table_add_cells (self, cells);
}

guint
kelvin_table_get_n_rows (KelvinTable *self)
{
  return self->rows->len;
}

char *
kelvin_table_get_row (KelvinTable *self, guint index)
{
  char **cells = g_ptr_array_index (self->rows, index);
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < self->n_columns; i++)
    {
      int padding = (int) (self->widths[i] - width_of (cells[i]));

      if (i > 0)
        g_string_append_printf (line, "%*s", GAP, "");
      if (self->alignment[i] == 'r')
        g_string_append_printf (line, "%*s%s", padding, "", cells[i]);
      else
        g_string_append_printf (line, "%s%*s", cells[i], padding, "");
    }
  g_strchomp (line->str);
  return g_string_free (line, FALSE);
}

void
kelvin_table_print (KelvinTable *self, guint indent, KelvinTableKind kind)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *row = kelvin_table_get_row (self, i);
      g_autofree char *line = kind == KELVIN_TABLE_TITLED && i == 0
                                  ? kelvin_styled (KELVIN_STYLE_TITLE, row)
                                  : g_strdup (row);

      kelvin_print ("%*s%s\n", (int) indent, "", line);
    }
}
