#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the name of a file or folder says about its part in a function. */
typedef enum {
  KELVIN_CODE_NAME_OWN,      /* the function's own code */
  KELVIN_CODE_NAME_TREE,     /* a folder of dependencies: node_modules, site-packages, vendor */
  KELVIN_CODE_NAME_LEFT_OUT, /* no code: version control, caches, editors' files, test events */
} KelvinCodeName;

/* @top: it lies in the function's folder itself. function.json and events/ there aren't code. */
KelvinCodeName kelvin_code_name_classify (const char *name, gboolean top);

/* A file that an editor makes beside the one that it edits. */
gboolean kelvin_code_name_is_editors (const char *name);

G_END_DECLS
