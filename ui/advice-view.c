#include "config.h"

#include "ui/advice-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/charts/duration.h"

struct _KelvinAdviceView {
  AdwBin parent_instance;

  GtkLabel *intro;
  GtkBox *cards;
  GtkButton *try_button;
};

G_DEFINE_FINAL_TYPE (KelvinAdviceView, kelvin_advice_view, ADW_TYPE_BIN)

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

static gboolean
is_verdict (JsonObject *advice, const char *verdict)
{
  return g_strcmp0 (get_text (advice, "verdict"), verdict) == 0;
}

static void
add_line (GtkBox *card, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  if (g_strcmp0 (style, "dim-label") == 0)
    gtk_widget_add_css_class (label, "caption");
  gtk_box_append (card, label);
}

/* "yours, app.py line 3 · tried 20 times" */
static char *
describe_origin (JsonObject *advice)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint tried = (guint) json_object_get_int_member_with_default (advice, "tried", 0);
  double line = get_number (advice, "line");

  if (get_text (advice, "file") != NULL && !isnan (line))
    /* Translators: the person's own file, and a line of it */
    g_string_append_printf (text, _ ("yours, %s line %.0f"), get_text (advice, "file"), line);
  else if (get_text (advice, "file") != NULL)
    g_string_append_printf (text, _ ("yours, %s"), get_text (advice, "file"));
  if (tried > 0)
    {
      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append_printf (text, ngettext ("tried once", "tried %u times", tried), tried);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A change of a time, with its sign: "−15.3" */
static void
append_change (GString *text, double saved_ms)
{
  g_string_append_printf (text, "%s%.1f", saved_ms >= 0 ? "−" : "+", fabs (saved_ms));
}

/* "−15.3 ms a cold start, 95 % in [−16.4, −14.1] ms" */
static char *
describe_saving (JsonObject *advice)
{
  JsonArray *interval = json_object_get_array_member (advice, "savesMsCI95");
  g_autoptr (GString) change = g_string_new (NULL);
  g_autoptr (GString) bounds = g_string_new (NULL);

  append_change (change, get_number (advice, "savesMs"));
  if (json_array_get_length (interval) != 2 || json_array_get_null_element (interval, 0))
    /* Translators: a time with its sign, in milliseconds */
    return g_strdup_printf (_ ("%s ms a cold start"), change->str);

  append_change (bounds, json_array_get_double_element (interval, 1));
  g_string_append (bounds, ", ");
  append_change (bounds, json_array_get_double_element (interval, 0));
  /* Translators: a time with its sign, in milliseconds, and the interval that holds it with a
   * confidence of 95 % */
  return g_strdup_printf (_ ("%s ms a cold start, 95 %% in [%s] ms"), change->str, bounds->str);
}

static const char *
describe_verdict (JsonObject *advice)
{
  if (is_verdict (advice, "not-worth-it"))
    return _ ("Not worth it");
  if (is_verdict (advice, "unclear"))
    return _ ("Too few tries, or too restless a machine, to tell");
  if (is_verdict (advice, "harms"))
    return _ ("It makes cold starts longer");
  if (is_verdict (advice, "answers-differ"))
    return _ ("No advice: the function answered something else");
  return NULL;
}

static void
add_worth (GtkBox *card, JsonObject *advice)
{
  double usd = get_number (advice, "savesPerMillionCallsUSD");
  double share = get_number (advice, "coldShare");

  if (isnan (get_number (advice, "savesMs")) || !is_verdict (advice, "helps"))
    return;
  if (isnan (usd))
    {
      add_line (card,
                _ ("What it is worth follows from the share of cold starts, which nothing served "
                   "yet tells"),
                "dim-label");
      return;
    }
  /* Translators: money, and the share of cold starts in percent */
  g_autofree char *text = g_strdup_printf (
      _ ("$%.4f a million calls, at this function’s %.1f %% of cold starts"), usd, share * 100);
  add_line (card, text, "dim-label");
}

static void
add_outcome (GtkBox *card, JsonObject *advice)
{
  const char *verdict = describe_verdict (advice);
  double month = get_number (advice, "perMonthUSD");

  if (!isnan (get_number (advice, "savesMs")))
    {
      g_autofree char *saving = describe_saving (advice);
      add_line (card, saving, is_verdict (advice, "helps") ? "good-text" : NULL);
    }
  if (verdict != NULL)
    add_line (card, verdict, "dim-label");
  if (!isnan (month))
    {
      g_autofree char *text = g_strdup_printf (_ ("$%.2f a month more"), month);
      add_line (card, text, NULL);
    }
  add_worth (card, advice);
}

/* a(sss), or NULL where nothing is changed. */
static GVariant *
get_patches (JsonObject *advice)
{
  JsonArray *patches = json_object_get_array_member (advice, "patches");
  GVariantBuilder builder;

  if (json_array_get_length (patches) == 0)
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < json_array_get_length (patches); i++)
    {
      JsonObject *patch = json_array_get_object_element (patches, i);
      const char *digest = get_text (patch, "ofSHA256");

      g_variant_builder_add (&builder, "(sss)", get_text (patch, "file"),
                             digest != NULL ? digest : "", get_text (patch, "text"));
    }
  return g_variant_builder_end (&builder);
}

static void
add_head (GtkBox *card, JsonObject *advice)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new (get_text (advice, "title"));
  GVariant *patches = get_patches (advice);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "row-title");
  gtk_box_append (GTK_BOX (row), title);
  if (patches != NULL && !is_verdict (advice, "answers-differ") && !is_verdict (advice, "harms"))
    {
      GtkWidget *button = gtk_button_new_with_label (_ ("Apply…"));

      gtk_widget_add_css_class (button, "text-link");
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_set_valign (button, GTK_ALIGN_START);
      gtk_widget_set_tooltip_text (button, _ ("Look at the change first"));
      gtk_actionable_set_action_target_value (
          GTK_ACTIONABLE (button),
          g_variant_new ("(s@a(sss))", get_text (advice, "title"), patches));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-patch");
      gtk_box_append (GTK_BOX (row), button);
    }
  gtk_box_append (card, row);
}

static GtkWidget *
create_card (JsonObject *advice)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *origin = describe_origin (advice);

  gtk_widget_add_css_class (card, "advice");
  add_head (GTK_BOX (card), advice);
  if (*origin != '\0')
    add_line (GTK_BOX (card), origin, "dim-label");
  add_outcome (GTK_BOX (card), advice);
  if (get_text (advice, "offeredRemark") != NULL)
    add_line (GTK_BOX (card), get_text (advice, "offeredRemark"), "dim-label");
  if (get_text (advice, "remedy") != NULL)
    add_line (GTK_BOX (card), get_text (advice, "remedy"), "dim-label");
  if (get_text (advice, "remark") != NULL)
    add_line (GTK_BOX (card), get_text (advice, "remark"), "dim-label");
  return card;
}

static void
kelvin_advice_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_ADVICE_VIEW);

  G_OBJECT_CLASS (kelvin_advice_view_parent_class)->dispose (object);
}

static void
kelvin_advice_view_class_init (KelvinAdviceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_advice_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/advice-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinAdviceView, intro);
  gtk_widget_class_bind_template_child (widget_class, KelvinAdviceView, cards);
  gtk_widget_class_bind_template_child (widget_class, KelvinAdviceView, try_button);
}

static void
kelvin_advice_view_init (KelvinAdviceView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_advice_view_set_advice (KelvinAdviceView *self, JsonArray *advice)
{
  g_return_if_fail (KELVIN_IS_ADVICE_VIEW (self));

  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cards))) != NULL)
    gtk_box_remove (self->cards, child);
  gtk_widget_set_visible (GTK_WIDGET (self->intro), advice == NULL);
  gtk_button_set_label (self->try_button, advice == NULL ? _ ("Try it") : _ ("Try again"));
  for (guint i = 0; advice != NULL && i < json_array_get_length (advice); i++)
    gtk_box_append (self->cards, create_card (json_array_get_object_element (advice, i)));
}
