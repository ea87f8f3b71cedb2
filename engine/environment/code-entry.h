#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

#define KELVIN_CODE_DIGEST_BYTES 32 /* SHA-256 */

typedef enum {
  KELVIN_CODE_ENTRY_FILE = 'f',
  KELVIN_CODE_ENTRY_FOLDER = 'd',
  KELVIN_CODE_ENTRY_LINK = 'l',
  KELVIN_CODE_ENTRY_TREE = 't', /* dependencies; nothing below it is looked at */
} KelvinCodeEntryKind;

/* What tells without reading whether a file or folder was changed. */
typedef struct {
  guint64 size;
  gint64 mtime_ns;
  gint64 ctime_ns;
  guint64 inode;
} KelvinCodeStamp;

/* One thing in a function's folder. */
typedef struct {
  char *path; /* relative to the folder */
  KelvinCodeEntryKind kind;
  gboolean executable;
  KelvinCodeStamp stamp;
  char *target; /* of a link: where it leads, relative; of a tree: its absolute folder; else NULL */
  gboolean has_digest;
  guint8 digest[KELVIN_CODE_DIGEST_BYTES]; /* of a file's bytes */
} KelvinCodeEntry;

KelvinCodeEntry *kelvin_code_entry_new (const char *path, KelvinCodeEntryKind kind,
                                        const struct stat *info);
void kelvin_code_entry_free (KelvinCodeEntry *self);

KelvinCodeStamp kelvin_code_stamp_of (const struct stat *info);
gboolean kelvin_code_stamp_equal (const KelvinCodeStamp *a, const KelvinCodeStamp *b);

/* Could the thing be changed once more, after @now_ns, without its stamp showing it? File systems
 * stamp in steps of some milliseconds, some in whole seconds. */
gboolean kelvin_code_stamp_is_too_new (const KelvinCodeStamp *self, gint64 now_ns);
/* The time that file systems stamp with. It is compared with stamps alone, and is in no figure. */
gint64 kelvin_code_stamp_now_ns (void);

G_END_DECLS
