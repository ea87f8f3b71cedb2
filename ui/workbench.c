#include "config.h"

#include "ui/workbench.h"

#include <glib/gi18n-lib.h>

#include "ui/all-costs-page.h"
#include "ui/drills-page.h"
#include "ui/history-page.h"
#include "ui/machine-page.h"

static void
set_history_narrow (GtkWidget *page, gboolean narrow)
{
  kelvin_history_page_set_narrow (KELVIN_HISTORY_PAGE (page), narrow);
}

static void
set_drills_functions (GtkWidget *page, GListModel *functions)
{
  kelvin_drills_page_set_functions (KELVIN_DRILLS_PAGE (page), functions);
}

/* One more page is one line here. */
static const KelvinWorkbenchPage pages[] = {
  { "runs", N_ ("All runs"), N_ ("All functions"), kelvin_history_page_new, set_history_narrow },
  { "costs", N_ ("All costs"), N_ ("All functions"), kelvin_all_costs_page_new, NULL },
  { "drills", N_ ("Drills"), N_ ("Drills"), kelvin_drills_page_new, NULL, set_drills_functions },
  { "machine", N_ ("This machine"), N_ ("This machine"), kelvin_machine_page_new, NULL },
};

guint
kelvin_workbench_get_n_pages (void)
{
  return G_N_ELEMENTS (pages);
}

const KelvinWorkbenchPage *
kelvin_workbench_get_page (guint position)
{
  g_return_val_if_fail (position < G_N_ELEMENTS (pages), NULL);

  return &pages[position];
}

const KelvinWorkbenchPage *
kelvin_workbench_find_page (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_strcmp0 (pages[i].name, name) == 0)
      return &pages[i];

  return NULL;
}
