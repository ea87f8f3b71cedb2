#include "engine/model/status.h"
