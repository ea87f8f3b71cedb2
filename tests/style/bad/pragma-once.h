/* place: engine/bad.h */
int kelvin_bad (void);
