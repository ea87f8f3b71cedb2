#include "engine/install-paths.h"

#include "config.h"

typedef struct {
  const char *launcher;
  const char *window;
  const char *runtimes;
  const char *data;
  const char *apparmor_profile;
} Places;

static const Places built = {
  .launcher = KELVIN_BUILD_DIR "/launcher/kelvin-launcher",
  .window = KELVIN_BUILD_DIR "/app/kelvin-window",
  .runtimes = KELVIN_BUILD_DIR "/runtimes",
  .data = KELVIN_SOURCE_DIR "/data",
  .apparmor_profile = KELVIN_BUILD_DIR "/data/kelvin-launcher-built.apparmor",
};

static const Places installed = {
  .launcher = KELVIN_LIBEXECDIR "/kelvin-launcher",
  .window = KELVIN_LIBEXECDIR "/kelvin-window",
  .runtimes = KELVIN_PKGDATADIR "/runtimes",
  .data = KELVIN_PKGDATADIR,
  .apparmor_profile = KELVIN_PKGDATADIR "/apparmor/kelvin-launcher",
};

static gboolean
runs_from_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL && g_str_has_prefix (program, KELVIN_BUILD_DIR "/");
}

static const Places *
places (void)
{
  static const Places *chosen = NULL;

  if (g_once_init_enter (&chosen))
    g_once_init_leave (&chosen, runs_from_build_tree () ? &built : &installed);

  return chosen;
}

const char *
kelvin_path_launcher (void)
{
  return places ()->launcher;
}

const char *
kelvin_path_window (void)
{
  return places ()->window;
}

const char *
kelvin_path_runtimes (void)
{
  return places ()->runtimes;
}

const char *
kelvin_path_data (void)
{
  return places ()->data;
}

const char *
kelvin_path_apparmor_profile (void)
{
  return places ()->apparmor_profile;
}

char *
kelvin_path_user_data (const char *option)
{
  if (option != NULL)
    return g_canonicalize_filename (option, NULL);

  const char *variable = g_getenv ("KELVIN_DATA_DIR");
  if (variable != NULL && *variable != '\0')
    return g_canonicalize_filename (variable, NULL);

  return g_build_filename (g_get_user_data_dir (), "kelvin", NULL);
}
