#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The pages about one function, made when they are first shown. */
#define KELVIN_TYPE_PAGE_LIST (kelvin_page_list_get_type ())
G_DECLARE_FINAL_TYPE (KelvinPageList, kelvin_page_list, KELVIN, PAGE_LIST, GObject)

/* Adds the pages to @stack. */
KelvinPageList *kelvin_page_list_new (GtkStack *stack, KelvinEngine *engine);

void kelvin_page_list_set_open_function (KelvinPageList *self, KelvinOpenFunction *open_function);
void kelvin_page_list_set_narrow (KelvinPageList *self, gboolean narrow);

/* Shows a page and gives it; NULL where there is none of that name. (transfer none) */
GtkWidget *kelvin_page_list_show (KelvinPageList *self, const char *name);
/* The n-th page, from 0. */
void kelvin_page_list_show_nth (KelvinPageList *self, guint n);
/* The name and the title of the n-th page, static; FALSE where there are fewer. */
gboolean kelvin_page_list_get_nth (guint n, const char **out_name, const char **out_title);
/* NULL where it wasn't shown yet. (transfer none) */
GtkWidget *kelvin_page_list_peek (KelvinPageList *self, const char *name);
/* What the page that is shown puts into the header bar; NULL for nothing. (transfer none) */
GtkWidget *kelvin_page_list_get_controls (KelvinPageList *self);

G_END_DECLS
