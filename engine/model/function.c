#include "engine/model/function.h"
