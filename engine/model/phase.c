#include "engine/model/phase.h"
