#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one of @candidates (NULL-terminated) that a person may have meant by @name: at most two
 * letters inserted, removed, changed or swapped, letters' case aside. NULL where none is near. */
const char *kelvin_name_suggestion (const char *name, const char *const *candidates);

G_END_DECLS
