#pragma once

/* The filter of system calls for what runs in a sandbox: filter-table.c and filter-make.c say what
 * passes. */

/* For this process and all that it starts, for good; privileges_drop comes first. 0, or -1 with
 * errno. Allocates nothing. */
int filter_install (void);
