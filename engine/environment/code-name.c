#include "engine/environment/code-name.h"

#include <string.h>

static const char *const trees[] = { "node_modules", "site-packages", "vendor", NULL };

static const char *const left_out[] = {
  ".DS_Store", ".git", ".hg",   ".mypy_cache", ".pytest_cache",
  ".svn",      ".tox", ".venv", "__pycache__", NULL,
};

static const char *const left_out_at_top[] = { ".kelvin", "events", "function.json", NULL };

/* vim tries whether it can write by making a file of this name, or of a number above it */
static gboolean
is_vim_probe (const char *name)
{
  return strcmp (name, "4913") == 0;
}

gboolean
kelvin_code_name_is_editors (const char *name)
{
  return g_str_has_suffix (name, "~") || g_str_has_suffix (name, ".swp") ||
         g_str_has_suffix (name, ".swo") || g_str_has_suffix (name, ".swx") ||
         g_str_has_prefix (name, ".goutputstream-") || g_str_has_prefix (name, ".#") ||
         g_str_has_prefix (name, ".function.json.") ||
         (name[0] == '#' && g_str_has_suffix (name + 1, "#")) || is_vim_probe (name);
}

KelvinCodeName
kelvin_code_name_classify (const char *name, gboolean top)
{
  if (g_strv_contains (trees, name))
    return KELVIN_CODE_NAME_TREE;
  if (g_strv_contains (left_out, name) || kelvin_code_name_is_editors (name))
    return KELVIN_CODE_NAME_LEFT_OUT;
  if (top && g_strv_contains (left_out_at_top, name))
    return KELVIN_CODE_NAME_LEFT_OUT;

  return KELVIN_CODE_NAME_OWN;
}
