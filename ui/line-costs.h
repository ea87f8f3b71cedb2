#pragma once

#include "engine/engine.h"
#include "ui/init-code.h"

G_BEGIN_DECLS

/* What the lines of a function's files cost at each cold start, as last measured. Signal
 * "changed". */
#define KELVIN_TYPE_LINE_COSTS (kelvin_line_costs_get_type ())
G_DECLARE_FINAL_TYPE (KelvinLineCosts, kelvin_line_costs, KELVIN, LINE_COSTS, GObject)

KelvinLineCosts *kelvin_line_costs_new (void);

/* Takes the costs out of @code; NULL: nothing is known. */
void kelvin_line_costs_set_init_code (KelvinLineCosts *self, const KelvinInitCode *code);
/* Reads them from the newest profile in the history, once; what was set meanwhile stays. */
void kelvin_line_costs_load (KelvinLineCosts *self, KelvinEngine *engine,
                             const char *function_name);

typedef struct {
  char *file;      /* below the function's folder */
  char *statement; /* the line's text when it was measured, without the spaces around it */
  guint line;      /* where it stood then, from 1 on */
  double ms;
} KelvinCostOfLine;
/* (element-type KelvinCostOfLine) (transfer none) */
GArray *kelvin_line_costs_get (KelvinLineCosts *self);

G_END_DECLS
