#include "config.h"

#include "ui/window-private.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "ui/action-table.h"
#include "ui/window-state.h"
#include "ui/workbench.h"

/* Characters of the title, in a narrow window. */
#define LEAST_TITLE 5

G_DEFINE_FINAL_TYPE (KelvinWindow, kelvin_window, ADW_TYPE_APPLICATION_WINDOW)

static void
update_controls (KelvinWindow *self)
{
  GtkWidget *controls = NULL;

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->content), "function") == 0)
    controls = kelvin_page_list_get_controls (self->page_list);
  adw_bin_set_child (self->controls, controls);
}

/* Where there is room at all, what stands beside the function's name gives way to it. */
static void
update_title_room (KelvinWindow *self)
{
  int length = (int) g_utf8_strlen (gtk_label_get_label (self->title), -1);
  int most = gtk_label_get_max_width_chars (self->title);

  gtk_label_set_width_chars (self->title,
                             kelvin_fold_is_narrow (self->fold) ? LEAST_TITLE : MIN (length, most));
}

static void
update_title (KelvinWindow *self)
{
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  const char *title = _ ("Kelvin");

  if (selected != NULL)
    title = kelvin_open_function_get_title (selected);
  else if (g_strcmp0 (gtk_stack_get_visible_child_name (self->content), "workbench") == 0)
    title = _ (
        kelvin_workbench_find_page (gtk_stack_get_visible_child_name (self->workbench))->heading);
  gtk_label_set_label (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  update_title_room (self);
}

/* The pages are chosen in the header bar, or below where it has no room. */
static void
place_switcher (KelvinWindow *self)
{
  gboolean narrow = kelvin_fold_is_narrow (self->fold);
  gboolean shown = kelvin_window_get_selected (self) != NULL;
  AdwBin *from = narrow ? self->header_switcher : self->bottom_switcher;
  AdwBin *to = narrow ? self->bottom_switcher : self->header_switcher;

  if (adw_bin_get_child (to) == NULL)
    {
      adw_bin_set_child (from, NULL);
      adw_bin_set_child (to, GTK_WIDGET (self->switcher));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->bottom_switcher), narrow && shown);
}

static void
tell_workbench_page (KelvinWindow *self)
{
  const KelvinWorkbenchPage *page =
      kelvin_workbench_find_page (gtk_stack_get_visible_child_name (self->workbench));

  if (page != NULL && page->set_narrow != NULL)
    page->set_narrow (gtk_stack_get_visible_child (self->workbench),
                      kelvin_fold_is_narrow (self->fold));
}

static void
width_changed_cb (KelvinWindow *self)
{
  gboolean narrow = kelvin_fold_is_narrow (self->fold);

  gtk_widget_set_visible (GTK_WIDGET (self->version), !narrow);
  adw_header_bar_set_show_start_title_buttons (self->header, kelvin_fold_is_folded (self->fold));
  kelvin_page_list_set_narrow (self->page_list, narrow);
  tell_workbench_page (self);
  update_title_room (self);
  place_switcher (self);
}

static void
forget_selected (KelvinWindow *self, KelvinOpenFunction *open_function)
{
  if (open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (open_function, self);
  g_signal_handlers_disconnect_by_data (kelvin_open_function_get_run_control (open_function), self);
}

static void
selected_changed_cb (KelvinWindow *self)
{
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->functions));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KelvinOpenFunction) other =
          g_list_model_get_item (G_LIST_MODEL (self->functions), i);

      forget_selected (self, other);
    }

  kelvin_page_list_set_open_function (self->page_list, selected);
  kelvin_version_label_set_open_function (self->version, selected);
  if (selected != NULL)
    {
      g_signal_connect_object (selected, "notify::title", G_CALLBACK (update_title), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (kelvin_open_function_get_run_control (selected), "notify::running",
                               G_CALLBACK (kelvin_window_update_actions), self, G_CONNECT_SWAPPED);
      gtk_stack_set_visible_child_name (self->content, "function");
      kelvin_fold_set_revealed (self->fold, FALSE);
    }
  else if (n == 0)
    gtk_stack_set_visible_child_name (self->content, "empty");

  place_switcher (self);
  update_title (self);
  update_controls (self);
  kelvin_window_update_actions (self);
}

static void
workbench_cb (KelvinWindow *self, const KelvinWorkbenchPage *page)
{
  if (gtk_stack_get_child_by_name (self->workbench, page->name) == NULL)
    {
      GtkWidget *made = page->create (self->engine);

      gtk_stack_add_named (self->workbench, made, page->name);
      if (page->set_functions != NULL)
        page->set_functions (made, G_LIST_MODEL (self->functions));
    }
  gtk_stack_set_visible_child_name (self->workbench, page->name);
  tell_workbench_page (self);
  gtk_stack_set_visible_child_name (self->content, "workbench");
  kelvin_fold_set_revealed (self->fold, FALSE);
  update_title (self);
  update_controls (self);
}

static void
page_changed_cb (KelvinWindow *self)
{
  update_controls (self);
  kelvin_window_update_actions (self);
}

/* Other programs may have written files while another window was in front. */
static void
active_changed_cb (KelvinWindow *self)
{
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (gtk_window_is_active (GTK_WINDOW (self)) && selected != NULL)
    kelvin_open_function_check_files (selected);
}

static gboolean
dropped_cb (KelvinWindow *self, const GValue *value)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

  for (GSList *file = files; file != NULL; file = file->next)
    {
      g_autofree char *path = g_file_get_path (file->data);

      if (path != NULL)
        kelvin_window_open_folder (self, path);
    }

  return TRUE;
}

static gboolean
kelvin_window_close_request (GtkWindow *window)
{
  KelvinWindow *self = KELVIN_WINDOW (window);

  if (kelvin_window_ask_before_close (self))
    return TRUE;

  kelvin_window_remember (self);
  return GTK_WINDOW_CLASS (kelvin_window_parent_class)->close_request (window);
}

static void
kelvin_window_dispose (GObject *object)
{
  KelvinWindow *self = KELVIN_WINDOW (object);

  if (self->page_list != NULL)
    kelvin_page_list_set_open_function (self->page_list, NULL);
  g_clear_object (&self->page_list);
  g_clear_pointer (&self->finder, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_WINDOW);
  g_clear_object (&self->functions);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->drafts_dir, g_free);

  G_OBJECT_CLASS (kelvin_window_parent_class)->dispose (object);
}

static void
kelvin_window_class_init (KelvinWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = kelvin_window_close_request;

  g_type_ensure (KELVIN_TYPE_FOLD);
  g_type_ensure (KELVIN_TYPE_SIDEBAR);
  g_type_ensure (KELVIN_TYPE_NOTICE_BAR);
  g_type_ensure (KELVIN_TYPE_VERSION_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/window.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, fold);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, body);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, header);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, title);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, version);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, controls);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, header_switcher);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, bottom_switcher);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, content);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, KelvinWindow, workbench);
  gtk_widget_class_bind_template_callback (widget_class, selected_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, workbench_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  kelvin_window_install_actions (widget_class);
}

static void
accept_drops (KelvinWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (dropped_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
kelvin_window_init (KelvinWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->functions = g_list_store_new (KELVIN_TYPE_OPEN_FUNCTION);
  kelvin_sidebar_set_functions (self->sidebar, G_LIST_MODEL (self->functions));
  self->switcher = GTK_STACK_SWITCHER (gtk_stack_switcher_new ());
  gtk_widget_remove_css_class (GTK_WIDGET (self->switcher), "linked");
  gtk_widget_set_valign (GTK_WIDGET (self->switcher), GTK_ALIGN_CENTER);
  gtk_stack_switcher_set_stack (self->switcher, self->pages);
  adw_bin_set_child (self->header_switcher, GTK_WIDGET (self->switcher));
  gtk_widget_add_controller (GTK_WIDGET (self), kelvin_action_table_create_controller ());
  accept_drops (self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
}

static KelvinOpenFunction *
find_function (KelvinWindow *self, const char *dir)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->functions));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KelvinOpenFunction) open_function =
          g_list_model_get_item (G_LIST_MODEL (self->functions), i);

      if (g_str_equal (kelvin_open_function_get_dir (open_function), dir))
        return open_function; /* the list holds it */
    }

  return NULL;
}

static KelvinOpenFunction *
add_function (KelvinWindow *self, const char *dir)
{
  g_autoptr (KelvinOpenFunction) open_function =
      kelvin_open_function_new (self->engine, dir, self->drafts_dir);

  g_list_store_append (self->functions, open_function);
  return open_function; /* the list holds it */
}

static void
restore (KelvinWindow *self, const KelvinWindowState *state)
{
  gtk_window_set_default_size (GTK_WINDOW (self), state->width, state->height);
  if (state->maximized)
    gtk_window_maximize (GTK_WINDOW (self));

  for (guint i = 0; state->functions[i] != NULL; i++)
    if (g_file_test (state->functions[i], G_FILE_TEST_IS_DIR) &&
        find_function (self, state->functions[i]) == NULL)
      add_function (self, state->functions[i]);

  KelvinOpenFunction *selected =
      state->selected != NULL ? find_function (self, state->selected) : NULL;
  g_autoptr (KelvinOpenFunction) first = g_list_model_get_item (G_LIST_MODEL (self->functions), 0);
  kelvin_window_select (self, selected != NULL ? selected : first);
  selected_changed_cb (self);
}

GtkWidget *
kelvin_window_new (GtkApplication *application, KelvinEngine *engine, const char *data_dir)
{
  KelvinWindow *self = g_object_new (KELVIN_TYPE_WINDOW, "application", application, NULL);
  g_autoptr (KelvinWindowState) state = kelvin_window_state_read (data_dir);

  self->engine = g_object_ref (engine);
  self->data_dir = g_strdup (data_dir);
  self->drafts_dir = g_build_filename (data_dir, "drafts", NULL);
  self->page_list = kelvin_page_list_new (self->pages, engine);
  restore (self, state);
  return GTK_WIDGET (self);
}

void
kelvin_window_open_folder (KelvinWindow *self, const char *dir)
{
  g_return_if_fail (KELVIN_IS_WINDOW (self));

  char *resolved = realpath (dir, NULL);
  if (resolved == NULL || !g_file_test (resolved, G_FILE_TEST_IS_DIR))
    {
      /* Translators: %s is a path */
      g_autofree char *text = g_strdup_printf (_ ("%s is no folder"), dir);

      free (resolved);
      kelvin_window_show_toast (self, text);
      return;
    }

  KelvinOpenFunction *open_function = find_function (self, resolved);
  if (open_function == NULL)
    open_function = add_function (self, resolved);
  free (resolved);
  kelvin_window_select (self, open_function);
  kelvin_window_remember (self);
}

void
kelvin_window_show_problem (KelvinWindow *self, const char *problem)
{
  g_return_if_fail (KELVIN_IS_WINDOW (self));

  kelvin_notice_bar_show (self->problem, problem, NULL, NULL);
}

KelvinOpenFunction *
kelvin_window_get_selected (KelvinWindow *self)
{
  return kelvin_sidebar_get_selected (self->sidebar);
}

void
kelvin_window_select (KelvinWindow *self, KelvinOpenFunction *open_function)
{
  kelvin_sidebar_select (self->sidebar, open_function);
}

void
kelvin_window_show_toast (KelvinWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}
