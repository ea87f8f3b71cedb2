#pragma once

/* The filter of system calls for what runs in a sandbox. It is made once, before the first sandbox,
 * since making it allocates; installing it doesn't. */

/* 0, or -1 with errno. */
int filter_make (void);

/* For this process and all that it starts, for good; privileges_drop comes first. 0, or -1 with
 * errno. */
int filter_install (void);
