#include "engine/analysis/cost.h"
