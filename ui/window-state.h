#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the window remembers from one time to the next: window.ini in the data folder, so that two
 * data folders are two workbenches and nothing has to be installed for it. */
typedef struct {
  int width, height;
  gboolean maximized;
  char **functions; /* folders, in their order in the sidebar */
  char *selected;   /* nullable: one of them */
} KelvinWindowState;

void kelvin_window_state_free (KelvinWindowState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinWindowState, kelvin_window_state_free)

/* Blocking, but of one small file; where it can't be read the state is the usual one. */
KelvinWindowState *kelvin_window_state_read (const char *data_dir);
/* Blocking. */
gboolean kelvin_window_state_write (const KelvinWindowState *self, const char *data_dir,
                                    GError **error);

G_END_DECLS
