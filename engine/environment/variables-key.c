#include "engine/environment/variables-key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "engine/environment/code-store.h"
#include "engine/fd.h"

#define KEY_BYTES 32

static gboolean
write_new_key (int fd)
{
  guint8 key[KEY_BYTES];

  return getrandom (key, sizeof key, 0) == sizeof key &&
         write (fd, key, sizeof key) == sizeof key && fsync (fd) == 0;
}

/* The first of several processes wins; each goes on to read what is there then. */
static void
make_key (const char *key_file)
{
  g_autofree char *temporary = g_strconcat (key_file, ".XXXXXX", NULL);
  g_auto (KelvinFd) fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0)
    return;
  if (write_new_key (fd))
    (void) !link (temporary, key_file);
  unlink (temporary);
}

char *
kelvin_variables_key_hash (const char *key_file, const char *text, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *key = NULL;
  gsize length = 0;

  if (!g_file_test (key_file, G_FILE_TEST_EXISTS))
    make_key (key_file);
  if (!g_file_get_contents (key_file, &key, &length, &problem))
    {
      g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
                   "%s: cannot be made or read: %s", key_file, problem->message);
      return NULL;
    }

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) key, length, text,
                                    (gssize) strlen (text));
}
