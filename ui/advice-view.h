#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What would help, as measured: a card for each advice. Trying is the action win.advise, a patch to
 * look at win.show-patch. */
#define KELVIN_TYPE_ADVICE_VIEW (kelvin_advice_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinAdviceView, kelvin_advice_view, KELVIN, ADVICE_VIEW, AdwBin)

/* @advice: the list of a profile's document; NULL: nothing was tried yet. */
void kelvin_advice_view_set_advice (KelvinAdviceView *self, JsonArray *advice);

G_END_DECLS
