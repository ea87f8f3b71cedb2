#include "engine/environment/code-index.h"

#include <string.h>

#include "engine/environment/boot-cache.h"

/* the content hash, and of each file: path, stamp (size, mtime, ctime, inode), digest */
#define INDEX_TYPE "(sa(aytxxtay))"

/* Both lists are sorted by path, so one pass meets each pair. */
static void
recall_file (KelvinCodeScan *scan, guint *at, const char *path, const KelvinCodeStamp *stamp,
             GVariant *digest)
{
  gsize length = 0;
  const guint8 *bytes = g_variant_get_fixed_array (digest, &length, 1);

  for (; *at < scan->entries->len; (*at)++)
    {
      KelvinCodeEntry *entry = g_ptr_array_index (scan->entries, *at);
      int order = strcmp (entry->path, path);

      if (order > 0)
        return;
      if (order < 0)
        continue;
      if (entry->kind == KELVIN_CODE_ENTRY_FILE && length == sizeof entry->digest &&
          kelvin_code_stamp_equal (&entry->stamp, stamp))
        {
          memcpy (entry->digest, bytes, sizeof entry->digest);
          entry->has_digest = TRUE;
        }
      return;
    }
}

char *
kelvin_code_index_recall (const char *path, KelvinCodeScan *scan)
{
  g_autoptr (GVariant) value = kelvin_boot_cache_load (path, G_VARIANT_TYPE (INDEX_TYPE));
  if (value == NULL)
    return NULL;

  g_autoptr (GVariantIter) files = NULL;
  const char *hash;
  const char *file;
  KelvinCodeStamp stamp;
  GVariant *digest;
  guint at = 0;

  g_variant_get (value, "(&sa(aytxxtay))", &hash, &files);
  while (g_variant_iter_next (files, "(^&aytxxt@ay)", &file, &stamp.size, &stamp.mtime_ns,
                              &stamp.ctime_ns, &stamp.inode, &digest))
    {
      recall_file (scan, &at, file, &stamp, digest);
      g_variant_unref (digest);
    }

  return g_strdup (hash);
}

static void
add_file (GVariantBuilder *files, const KelvinCodeEntry *entry)
{
  GVariant *digest =
      g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, entry->digest, sizeof entry->digest, 1);

  g_variant_builder_add (files, "(^aytxxt@ay)", entry->path, entry->stamp.size,
                         entry->stamp.mtime_ns, entry->stamp.ctime_ns, entry->stamp.inode, digest);
}

void
kelvin_code_index_keep (const char *path, const KelvinCodeScan *scan, const char *hash)
{
  GVariantBuilder files;

  g_variant_builder_init (&files, G_VARIANT_TYPE ("a(aytxxtay)"));
  for (guint i = 0; i < scan->entries->len; i++)
    {
      const KelvinCodeEntry *entry = g_ptr_array_index (scan->entries, i);

      if (entry->kind == KELVIN_CODE_ENTRY_FILE && entry->has_digest &&
          !kelvin_code_stamp_is_too_new (&entry->stamp, scan->started_ns))
        add_file (&files, entry);
    }

  kelvin_boot_cache_save (path, g_variant_new (INDEX_TYPE, hash, &files));
}
