#include "engine/model/invocation.h"
