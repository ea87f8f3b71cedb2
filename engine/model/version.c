#include "engine/model/version.h"
