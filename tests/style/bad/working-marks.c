/* place: engine/bad.c */
/* TODO: do it */
