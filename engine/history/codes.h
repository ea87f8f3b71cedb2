#pragma once

#include "engine/model/door-record.h"
#include "engine/model/status.h"
#include "engine/model/transition.h"

G_BEGIN_DECLS

/* The numbers that stand for words in the database. They never change, whatever the order of the
 * enums is. */
int kelvin_code_of_status (KelvinStatus status);
int kelvin_code_of_start (KelvinStart start); /* 0, stored as NULL, for KELVIN_START_NONE */
int kelvin_code_of_run_kind (KelvinRunKind kind);
int kelvin_code_of_state (KelvinState state);
int kelvin_code_of_door_end (KelvinDoorEnd end);

/* FALSE for a number that stands for nothing: the database is damaged. */
gboolean kelvin_code_to_status (int code, KelvinStatus *out_status);
gboolean kelvin_code_to_start (int code, KelvinStart *out_start);
gboolean kelvin_code_to_run_kind (int code, KelvinRunKind *out_kind);
gboolean kelvin_code_to_state (int code, KelvinState *out_state);
gboolean kelvin_code_to_door_end (int code, KelvinDoorEnd *out_end);

G_END_DECLS
