/* place: engine/model/bad.c */
#include "engine/history/store.h"
