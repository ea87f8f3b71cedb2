#pragma once

#include "engine/analysis/import-profile.h"
#include "engine/model/phase.h"

G_BEGIN_DECLS

/* One cold start as spans of time within each other: its phases, and what init and the handler
 * loaded. For other programs to look at. */
typedef struct {
  char *name;
  const char *category; /* "start", "phase", "import", "code"; static */
  char *file;           /* nullable */
  guint line;           /* 0 unknown */
  int parent;           /* of a lower index; -1: none */
  gint64 start_ns;
  gint64 end_ns;
} KelvinTimeSpan;

typedef struct {
  char *title;
  GArray *spans; /* of KelvinTimeSpan: each within its parent, after it, in order of time */
} KelvinTimeline;

/* The start that @imports shows; NULL where none was recorded. */
KelvinTimeline *kelvin_timeline_new (const char *function_name, KelvinImportProfile *imports);
void kelvin_timeline_free (KelvinTimeline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinTimeline, kelvin_timeline_free)

typedef enum {
  KELVIN_TIMELINE_SPEEDSCOPE, /* speedscope.app, an evented profile */
  KELVIN_TIMELINE_CHROME,     /* the Trace Event Format, complete events */
  KELVIN_TIMELINE_COLLAPSED,  /* a stack a line, and its own microseconds */
} KelvinTimelineFormat;
/* FALSE: there is no such format. */
gboolean kelvin_timeline_format_from_string (const char *name, KelvinTimelineFormat *out_format);
char *kelvin_timeline_export (const KelvinTimeline *self, KelvinTimelineFormat format);

G_END_DECLS
