#include "engine/analysis/advice.h"

#include <math.h>

#include "engine/analysis/money.h"
#include "engine/analysis/statistics.h"
#include "engine/model/json-member.h"

/* Nobody notices less of a cold start. */
#define LEAST_NOTICED_MS 0.5
#define CALLS 1000000

static void
clear_patch (gpointer data)
{
  KelvinPatch *patch = data;

  g_free (patch->file);
  g_free (patch->of_digest);
  g_free (patch->text);
}

KelvinAdvice *
kelvin_advice_new (KelvinAdviceKind kind, const char *title)
{
  KelvinAdvice *self = g_new0 (KelvinAdvice, 1);

  self->kind = kind;
  self->title = g_strdup (title);
  self->patches = g_array_new (FALSE, FALSE, sizeof (KelvinPatch));
  g_array_set_clear_func (self->patches, clear_patch);
  self->saved_ms = g_array_new (FALSE, FALSE, sizeof (double));
  self->month_pico_usd = -1;
  return self;
}

void
kelvin_advice_free (KelvinAdvice *self)
{
  g_free (self->title);
  g_free (self->file);
  g_free (self->remedy);
  g_free (self->remark);
  g_free (self->offered);
  g_array_unref (self->patches);
  g_array_unref (self->saved_ms);
  g_free (self);
}

void
kelvin_advice_add_patch (KelvinAdvice *self, const char *file, const char *of_digest,
                         const char *text)
{
  KelvinPatch patch = { g_strdup (file), g_strdup (of_digest), g_strdup (text) };

  g_array_append_val (self->patches, patch);
}

void
kelvin_advice_get_saving (const KelvinAdvice *self, double *out_ms, double *out_low_ms,
                          double *out_high_ms)
{
  KelvinSummary summary =
      kelvin_summary_of ((const double *) (const void *) self->saved_ms->data, self->saved_ms->len);

  *out_ms = summary.p50;
  *out_low_ms = summary.p50_low;
  *out_high_ms = summary.p50_high;
}

KelvinAdviceVerdict
kelvin_advice_get_verdict (const KelvinAdvice *self)
{
  double ms, low_ms, high_ms;

  if (self->answers_differ)
    return KELVIN_VERDICT_ANSWERS_DIFFER;
  kelvin_advice_get_saving (self, &ms, &low_ms, &high_ms);
  if (isnan (ms))
    return KELVIN_VERDICT_NOT_TRIED;
  if (isnan (low_ms) || isnan (high_ms))
    return KELVIN_VERDICT_UNCLEAR;
  if (low_ms > 0 && ms >= LEAST_NOTICED_MS)
    return KELVIN_VERDICT_HELPS;
  if (high_ms < 0)
    return KELVIN_VERDICT_HARMS;
  return high_ms < 2 * LEAST_NOTICED_MS ? KELVIN_VERDICT_NOT_WORTH_IT : KELVIN_VERDICT_UNCLEAR;
}

static const char *
kind_to_string (KelvinAdviceKind kind)
{
  static const char *const names[] = {
    [KELVIN_ADVICE_DEFER_IMPORT] = "defer-import", [KELVIN_ADVICE_DEFER_IMPORTS] = "defer-imports",
    [KELVIN_ADVICE_BYTE_CODE] = "byte-code",       [KELVIN_ADVICE_LEAVE_OUT] = "leave-out",
    [KELVIN_ADVICE_TOGETHER] = "together",         [KELVIN_ADVICE_BUNDLE] = "bundle",
    [KELVIN_ADVICE_PROVISIONED] = "provisioned",   [KELVIN_ADVICE_SNAPSHOT] = "snapshot",
  };

  return names[kind];
}

static const char *
verdict_to_string (KelvinAdviceVerdict verdict)
{
  static const char *const names[] = {
    [KELVIN_VERDICT_NOT_TRIED] = "not-tried",
    [KELVIN_VERDICT_HELPS] = "helps",
    [KELVIN_VERDICT_NOT_WORTH_IT] = "not-worth-it",
    [KELVIN_VERDICT_UNCLEAR] = "unclear",
    [KELVIN_VERDICT_HARMS] = "harms",
    [KELVIN_VERDICT_ANSWERS_DIFFER] = "answers-differ",
  };

  return names[verdict];
}

static void
set_number (JsonObject *object, const char *name, double value)
{
  if (isnan (value))
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, value);
}

static JsonArray *
describe_patches (const KelvinAdvice *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->patches->len; i++)
    {
      const KelvinPatch *patch = &g_array_index (self->patches, KelvinPatch, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "file", patch->file);
      kelvin_json_set_string (object, "ofSHA256", patch->of_digest);
      json_object_set_string_member (object, "text", patch->text);
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
set_saving (JsonObject *object, const KelvinAdvice *self, const KelvinColdWorth *worth)
{
  JsonArray *interval = json_array_new ();
  double ms, bounds[2];

  kelvin_advice_get_saving (self, &ms, &bounds[0], &bounds[1]);
  for (guint i = 0; i < 2; i++)
    if (isnan (bounds[i]))
      json_array_add_null_element (interval);
    else
      json_array_add_double_element (interval, bounds[i]);
  json_object_set_int_member (object, "tried", self->saved_ms->len);
  set_number (object, "savesMs", ms);
  json_object_set_array_member (object, "savesMsCI95", interval);
  set_number (object, "coldShare", worth->cold_share);
  set_number (object, "savesPerMillionCallsUSD",
              ms * worth->cold_share * CALLS *
                  kelvin_pico_usd_to_usd (worth->pico_usd_per_thousand_ms) / 1000);
}

static JsonObject *
describe_advice (const KelvinAdvice *self, const KelvinColdWorth *worth)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", kind_to_string (self->kind));
  json_object_set_string_member (object, "title", self->title);
  json_object_set_string_member (object, "verdict",
                                 verdict_to_string (kelvin_advice_get_verdict (self)));
  kelvin_json_set_string (object, "whose", self->file != NULL ? "own" : NULL);
  kelvin_json_set_string (object, "file", self->file);
  if (self->line > 0)
    json_object_set_int_member (object, "line", self->line);
  else
    json_object_set_null_member (object, "line");
  set_saving (object, self, worth);
  json_object_set_boolean_member (object, "offered", self->offered == NULL);
  kelvin_json_set_string (object, "offeredRemark", self->offered);
  kelvin_json_set_string (object, "remark", self->remark);
  kelvin_json_set_string (object, "remedy", self->remedy);
  if (self->month_pico_usd >= 0)
    json_object_set_double_member (object, "perMonthUSD",
                                   kelvin_pico_usd_to_usd (self->month_pico_usd));
  json_object_set_array_member (object, "patches", describe_patches (self));
  return object;
}

JsonArray *
kelvin_advice_list_to_json (GPtrArray *list, const KelvinColdWorth *worth)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (array, describe_advice (list->pdata[i], worth));
  return array;
}
