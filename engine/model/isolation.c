#include "engine/model/isolation.h"

static const char *const words[] = {
  [KELVIN_ISOLATION_NAMESPACES] = "namespaces",
  [KELVIN_ISOLATION_PROCESS] = "process",
};

const char *
kelvin_isolation_to_string (KelvinIsolation isolation)
{
  g_return_val_if_fail (isolation < G_N_ELEMENTS (words), NULL);

  return words[isolation];
}

gboolean
kelvin_isolation_from_string (const char *text, KelvinIsolation *out_isolation)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (text, words[i]) == 0)
      {
        *out_isolation = i;
        return TRUE;
      }
  return FALSE;
}
