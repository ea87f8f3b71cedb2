#include "engine/dispatch/dispatcher.h"
