#include "engine/environment/code-store.h"
