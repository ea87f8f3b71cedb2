#include "engine/install-paths.h"
