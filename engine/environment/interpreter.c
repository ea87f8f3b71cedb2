#include "engine/environment/interpreter.h"
