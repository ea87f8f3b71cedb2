#include "config.h"

#include "ui/code-page.h"
#include "ui/history-page.h"
#include "ui/window-private.h"

void
kelvin_window_show_runs (KelvinWindow *self, const char *filter)
{
  kelvin_sidebar_select_workbench (self->sidebar, "runs");
  kelvin_history_page_set_filter (
      KELVIN_HISTORY_PAGE (gtk_stack_get_visible_child (self->workbench)), filter);
}

static void
show_run (KelvinWindow *self, KelvinRun *run)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->functions));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KelvinOpenFunction) open_function =
          g_list_model_get_item (G_LIST_MODEL (self->functions), i);

      if (!g_str_equal (kelvin_open_function_get_title (open_function), run->function_name))
        continue;
      kelvin_window_select (self, open_function);
      kelvin_history_page_show_run (
          KELVIN_HISTORY_PAGE (kelvin_page_list_show (self->page_list, "history")), run);
      return;
    }

  /* of a function that isn't open, or of several */
  kelvin_sidebar_select_workbench (self->sidebar, "runs");
  kelvin_history_page_show_run (KELVIN_HISTORY_PAGE (gtk_stack_get_visible_child (self->workbench)),
                                run);
}

static void
show_document (KelvinWindow *self, KelvinFindItem *item)
{
  KelvinOpenFunction *open_function = kelvin_find_item_get_open_function (item);
  KelvinDocument *document = kelvin_find_item_get_document (item);

  kelvin_window_select (self, open_function);
  KelvinCodePage *page = KELVIN_CODE_PAGE (kelvin_page_list_show (self->page_list, "code"));
  if (kelvin_find_item_get_kind (item) == KELVIN_FIND_EVENT)
    {
      kelvin_open_function_set_event (open_function, document);
      return;
    }

  kelvin_code_page_show_document (page, document);
  kelvin_code_page_focus (page);
}

static void
do_action (KelvinWindow *self, const char *detailed_name)
{
  g_autoptr (GVariant) target = NULL;
  g_autofree char *name = NULL;

  if (g_action_parse_detailed_name (detailed_name, &name, &target, NULL))
    gtk_widget_activate_action_variant (GTK_WIDGET (self), name, target);
}

static void
chosen_cb (KelvinWindow *self, KelvinFindItem *item)
{
  switch (kelvin_find_item_get_kind (item))
    {
    case KELVIN_FIND_FUNCTION:
      kelvin_window_select (self, kelvin_find_item_get_open_function (item));
      break;
    case KELVIN_FIND_PAGE:
      kelvin_window_select (self, kelvin_find_item_get_open_function (item));
      kelvin_page_list_show (self->page_list, kelvin_find_item_get_name (item));
      break;
    case KELVIN_FIND_WORKBENCH_PAGE:
      kelvin_sidebar_select_workbench (self->sidebar, kelvin_find_item_get_name (item));
      break;
    case KELVIN_FIND_ACTION:
      do_action (self, kelvin_find_item_get_name (item));
      break;
    case KELVIN_FIND_FILE:
    case KELVIN_FIND_EVENT:
      show_document (self, item);
      break;
    case KELVIN_FIND_RUN:
      show_run (self, kelvin_find_item_get_run (item));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
kelvin_window_find (KelvinWindow *self)
{
  if (self->finder == NULL)
    {
      self->finder = kelvin_finder_new (self->body, self->engine);
      g_signal_connect_swapped (self->finder, "chosen", G_CALLBACK (chosen_cb), self);
    }
  kelvin_fold_set_revealed (self->fold, FALSE);
  kelvin_finder_open (KELVIN_FINDER (self->finder), G_LIST_MODEL (self->functions),
                      kelvin_window_get_selected (self), kelvin_window_is_running (self));
}

gboolean
kelvin_window_end_finding (KelvinWindow *self)
{
  if (self->finder == NULL || !gtk_widget_get_visible (self->finder))
    return FALSE;

  gtk_popover_popdown (GTK_POPOVER (self->finder));
  return TRUE;
}
