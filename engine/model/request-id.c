#include "engine/model/request-id.h"
