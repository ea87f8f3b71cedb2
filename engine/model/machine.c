#include "engine/model/machine.h"
