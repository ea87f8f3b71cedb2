#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  KELVIN_DIFF_SAME,
  KELVIN_DIFF_REMOVED,
  KELVIN_DIFF_ADDED,
  KELVIN_DIFF_LEFT_OUT, /* lines that are the same, far from any change; the text is empty */
} KelvinDiffKind;

typedef struct {
  KelvinDiffKind kind;
  char *text; /* a line without its end */
} KelvinDiffLine;

/* How one text becomes another, line by line, with @context lines around each change. Meant for
 * small edits: it looks for each line within the next 50. Pure. (element-type KelvinDiffLine)
 * (transfer full) */
GArray *kelvin_line_diff (const char *before, const char *after, guint context);

G_END_DECLS
