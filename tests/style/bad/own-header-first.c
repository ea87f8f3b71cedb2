/* place: engine/clock.c */
#include <glib.h>

#include "engine/clock.h"
