#pragma once

#include <gtk/gtk.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/* A page about the whole workbench rather than about one function. */
typedef struct {
  const char *name;
  const char *title;   /* in the sidebar */
  const char *heading; /* in the header bar: what the page is about */
  GtkWidget *(*create) (KelvinEngine *engine);
  void (*set_narrow) (GtkWidget *page, gboolean narrow); /* nullable */
  /* (element-type KelvinOpenFunction): those that are open, once, when it was made; nullable */
  void (*set_functions) (GtkWidget *page, GListModel *functions);
} KelvinWorkbenchPage;

/* In the order of the sidebar; static. */
guint kelvin_workbench_get_n_pages (void);
const KelvinWorkbenchPage *kelvin_workbench_get_page (guint position);
/* NULL where there is none of that name. */
const KelvinWorkbenchPage *kelvin_workbench_find_page (const char *name);

G_END_DECLS
