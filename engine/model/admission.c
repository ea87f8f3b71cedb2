#include "engine/model/admission.h"

#include <string.h>

static const char *const words[] = {
  [KELVIN_ADMISSION_SERVICE] = "service",
  [KELVIN_ADMISSION_MACHINE] = "machine",
  [KELVIN_ADMISSION_FREE] = "free",
};

const char *
kelvin_admission_to_string (KelvinAdmission admission)
{
  g_return_val_if_fail (admission < G_N_ELEMENTS (words), NULL);

  return words[admission];
}

gboolean
kelvin_admission_from_string (const char *text, KelvinAdmission *out_admission)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i], text) == 0)
      {
        *out_admission = i;
        return TRUE;
      }
  return FALSE;
}
