#include "config.h"

#include "ui/draft.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define FIRST_LINE "kelvin draft 1\n"

KelvinDraft *
kelvin_draft_new (const char *path, const char *etag, const char *text)
{
  KelvinDraft *self = g_new0 (KelvinDraft, 1);

  self->path = g_strdup (path);
  self->etag = g_strdup (etag != NULL ? etag : "");
  self->text = g_strdup (text);
  return self;
}

void
kelvin_draft_free (KelvinDraft *self)
{
  g_free (self->path);
  g_free (self->etag);
  g_free (self->text);
  g_free (self);
}

char *
kelvin_draft_get_file (const char *drafts_dir, const char *path)
{
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);

  return g_build_filename (drafts_dir, name, NULL);
}

char *
kelvin_draft_format (const KelvinDraft *self)
{
  g_autofree char *path = g_strescape (self->path, NULL);
  g_autofree char *etag = g_strescape (self->etag, NULL);

  return g_strconcat (FIRST_LINE, path, "\n", etag, "\n\n", self->text, NULL);
}

KelvinDraft *
kelvin_draft_parse (const char *content)
{
  if (!g_str_has_prefix (content, FIRST_LINE) || !g_utf8_validate (content, -1, NULL))
    return NULL;

  g_auto (GStrv) lines = g_strsplit (content + strlen (FIRST_LINE), "\n", 4);
  if (g_strv_length (lines) < 4 || *lines[2] != '\0')
    return NULL;

  g_autofree char *path = g_strcompress (lines[0]);
  g_autofree char *etag = g_strcompress (lines[1]);
  return kelvin_draft_new (path, etag, lines[3]);
}

KelvinDraft *
kelvin_draft_read (const char *drafts_dir, const char *path)
{
  g_autofree char *file = kelvin_draft_get_file (drafts_dir, path);
  g_autofree char *content = NULL;

  if (!g_file_get_contents (file, &content, NULL, NULL))
    return NULL;

  g_autoptr (KelvinDraft) draft = kelvin_draft_parse (content);
  if (draft == NULL || !g_str_equal (draft->path, path))
    return NULL;

  return g_steal_pointer (&draft);
}

/* What is in an editor may hold secrets: nobody else reads it. */
gboolean
kelvin_draft_write (const KelvinDraft *self, const char *drafts_dir, GError **error)
{
  g_autofree char *file = kelvin_draft_get_file (drafts_dir, self->path);
  g_autofree char *content = kelvin_draft_format (self);

  if (g_mkdir_with_parents (drafts_dir, 0700) < 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   _ ("Unsaved changes can't be kept in %s: %s"), drafts_dir, g_strerror (errno));
      return FALSE;
    }

  return g_file_set_contents_full (file, content, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

void
kelvin_draft_remove (const char *drafts_dir, const char *path)
{
  g_autofree char *file = kelvin_draft_get_file (drafts_dir, path);

  g_unlink (file);
}
