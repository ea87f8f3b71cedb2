#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What init loaded and ran, as a profile's document tells it. Plain data. */

typedef enum {
  KELVIN_INIT_PART_MODULE,
  KELVIN_INIT_PART_OWN_CODE, /* what a module of the function's own runs between its imports */
} KelvinInitPartKind;

typedef struct {
  KelvinInitPartKind kind;
  char *name;
  int parent; /* of a lower index; -1: none */
  guint depth;
  double start_ms;
  double end_ms;
  double self_ms;   /* of a module without own code that is a part of its own */
  double memory_mb; /* by which the process grew, an estimate; NAN unknown */
  double size_kb;   /* of its file; NAN unknown */
  gboolean compiled;
  gboolean failed;
  gboolean is_native;
  char *file;         /* nullable: the person's own file that a click leads to */
  guint line;         /* in it */
  guint last_line;    /* of own code; 0: to the end of the file */
  char *statement;    /* nullable: the text of that line when it was measured */
  const char *inside; /* nullable: the module of the person's import that it came with */
} KelvinInitPart;

typedef struct {
  GArray *parts; /* of KelvinInitPart, each after the one that it is part of, in order of time */
  guint n_modules;
  guint n_starts;
  double accounted_ms;
  double hook_percent; /* NAN unknown */
  guint64 package_bytes;
  guint64 opened_bytes;
  GPtrArray *unopened; /* of char *: "vendor/tests 2.1 MB"; the largest ones */
  char *problem;       /* nullable */
} KelvinInitCode;

/* @profile: the document of `kelvin profile --json`. NULL where it has no imports. */
KelvinInitCode *kelvin_init_code_new (JsonObject *profile);
void kelvin_init_code_free (KelvinInitCode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinInitCode, kelvin_init_code_free)

/* What each import statement of the function's own costs: the line's text and number, and all that
 * it loads. */
typedef struct {
  const char *file;
  const char *statement;
  guint line;
  double ms;
} KelvinLineCost;
/* (element-type KelvinLineCost): refers to @self */
GArray *kelvin_init_code_get_line_costs (const KelvinInitCode *self);

G_END_DECLS
