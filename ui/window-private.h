#pragma once

#include "ui/code-page.h"
#include "ui/finder.h"
#include "ui/fold.h"
#include "ui/notice-bar.h"
#include "ui/open-function.h"
#include "ui/page-list.h"
#include "ui/sidebar.h"
#include "ui/version-label.h"
#include "ui/window.h"

G_BEGIN_DECLS

struct _KelvinWindow {
  AdwApplicationWindow parent_instance;

  KelvinFold *fold;
  KelvinSidebar *sidebar;
  GtkWidget *body; /* beside the sidebar */
  AdwHeaderBar *header;
  GtkLabel *title;
  KelvinVersionLabel *version;
  AdwBin *controls; /* of the page that is shown */
  GtkStackSwitcher *switcher;
  AdwBin *header_switcher;
  AdwBin *bottom_switcher;
  AdwToastOverlay *toasts;
  KelvinNoticeBar *problem;
  GtkStack *content; /* "empty", "function", "workbench" */
  GtkStack *pages;
  GtkStack *workbench; /* of pages about the whole workbench, made when they are first shown */
  KelvinPageList *page_list;
  GtkWidget *finder;     /* nullable: made when it is first opened */
  GListStore *functions; /* of KelvinOpenFunction */
  KelvinEngine *engine;
  char *data_dir;
  char *drafts_dir;
  gboolean may_close; /* nothing unsaved is left, or it was given up */
};

/* window-actions.c: what the menu, buttons and shortcuts do */
void kelvin_window_install_actions (GtkWidgetClass *widget_class);
void kelvin_window_update_actions (KelvinWindow *self);

/* window-find.c: finds anything, and goes there */
void kelvin_window_find (KelvinWindow *self);
/* The runs that a filter finds, among all. */
void kelvin_window_show_runs (KelvinWindow *self, const char *filter);
/* FALSE where it wasn't open. */
gboolean kelvin_window_end_finding (KelvinWindow *self);

/* window-closing.c: nothing that wasn't saved is lost */
gboolean kelvin_window_ask_before_close (KelvinWindow *self);
void kelvin_window_close_function (KelvinWindow *self, KelvinOpenFunction *open_function);
void kelvin_window_remember (KelvinWindow *self);

KelvinOpenFunction *kelvin_window_get_selected (KelvinWindow *self);
void kelvin_window_select (KelvinWindow *self, KelvinOpenFunction *open_function);
gboolean kelvin_window_is_running (KelvinWindow *self);
void kelvin_window_show_toast (KelvinWindow *self, const char *text);

G_END_DECLS
