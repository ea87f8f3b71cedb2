#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

/* What differs between GtkSourceView 5.6 and 5.16, and nothing else. */

static inline void
kelvin_gutter_lines_get_range (GtkSourceGutterLines *lines, guint line, double *out_y,
                               double *out_height)
{
#if GTK_SOURCE_CHECK_VERSION(5, 16, 0)
  gtk_source_gutter_lines_get_line_extent (
      lines, line, GTK_SOURCE_GUTTER_RENDERER_ALIGNMENT_MODE_FIRST, out_y, out_height);
#else
  int y, height;

  gtk_source_gutter_lines_get_line_yrange (
      lines, line, GTK_SOURCE_GUTTER_RENDERER_ALIGNMENT_MODE_FIRST, &y, &height);
  *out_y = y;
  *out_height = height;
#endif
}

G_END_DECLS
