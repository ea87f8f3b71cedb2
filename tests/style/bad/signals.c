/* place: launcher/pid1.c */
#include <signal.h>

void
end_everything (void)
{
  kill (-1, SIGKILL);
}
