#include "config.h"

#include "ui/notice-bar.h"

struct _KelvinNoticeBar {
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *first;
  GtkButton *second;
};

enum {
  FIRST,
  SECOND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinNoticeBar, kelvin_notice_bar, GTK_TYPE_WIDGET)

static void
first_clicked_cb (KelvinNoticeBar *self)
{
  g_signal_emit (self, signals[FIRST], 0);
}

static void
second_clicked_cb (KelvinNoticeBar *self)
{
  g_signal_emit (self, signals[SECOND], 0);
}

static void
kelvin_notice_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_NOTICE_BAR);

  G_OBJECT_CLASS (kelvin_notice_bar_parent_class)->dispose (object);
}

static void
kelvin_notice_bar_class_init (KelvinNoticeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_notice_bar_dispose;

  signals[FIRST] = g_signal_new ("first", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[SECOND] = g_signal_new ("second", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "noticebar");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/notice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinNoticeBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, KelvinNoticeBar, label);
  gtk_widget_class_bind_template_child (widget_class, KelvinNoticeBar, first);
  gtk_widget_class_bind_template_child (widget_class, KelvinNoticeBar, second);
  gtk_widget_class_bind_template_callback (widget_class, first_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, second_clicked_cb);
}

static void
kelvin_notice_bar_init (KelvinNoticeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_button (GtkButton *button, const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  if (label != NULL)
    gtk_button_set_label (button, label);
}

void
kelvin_notice_bar_show (KelvinNoticeBar *self, const char *text, const char *first,
                        const char *second)
{
  g_return_if_fail (KELVIN_IS_NOTICE_BAR (self));

  gtk_label_set_label (self->label, text);
  set_button (self->first, first);
  set_button (self->second, second);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

void
kelvin_notice_bar_hide (KelvinNoticeBar *self)
{
  g_return_if_fail (KELVIN_IS_NOTICE_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}
