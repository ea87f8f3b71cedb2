#pragma once

/* Gives up every capability, for this process and all that it will execute, for good. 0, or -1 with
 * errno. */
int privileges_drop (void);

/* The same for a process that may have none, and then can't give them up. */
int privileges_give_up (void);
