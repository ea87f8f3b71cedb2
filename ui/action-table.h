#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  KELVIN_NEEDS_NOTHING,
  KELVIN_NEEDS_FUNCTION, /* one is selected */
  KELVIN_NEEDS_A_RUN,    /* something runs */
} KelvinNeed;

/* What can be done in the window: what the shortcuts press, what the dialog about them lists, what
 * "Find anything" finds. */
typedef struct {
  const char *group; /* of the dialog */
  const char *title;
  const char *triggers; /* nullable; as gtk_shortcut_trigger_parse_string takes them */
  const char *action;   /* a detailed name; NULL: a key that widgets handle themselves */
  KelvinNeed need;
} KelvinActionEntry;

guint kelvin_action_table_get_size (void);
const KelvinActionEntry *kelvin_action_table_get (guint position);

/* The keys as a person reads them: "Ctrl+Return", of the first trigger. NULL: it has none.
 * (transfer full) */
char *kelvin_action_entry_dup_keys (const KelvinActionEntry *entry);
/* For the window: keys reach it before the widget that has the focus. (transfer full) */
GtkEventController *kelvin_action_table_create_controller (void);

G_END_DECLS
