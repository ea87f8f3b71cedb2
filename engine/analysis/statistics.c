#include "engine/analysis/statistics.h"
