#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns of text for a terminal, as wide as their widest cell. */
typedef struct _KelvinTable KelvinTable;

/* @alignment has a character a column: 'l' or 'r'. */
KelvinTable *kelvin_table_new (const char *alignment);
void kelvin_table_free (KelvinTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinTable, kelvin_table_free)

/* Cells up to the number of columns; NULL ends the row early. */
void kelvin_table_add (KelvinTable *self, const char *first, ...) G_GNUC_NULL_TERMINATED;
void kelvin_table_add_cells (KelvinTable *self, const char *const *cells);

/* Prints it on standard output, @indent spaces before each row; with @has_title the first row
 * stands out. */
typedef enum {
  KELVIN_TABLE_PLAIN,
  KELVIN_TABLE_TITLED,
} KelvinTableKind;
void kelvin_table_print (KelvinTable *self, guint indent, KelvinTableKind kind);
guint kelvin_table_get_n_rows (KelvinTable *self);
/* A line without a newline, as wide as it needs to be. */
char *kelvin_table_get_row (KelvinTable *self, guint index);

G_END_DECLS
