#include "engine/runtime/runtime-api.h"
