#include "engine/environment/launcher.h"
