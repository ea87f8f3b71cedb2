/* place: engine/bad.c */
int bad;	
