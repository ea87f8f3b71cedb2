#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where Kelvin's own files are: in the build and source tree when the program runs from there, else
 * where it was installed. Static strings; any thread. */
const char *kelvin_path_launcher (void); /* the program kelvin-launcher */
const char *kelvin_path_window (void);   /* the program kelvin-window */
const char *kelvin_path_runtimes (void); /* the folder with python/ and node/ */
const char *kelvin_path_data (void);     /* prices.json, samples/, templates/ */

/* The AppArmor profile that lets kelvin-launcher make user namespaces */
const char *kelvin_path_apparmor_profile (void);

/* --data-dir, else $KELVIN_DATA_DIR, else $XDG_DATA_HOME/kelvin. @option is nullable. (transfer
 * full) */
char *kelvin_path_user_data (const char *option);

G_END_DECLS
