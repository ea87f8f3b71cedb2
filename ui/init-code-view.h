#pragma once

#include <adwaita.h>

#include "ui/init-code.h"

G_BEGIN_DECLS

/* Init code, by import: a flame graph and a table. A module leads to the line that imported it, by
 * the action win.show-line. */
#define KELVIN_TYPE_INIT_CODE_VIEW (kelvin_init_code_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinInitCodeView, kelvin_init_code_view, KELVIN, INIT_CODE_VIEW, AdwBin)

/* Copies what it needs. */
void kelvin_init_code_view_set_init_code (KelvinInitCodeView *self, const KelvinInitCode *code);

G_END_DECLS
