#include "engine/events/endpoint.h"
