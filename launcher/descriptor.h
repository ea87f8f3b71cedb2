#pragma once

#include <unistd.h>

/* A descriptor that is closed when its variable goes out of scope. */
#define AUTO_CLOSE __attribute__ ((cleanup (descriptor_clear)))

static inline void
descriptor_clear (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static inline int
descriptor_steal (int *fd)
{
  int taken = *fd;

  *fd = -1;
  return taken;
}
