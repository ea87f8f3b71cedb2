#include "config.h"

#include "ui/code-page.h"

#include "ui/code-pane.h"
#include "ui/columns.h"
#include "ui/event-pane.h"
#include "ui/notice-bar.h"
#include "ui/result-pane.h"
#include "ui/run-buttons.h"

struct _KelvinCodePage {
  AdwBin parent_instance;

  KelvinNoticeBar *problem;
  KelvinCodePane *code;
  KelvinEventPane *event;
  KelvinResultPane *result;
  GtkWidget *run_buttons; /* in the header bar */
  KelvinOpenFunction *open_function;
};

G_DEFINE_FINAL_TYPE (KelvinCodePage, kelvin_code_page, ADW_TYPE_BIN)

static void
problem_changed_cb (KelvinCodePage *self)
{
  const char *problem = kelvin_open_function_get_problem (self->open_function);

  if (problem != NULL)
    kelvin_notice_bar_show (self->problem, problem, NULL, NULL);
  else
    kelvin_notice_bar_hide (self->problem);
}

static void
forget_function (KelvinCodePage *self)
{
  if (self->open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->open_function, self);
  g_clear_object (&self->open_function);
}

static void
kelvin_code_page_dispose (GObject *object)
{
  KelvinCodePage *self = KELVIN_CODE_PAGE (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_CODE_PAGE);
  g_clear_object (&self->run_buttons);

  G_OBJECT_CLASS (kelvin_code_page_parent_class)->dispose (object);
}

static void
kelvin_code_page_class_init (KelvinCodePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_code_page_dispose;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_NOTICE_BAR);
  g_type_ensure (KELVIN_TYPE_CODE_PANE);
  g_type_ensure (KELVIN_TYPE_EVENT_PANE);
  g_type_ensure (KELVIN_TYPE_RESULT_PANE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/code-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePage, problem);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePage, code);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePage, event);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePage, result);
}

static void
kelvin_code_page_init (KelvinCodePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->run_buttons = g_object_ref_sink (kelvin_run_buttons_new ());
}

GtkWidget *
kelvin_code_page_new (KelvinEngine *engine)
{
  KelvinCodePage *self = g_object_new (KELVIN_TYPE_CODE_PAGE, NULL);

  kelvin_result_pane_set_engine (self->result, engine);
  return GTK_WIDGET (self);
}

void
kelvin_code_page_set_open_function (KelvinCodePage *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_CODE_PAGE (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  kelvin_code_pane_set_open_function (self->code, open_function);
  kelvin_event_pane_set_open_function (self->event, open_function);
  kelvin_result_pane_set_open_function (self->result, open_function);
  kelvin_run_buttons_set_open_function (KELVIN_RUN_BUTTONS (self->run_buttons), open_function);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  g_signal_connect_swapped (open_function, "notify::problem", G_CALLBACK (problem_changed_cb),
                            self);
  problem_changed_cb (self);
}

GtkWidget *
kelvin_code_page_get_header_controls (KelvinCodePage *self)
{
  g_return_val_if_fail (KELVIN_IS_CODE_PAGE (self), NULL);

  return self->run_buttons;
}

void
kelvin_code_page_set_narrow (KelvinCodePage *self, gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_CODE_PAGE (self));

  kelvin_run_buttons_set_narrow (KELVIN_RUN_BUTTONS (self->run_buttons), narrow);
}

void
kelvin_code_page_show_document (KelvinCodePage *self, KelvinDocument *document)
{
  g_return_if_fail (KELVIN_IS_CODE_PAGE (self));

  kelvin_code_pane_show_document (self->code, document);
}

void
kelvin_code_page_show_line (KelvinCodePage *self, KelvinDocument *document, guint line)
{
  g_return_if_fail (KELVIN_IS_CODE_PAGE (self));

  kelvin_code_pane_show_line (self->code, document, line);
}

void
kelvin_code_page_focus (KelvinCodePage *self)
{
  g_return_if_fail (KELVIN_IS_CODE_PAGE (self));

  kelvin_code_pane_focus (self->code);
}
