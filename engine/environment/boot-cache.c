#include "engine/environment/boot-cache.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/fd.h"

/* A file is this head, the name of the boot, and the value, which has to begin at a multiple of 8.
 */
#define BOOT_BYTES 36 /* of a UUID's text */
#define HEAD_BYTES 40

static const char *
boot_name (void)
{
  static char *name = NULL;

  if (g_once_init_enter (&name))
    {
      char *text = NULL;
      gboolean read = g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL);

      g_once_init_leave (&name, read && strlen (text) >= BOOT_BYTES ? text : g_strdup (""));
    }

  return name;
}

GVariant *
kelvin_boot_cache_load (const char *path, const GVariantType *type)
{
  g_autofree char *data = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &data, &length, NULL) || length < HEAD_BYTES ||
      *boot_name () == '\0' || strncmp (data, boot_name (), BOOT_BYTES) != 0)
    return NULL;

  char *whole = g_steal_pointer (&data);
  return g_variant_ref_sink (g_variant_new_from_data (type, whole + HEAD_BYTES, length - HEAD_BYTES,
                                                      FALSE, g_free, whole));
}

static gboolean
write_value (int fd, GVariant *value)
{
  char head[HEAD_BYTES] = { 0 };
  gsize size = g_variant_get_size (value);
  g_autofree char *data = g_malloc (HEAD_BYTES + size);

  memcpy (head, boot_name (), MIN (strlen (boot_name ()), (gsize) BOOT_BYTES));
  memcpy (data, head, HEAD_BYTES);
  g_variant_store (value, data + HEAD_BYTES);
  return write (fd, data, HEAD_BYTES + size) == (gssize) (HEAD_BYTES + size);
}

void
kelvin_boot_cache_save (const char *path, GVariant *value)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  g_auto (KelvinFd) fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);

  if (fd >= 0 && (!write_value (fd, owned) || rename (temporary, path) != 0))
    unlink (temporary);
}
