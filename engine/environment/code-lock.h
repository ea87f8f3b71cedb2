#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Marks a stored copy as used now and takes a shared lock on it, so that no process prunes it.
 * Returns a descriptor that holds the lock until it is closed, or -1 where there is no such copy.
 * Blocking. */
int kelvin_code_lock (const char *copy);

/* Removes copies that nobody has locked: those not used for a week, and all but the 50 used last;
 * and what broken-off copying left. Blocking. */
void kelvin_code_prune (const char *code_dir);

G_END_DECLS
