#include "engine/model/transition.h"
