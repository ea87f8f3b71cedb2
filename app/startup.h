#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What both programs, kelvin and kelvin-window, do before anything else: locale, name, standard
 * descriptors, signals. */
void kelvin_startup (void);

G_END_DECLS
