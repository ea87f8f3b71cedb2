#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The processes of a sandbox, pid 1 left out. In a pid namespace they are all that can be
 * signalled. Without one they are the descendants of its "pid 1", to which, as a subreaper, orphans
 * come back; and when that has ended, they come to the launcher, which is one too. */

/* From now on the processes are the descendants of this one. 0, or -1 with errno. */
int tree_of_descendants (void);
/* Else of the pid namespace. */
bool tree_is_of_descendants (void);

typedef void (*TreeVisit) (int proc, pid_t pid, void *data);

/* Calls @visit for each, with @proc the folder /proc. */
void tree_visit (TreeVisit visit, void *data);

/* A signal to each; of pid namespaces to all at one instant. */
void tree_signal (int number);

/* Ends all, and reaps; returns whether none is left. */
bool tree_clear (void);

/* Ends all descendants but the @n_spared children and what is below those, and reaps. Looks again
 * until none is left or it has looked for a while; returns whether none is. */
bool tree_end (const pid_t *spared, int n_spared);
