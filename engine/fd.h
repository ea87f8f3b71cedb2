#pragma once

#include <glib.h>
#include <unistd.h>

G_BEGIN_DECLS

/* Descriptors have one owner: a variable declared `g_auto (KelvinFd) fd = -1;` closes its own. */
typedef int KelvinFd;

static inline void
kelvin_fd_clear (KelvinFd *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (KelvinFd, close, -1)

static inline int
kelvin_fd_steal (KelvinFd *fd)
{
  int taken = *fd;

  *fd = -1;
  return taken;
}

G_END_DECLS
