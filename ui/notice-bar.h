#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A line above what it is about: what a person has to know, and the one or two things that can be
 * done about it. */
#define KELVIN_TYPE_NOTICE_BAR (kelvin_notice_bar_get_type ())
G_DECLARE_FINAL_TYPE (KelvinNoticeBar, kelvin_notice_bar, KELVIN, NOTICE_BAR, GtkWidget)

/* Emits "first" or "second" when a button is pressed. NULL: without that button. */
void kelvin_notice_bar_show (KelvinNoticeBar *self, const char *text, const char *first,
                             const char *second);
void kelvin_notice_bar_hide (KelvinNoticeBar *self);

G_END_DECLS
