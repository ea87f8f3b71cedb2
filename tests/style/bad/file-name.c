/* place: engine/utils.c */
