#include "app/advice-report.h"

#include <math.h>

#include "app/output.h"

static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
print_saving (JsonObject *advice)
{
  JsonArray *interval = json_object_get_array_member (advice, "savesMsCI95");
  double ms = get_number (advice, "savesMs");
  double usd = get_number (advice, "savesPerMillionCallsUSD");
  KelvinStyle style =
      g_strcmp0 (get_text (advice, "verdict"), "helps") == 0 ? KELVIN_STYLE_GOOD : KELVIN_STYLE_DIM;
  g_autofree char *text = g_strdup_printf ("saves %.2f ms a cold start", ms);
  g_autofree char *styled = kelvin_styled (style, text);

  if (isnan (ms))
    return;
  kelvin_print ("  %s", styled);
  if (!json_array_get_null_element (interval, 0))
    kelvin_print (" [%.2f, %.2f]", json_array_get_double_element (interval, 0),
                  json_array_get_double_element (interval, 1));
  kelvin_print (", tried %.0f times: %s", get_number (advice, "tried"),
                get_text (advice, "verdict"));
  if (!isnan (usd))
    kelvin_print ("; $%.4f a million calls at this function's %.1f %% of cold starts", usd,
                  get_number (advice, "coldShare") * 100);
  kelvin_print ("\n");
}

static void
print_advice (JsonObject *advice)
{
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, get_text (advice, "title"));
  const char *file = get_text (advice, "file");
  double line = get_number (advice, "line");
  double month = get_number (advice, "perMonthUSD");

  kelvin_print ("%s", title);
  if (file != NULL && !isnan (line))
    kelvin_print ("  yours, %s line %.0f", file, line);
  kelvin_print ("\n");
  print_saving (advice);
  if (g_strcmp0 (get_text (advice, "verdict"), "answers-differ") == 0)
    kelvin_print ("  no advice: the function answered something else, or failed\n");
  if (!isnan (month))
    kelvin_print ("  $%.2f a month more\n", month);
  if (get_text (advice, "offeredRemark") != NULL)
    kelvin_print ("  %s\n", get_text (advice, "offeredRemark"));
  if (get_text (advice, "remedy") != NULL)
    kelvin_print ("  %s\n", get_text (advice, "remedy"));
  if (get_text (advice, "remark") != NULL)
    kelvin_print ("  %s\n", get_text (advice, "remark"));
}

void
kelvin_advice_report_print (JsonObject *profile)
{
  JsonNode *node = json_object_get_member (profile, "advice");
  JsonArray *list =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (list == NULL)
    return;

  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, "what would help, as measured");
  kelvin_print ("\n%s\n", title);
  for (guint i = 0; i < json_array_get_length (list); i++)
    print_advice (json_array_get_object_element (list, i));
}
