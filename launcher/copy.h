#pragma once

/* Copies the folder @source, with all in it, as @target, which is made. Links stay what they are;
 * files can't be written to in the copy. What is neither folder, file nor link is left out. 0, or
 * -1 with errno. */
int copy_folder (const char *source, const char *target);
