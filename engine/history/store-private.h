#pragma once

#include "engine/history/readers.h"
#include "engine/history/store.h"

G_BEGIN_DECLS

/* For the files that hold the queries. */
KelvinReaders *kelvin_store_get_readers (KelvinStore *self);

G_END_DECLS
