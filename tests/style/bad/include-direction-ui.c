/* place: engine/history/bad.c */
#include "ui/window.h"
