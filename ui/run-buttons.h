#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The header's controls of the Code page: memory, timeout, and Run with its variants, which is
 * Cancel while something runs. */
#define KELVIN_TYPE_RUN_BUTTONS (kelvin_run_buttons_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunButtons, kelvin_run_buttons, KELVIN, RUN_BUTTONS, GtkWidget)

GtkWidget *kelvin_run_buttons_new (void);
void kelvin_run_buttons_set_open_function (KelvinRunButtons *self,
                                           KelvinOpenFunction *open_function);
/* In a narrow window memory and timeout are in the configuration alone. */
void kelvin_run_buttons_set_narrow (KelvinRunButtons *self, gboolean narrow);

G_END_DECLS
