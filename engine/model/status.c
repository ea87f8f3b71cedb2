#include "engine/model/status.h"

static const char *const statuses[] = {
  [KELVIN_STATUS_RUNNING] = "running",
  [KELVIN_STATUS_OK] = "ok",
  [KELVIN_STATUS_ERROR] = "error",
  [KELVIN_STATUS_TIMEOUT] = "timeout",
  [KELVIN_STATUS_OUT_OF_MEMORY] = "out-of-memory",
  [KELVIN_STATUS_THROTTLED] = "throttled",
  [KELVIN_STATUS_CANCELLED] = "cancelled",
  [KELVIN_STATUS_INTERRUPTED] = "interrupted",
};

static const char *const starts[] = {
  [KELVIN_START_NONE] = NULL,           [KELVIN_START_COLD] = "cold",
  [KELVIN_START_WARM] = "warm",         [KELVIN_START_PROVISIONED] = "provisioned",
  [KELVIN_START_RESTORED] = "restored",
};

static const char *const run_kinds[] = {
  [KELVIN_RUN_INVOKE] = "invoke", [KELVIN_RUN_PROFILE] = "profile", [KELVIN_RUN_LOAD] = "load",
  [KELVIN_RUN_TUNE] = "tune",     [KELVIN_RUN_DRILL] = "drill",     [KELVIN_RUN_SERVE] = "serve",
};

static const char *
word_at (const char *const *words, gsize n, guint index)
{
  g_return_val_if_fail (index < n, NULL);

  return words[index];
}

static gboolean
find_word (const char *const *words, gsize n, const char *text, guint *out_index)
{
  for (guint i = 0; i < n; i++)
    {
      if (text != NULL && g_strcmp0 (words[i], text) == 0)
        {
          *out_index = i;
          return TRUE;
        }
    }

  return FALSE;
}

const char *
kelvin_status_to_string (KelvinStatus status)
{
  return word_at (statuses, G_N_ELEMENTS (statuses), status);
}

gboolean
kelvin_status_from_string (const char *text, KelvinStatus *out_status)
{
  guint index = 0;

  if (!find_word (statuses, G_N_ELEMENTS (statuses), text, &index))
    return FALSE;

  *out_status = index;
  return TRUE;
}

const char *
kelvin_start_to_string (KelvinStart start)
{
  return word_at (starts, G_N_ELEMENTS (starts), start);
}

gboolean
kelvin_start_from_string (const char *text, KelvinStart *out_start)
{
  guint index = 0;

  if (!find_word (starts, G_N_ELEMENTS (starts), text, &index))
    return FALSE;

  *out_start = index;
  return TRUE;
}

const char *
kelvin_run_kind_to_string (KelvinRunKind kind)
{
  return word_at (run_kinds, G_N_ELEMENTS (run_kinds), kind);
}

gboolean
kelvin_run_kind_from_string (const char *text, KelvinRunKind *out_kind)
{
  guint index = 0;

  if (!find_word (run_kinds, G_N_ELEMENTS (run_kinds), text, &index))
    return FALSE;

  *out_kind = index;
  return TRUE;
}
