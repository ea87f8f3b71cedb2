#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a bootstrap told of the imports of one start. Whatever the function's code could write is
 * checked: a report that isn't as it must be is refused as a whole, and times are held to what can
 * be. That figures are what they were is the word of the bootstrap, which runs beside that code. */

#define KELVIN_IMPORT_ERROR (kelvin_import_error_quark ())
typedef enum {
  KELVIN_IMPORT_ERROR_MALFORMED,
  KELVIN_IMPORT_ERROR_TOO_LARGE,
  KELVIN_IMPORT_ERROR_NONE, /* nothing was told */
} KelvinImportError;
GQuark kelvin_import_error_quark (void);

/* As many as a bootstrap tells of. */
#define KELVIN_MOST_IMPORTS 20000
/* The deepest nesting; an interpreter's own limit of recursion comes first. */
#define KELVIN_DEEPEST_IMPORT 400

typedef enum {
  KELVIN_IMPORT_FAILED = 1 << 0,
  KELVIN_IMPORT_IN_THREAD = 1 << 1,  /* by a thread other than the one that loads the handler */
  KELVIN_IMPORT_IN_HANDLER = 1 << 2, /* after init */
  KELVIN_IMPORT_COMPILED = 1 << 3,   /* no byte code of it was found */
} KelvinImportFlags;

/* One module that was loaded. Times are nanoseconds since init began. */
typedef struct {
  char *name;
  int parent; /* the one during which it was loaded, always of a lower index; -1: none */
  gint64 start_ns;
  gint64 end_ns;
  gint64 self_ns;      /* without the modules loaded meanwhile */
  gint64 loading_ns;   /* of self: finding, reading and compiling it, before its own code ran */
  gint64 loaded_ns;    /* when its code was found, read and compiled, and began to run; 0 unknown */
  gint64 compile_ns;   /* of the time before */
  const char *kind;    /* interned: "source", "native", "built-in", … */
  char *file;          /* nullable: as it is called inside the sandbox */
  gint64 size_bytes;   /* of the file; -1 unknown */
  char *importer;      /* nullable: the file whose statement it was */
  guint line;          /* of that statement; 0 unknown */
  char *statement;     /* nullable: that line's text, where somebody who can read it added it */
  gint64 memory_bytes; /* by which the process grew meanwhile; G_MININT64 unknown */
  KelvinImportFlags flags;
} KelvinImport;

typedef struct {
  GArray *imports;   /* of KelvinImport, in the order in which they began */
  GPtrArray *opened; /* nullable: of char *, the files that were opened */
  gint64 cost_ns;    /* of writing one import down, as measured in the process itself */
  gboolean full;     /* there were more than could be told */
} KelvinImportReport;

/* Reads what follows a mark (launcher/protocol.h): documents, each behind its length as a
 * little-endian uint32. Any thread; takes up to some tens of milliseconds. */
KelvinImportReport *kelvin_import_report_parse (GBytes *bytes, GError **error);
void kelvin_import_report_free (KelvinImportReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinImportReport, kelvin_import_report_free)

/* The sum of all self times of init: what its imports account for. */
gint64 kelvin_import_report_get_init_ns (KelvinImportReport *self);

G_END_DECLS
