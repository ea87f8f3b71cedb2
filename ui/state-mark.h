#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How a function stands, told by shape alone. */
typedef enum {
  KELVIN_MARK_HOLLOW,  /* never run to its end */
  KELVIN_MARK_FILLED,  /* the last run was fine */
  KELVIN_MARK_TURNING, /* it runs now */
  KELVIN_MARK_CROSS,   /* the last run failed, or its function.json is wrong */
} KelvinMark;

#define KELVIN_TYPE_STATE_MARK (kelvin_state_mark_get_type ())
G_DECLARE_FINAL_TYPE (KelvinStateMark, kelvin_state_mark, KELVIN, STATE_MARK, GtkWidget)

GtkWidget *kelvin_state_mark_new (void);
void kelvin_state_mark_set_mark (KelvinStateMark *self, KelvinMark mark);
/* In words, for a tooltip and for assistive technology; static. */
const char *kelvin_mark_get_title (KelvinMark mark);

G_END_DECLS
