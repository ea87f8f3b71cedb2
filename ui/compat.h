#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What differs between GTK 4.8 and 4.18, and nothing else. */

static inline void
kelvin_widget_get_color (GtkWidget *widget, GdkRGBA *out_color)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS /* newer than the oldest version that is supported */
      gtk_widget_get_color (widget, out_color);
  G_GNUC_END_IGNORE_DEPRECATIONS
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), out_color);
#endif
}

G_END_DECLS
