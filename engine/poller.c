#include "engine/poller.h"

#include <errno.h>
#include <sys/epoll.h>

#include "engine/fd.h"

struct _KelvinWatch {
  KelvinPoller *poller;
  int fd;
  KelvinWatchFunc func; /* NULL once removed */
  gpointer user_data;
};

struct _KelvinPoller {
  GSource *source;
  int epoll_fd;
  guint n_watches;
  gboolean dispatching;
  GPtrArray *removed; /* watches that the running batch of events may still point to */
};

typedef struct {
  GSource source;
  KelvinPoller *poller;
} PollerSource;

/* As many as a busy engine sees ready at once; more simply come in the next turn. */
#define EVENTS_PER_TURN 64

static gboolean
poller_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  KelvinPoller *self = ((PollerSource *) source)->poller;
  struct epoll_event events[EVENTS_PER_TURN];
  int n = epoll_wait (self->epoll_fd, events, EVENTS_PER_TURN, 0);

  self->dispatching = TRUE;
  for (int i = 0; i < n; i++)
    {
      KelvinWatch *watch = events[i].data.ptr;

      if (watch->func != NULL)
        watch->func (watch->fd, events[i].events, watch->user_data);
    }
  self->dispatching = FALSE;
  g_ptr_array_set_size (self->removed, 0);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs poller_source_funcs = {
  .dispatch = poller_source_dispatch,
};

KelvinPoller *
kelvin_poller_new (GMainContext *context)
{
  KelvinPoller *self = g_new0 (KelvinPoller, 1);

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("epoll_create1: %s", g_strerror (errno));
  self->removed = g_ptr_array_new_with_free_func (g_free);
  self->source = g_source_new (&poller_source_funcs, sizeof (PollerSource));
  ((PollerSource *) self->source)->poller = self;
  g_source_set_static_name (self->source, "kelvin-poller");
  g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);
  g_source_attach (self->source, context);

  return self;
}

void
kelvin_poller_free (KelvinPoller *self)
{
  g_return_if_fail (self->n_watches == 0);
  g_return_if_fail (!self->dispatching);

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->removed);
  close (self->epoll_fd);
  g_free (self);
}

KelvinWatch *
kelvin_poller_add (KelvinPoller *self, int fd, guint32 events, KelvinWatchFunc func,
                   gpointer user_data)
{
  g_return_val_if_fail (func != NULL, NULL);

  KelvinWatch *watch = g_new0 (KelvinWatch, 1);
  struct epoll_event event = { .events = events, .data.ptr = watch };

  watch->poller = self;
  watch->fd = fd;
  watch->func = func;
  watch->user_data = user_data;
  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
    g_error ("epoll_ctl, adding descriptor %d: %s", fd, g_strerror (errno));
  self->n_watches++;

  return watch;
}

void
kelvin_watch_set_events (KelvinWatch *watch, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  if (epoll_ctl (watch->poller->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event) < 0)
    g_error ("epoll_ctl, changing descriptor %d: %s", watch->fd, g_strerror (errno));
}

void
kelvin_watch_remove (KelvinWatch *watch)
{
  if (watch == NULL)
    return;

  KelvinPoller *self = watch->poller;

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL) < 0)
    g_critical ("epoll_ctl, removing descriptor %d: %s", watch->fd, g_strerror (errno));
  watch->func = NULL;
  self->n_watches--;
  if (self->dispatching)
    g_ptr_array_add (self->removed, watch);
  else
    g_free (watch);
}
