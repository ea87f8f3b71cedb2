#include "engine/environment/sandbox-plan.h"
