#include "engine/history/store.h"
