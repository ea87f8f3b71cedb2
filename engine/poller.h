#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One epoll descriptor that is one GSource: the descriptors of all environments hang on it, so the
 * number of sources that the main context looks at doesn't grow with them. Used on the thread of
 * its context alone. */
typedef struct _KelvinPoller KelvinPoller;
typedef struct _KelvinWatch KelvinWatch;

/* @events is a mask of EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR… A watch may be removed, and others
 * added or removed, inside any callback; a removed watch is never called again. */
typedef void (*KelvinWatchFunc) (int fd, guint32 events, gpointer user_data);

KelvinPoller *kelvin_poller_new (GMainContext *context);
void kelvin_poller_free (KelvinPoller *self); /* every watch must be gone */

/* Level-triggered. The descriptor stays the caller's, who removes the watch before closing it. */
KelvinWatch *kelvin_poller_add (KelvinPoller *self, int fd, guint32 events, KelvinWatchFunc func,
                                gpointer user_data);
void kelvin_watch_set_events (KelvinWatch *watch, guint32 events);
void kelvin_watch_remove (KelvinWatch *watch); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinPoller, kelvin_poller_free)

G_END_DECLS
