#pragma once

/* Serves the engine until its socket ends; every sandbox ends then too. Returns the exit status of
 * the program. */
int server_run (int engine);
