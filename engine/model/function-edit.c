#include "engine/model/function-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/fd.h"
#include "engine/model/json-text.h"

/* A name below Tags may hold dots; the other paths have at most three parts. */
static char **
split_path (const char *path)
{
  return g_strsplit (path, ".", g_str_has_prefix (path, "Tags.") ? 2 : 3);
}

/* The object that holds the last part of the path, made on the way where @make says so. */
static JsonObject *
find_holder (JsonObject *object, char **parts, gboolean make)
{
  for (guint i = 0; parts[i + 1] != NULL; i++)
    {
      JsonNode *member = json_object_get_member (object, parts[i]);
      gboolean is_object = member != NULL && JSON_NODE_HOLDS_OBJECT (member);

      if (!is_object && !make)
        return NULL;
      if (!is_object)
        json_object_set_object_member (object, parts[i], json_object_new ());
      object = json_object_get_object_member (object, parts[i]);
    }

  return object;
}

KelvinFunction *
kelvin_function_edit (KelvinFunction *self, const char *path, JsonNode *value, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (path != NULL && *path != '\0', NULL);

  g_autoptr (JsonNode) document = kelvin_function_to_json (self);
  g_auto (GStrv) parts = split_path (path);
  const char *last = parts[g_strv_length (parts) - 1];
  JsonObject *holder = find_holder (json_node_get_object (document), parts, value != NULL);

  if (value != NULL)
    json_object_set_member (holder, last, json_node_copy (value));
  else if (holder != NULL)
    json_object_remove_member (holder, last);

  g_autofree char *text = kelvin_json_to_text (document, KELVIN_JSON_PRETTY);
  return kelvin_function_parse (self->dir, text, -1, error);
}

static gboolean
set_save_error (const KelvinFunction *self, const char *step, GError **error)
{
  int saved_errno = errno;

  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNREADABLE,
               "%s: cannot be saved: %s: %s", self->file, step, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

/* A link stays a link: the file that it leads to is replaced. */
static char *
resolve_target (const KelvinFunction *self)
{
  char *resolved = realpath (self->file, NULL);
  char *target = g_strdup (resolved != NULL ? resolved : self->file);

  free (resolved);
  return target;
}

static gboolean
write_beside (const KelvinFunction *self, const char *target, const char *temporary, int fd,
              GError **error)
{
  struct stat old;
  mode_t mode = stat (target, &old) == 0 ? old.st_mode & 07777 : 0644;

  if (!write_all (fd, self->text, strlen (self->text)))
    return set_save_error (self, "write", error);
  if (fchmod (fd, mode) != 0)
    return set_save_error (self, "set its mode", error);
  if (fsync (fd) != 0)
    return set_save_error (self, "sync", error);
  if (rename (temporary, target) != 0)
    return set_save_error (self, "rename", error);

  return TRUE;
}

/* After this the new name survives a power loss; where a file system can't, nothing is lost. */
static void
sync_folder (const char *target)
{
  g_autofree char *folder = g_path_get_dirname (target);
  g_auto (KelvinFd) fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0)
    (void) fsync (fd);
}

gboolean
kelvin_function_save (KelvinFunction *self, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), FALSE);

  g_autofree char *target = resolve_target (self);
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *temporary = g_build_filename (folder, ".function.json.XXXXXX", NULL);
  g_auto (KelvinFd) fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return set_save_error (self, "make a new file beside it", error);
  if (!write_beside (self, target, temporary, fd, error))
    {
      (void) unlink (temporary);
      return FALSE;
    }

  sync_folder (target);
  return TRUE;
}
