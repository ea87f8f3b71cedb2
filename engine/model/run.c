#include "engine/model/run.h"
