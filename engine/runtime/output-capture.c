#include "engine/runtime/output-capture.h"
