/* place: engine/bad.c */
#include <fcntl.h>

int
bad (void)
{
  return open ("/dev/null", O_RDONLY);
}
