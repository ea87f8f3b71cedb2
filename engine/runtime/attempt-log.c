#include "engine/runtime/attempt-log.h"
