/* place: engine/environment/bad.c */
#include "launcher/pid1.h"
