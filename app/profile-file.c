#include "app/profile-file.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

#include "engine/analysis/measured-run.h"
#include "engine/model/json-text.h"

#define DEPTH 64
/* A run of 100,000 samples with all phases fits in; what is larger is no profile. */
#define LARGEST_FILE (256 * 1024 * 1024)
#define LONGEST_NAME 64
#define FOLDER_MODE 0755

JsonNode *
kelvin_profile_text_parse (const char *text, gsize length, const char *what, GError **error)
{
  g_autoptr (GError) reason = NULL;
  JsonNode *node = kelvin_json_parse (text, length, DEPTH, &reason);

  if (node == NULL)
    g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                 "%s isn't whole JSON: %s; right is what `kelvin profile --json` printed", what,
                 reason->message);
  return node;
}

JsonNode *
kelvin_profile_file_read (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, &reason);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (info != NULL && g_file_info_get_size (info) > LARGEST_FILE)
    {
      g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                   "%s is too large for a profile: it has more than 256 MB", path);
      return NULL;
    }
  if (info == NULL || !g_file_get_contents (path, &text, &length, &reason))
    {
      g_set_error_literal (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                           reason->message);
      return NULL;
    }
  return kelvin_profile_text_parse (text, length, path, error);
}

char *
kelvin_baseline_get_path (const char *function_dir, const char *name, GError **error)
{
  static const char allowed[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.";
  gsize length = strlen (name);

  if (length == 0 || length > LONGEST_NAME || name[0] == '.' || strspn (name, allowed) != length)
    {
      g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                   "'%s' is no name for a baseline; right are up to %d letters, digits, '-', '_' "
                   "and '.', no '.' at the beginning",
                   name, LONGEST_NAME);
      return NULL;
    }

  g_autofree char *file = g_strconcat (name, ".json", NULL);
  return g_build_filename (function_dir, ".kelvin", "baselines", file, NULL);
}

gboolean
kelvin_baseline_save (const char *path, JsonNode *document, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = kelvin_json_to_text (document, KELVIN_JSON_PRETTY);

  if (g_mkdir_with_parents (folder, FOLDER_MODE) < 0)
    {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s can't be made: %s",
                   folder, g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents (path, text, -1, error);
}
