/* place: engine/dispatch/bad.c */
#include "engine/engine.h"
