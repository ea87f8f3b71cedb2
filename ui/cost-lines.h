#pragma once

#include "engine/analysis/cost.h"
#include "engine/model/invocation.h"
#include "ui/facts.h"

G_BEGIN_DECLS

/* Every line of what one call costs, with the rule behind each. */
void kelvin_cost_lines_show_call (KelvinFacts *facts, KelvinPriceTable *prices,
                                  const KelvinUse *use);
/* The same for a month of calls. */
void kelvin_cost_lines_show_month (KelvinFacts *facts, KelvinPriceTable *prices,
                                   const KelvinMonth *month);

/* All digits of an amount, no more: "$0.000000256251"; with @decimals ≥ 0 that many. (transfer
 * full) */
char *kelvin_format_usd_exact (gint64 pico_usd, int decimals);

G_END_DECLS
