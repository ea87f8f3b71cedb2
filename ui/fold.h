#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A sidebar beside the content; in a narrow window the sidebar folds away and, when asked for,
 * covers the content. */
#define KELVIN_TYPE_FOLD (kelvin_fold_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFold, kelvin_fold, KELVIN, FOLD, GtkWidget)

/* In a .ui file: two children, of the types "sidebar" and "content". Properties: "folded"
 * (read-only); "narrow" (read-only): the content has little room; "revealed": a folded sidebar is
 * shown. */
gboolean kelvin_fold_is_folded (KelvinFold *self);
gboolean kelvin_fold_is_narrow (KelvinFold *self);
void kelvin_fold_set_revealed (KelvinFold *self, gboolean revealed);

G_END_DECLS
