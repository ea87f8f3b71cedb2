#include "config.h"

#include "ui/drills-page.h"

#include <glib/gi18n-lib.h>

#include "engine/analysis/money.h"
#include "ui/columns.h"
#include "ui/facts.h"
#include "ui/open-function.h"

struct _KelvinDrillsPage {
  AdwBin parent_instance;

  GtkDropDown *functions;
  GtkListBox *drills;
  GtkButton *play;
  GtkButton *with_fix;
  GtkButton *cancel;
  GtkLabel *state;
  GtkStack *stack;
  GtkLabel *verdict;
  GtkLabel *cause;
  GtkLabel *fix;
  GtkBox *plays;

  KelvinEngine *engine;
  KelvinDrillReport *report; /* nullable: what is shown */
  GCancellable *running;     /* nullable */
  const KelvinDrillInfo *played;
};

G_DEFINE_FINAL_TYPE (KelvinDrillsPage, kelvin_drills_page, ADW_TYPE_BIN)

static const KelvinDrillInfo *
get_chosen (KelvinDrillsPage *self)
{
  guint n;
  const KelvinDrillInfo *drills = kelvin_drill_list (&n);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->drills);
  int position = row != NULL ? gtk_list_box_row_get_index (row) : 0;

  return position >= 0 && position < (int) n ? &drills[position] : NULL;
}

static void
update_running (KelvinDrillsPage *self)
{
  gboolean running = self->running != NULL;
  gboolean may = !running && gtk_drop_down_get_selected_item (self->functions) != NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->play), may);
  gtk_widget_set_sensitive (GTK_WIDGET (self->with_fix), may);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), running);
}

static const char *
get_verdict (const KelvinDrillPlay *play)
{
  return play->harmed ? _ ("harmed") : _ ("contained");
}

static GtkWidget *
create_text (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_facts (GtkBox *box, const KelvinDrillPlay *play)
{
  const KelvinLoadResult *load = play->load;
  GtkWidget *facts = kelvin_facts_new ();
  double offered = (double) MAX (load->offered + load->cancelled, 1);
  g_autofree char *events = g_strdup_printf (_ ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT),
                                             load->completed, load->offered);
  g_autofree char *tries = g_strdup_printf ("%" G_GUINT64_FORMAT " · ×%.2f", load->attempts,
                                            (double) load->attempts / offered);
  g_autofree char *failed = g_strdup_printf ("%" G_GUINT64_FORMAT, load->function_errors);
  g_autofree char *throttled = g_strdup_printf ("%" G_GUINT64_FORMAT, load->throttled);
  g_autofree char *cold = g_strdup_printf ("%" G_GUINT64_FORMAT, load->cold_starts);
  g_autofree char *cost = kelvin_format_usd (load->run->cost_pico_usd);

  kelvin_facts_add (KELVIN_FACTS (facts), KELVIN_FACT_PLAIN, _ ("answered"), events, NULL);
  kelvin_facts_add (KELVIN_FACTS (facts), KELVIN_FACT_PLAIN, _ ("tries, amplification"), tries,
                    NULL);
  kelvin_facts_add (KELVIN_FACTS (facts), KELVIN_FACT_PLAIN, _ ("failed"), failed, NULL);
  kelvin_facts_add (KELVIN_FACTS (facts), KELVIN_FACT_PLAIN, _ ("given up, throttled"), throttled,
                    NULL);
  kelvin_facts_add (KELVIN_FACTS (facts), KELVIN_FACT_PLAIN, _ ("cold starts"), cold, NULL);
  kelvin_facts_add (KELVIN_FACTS (facts), KELVIN_FACT_PLAIN, _ ("cost, estimated"), cost, NULL);
  gtk_box_append (box, facts);
}

static void
add_play (KelvinDrillsPage *self, const char *title, const KelvinDrillPlay *play)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  /* Translators: which play of a drill, and "harmed" or "contained" */
  g_autofree char *heading = g_strdup_printf (_ ("%s: %s"), title, get_verdict (play));

  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "panel");
  gtk_box_append (GTK_BOX (box), create_text (heading, "heading"));
  for (guint i = 0; i < play->steps->len; i++)
    {
      const KelvinDrillStep *step = play->steps->pdata[i];
      /* Translators: a planned time, and what happens then */
      g_autofree char *text =
          g_strdup_printf (_ ("%" G_GINT64_FORMAT " ms: %s"), step->at_ms, step->what);

      gtk_box_append (GTK_BOX (box), create_text (text, "small"));
    }
  add_facts (GTK_BOX (box), play);
  gtk_box_append (self->plays, box);
}

static void
show_report (KelvinDrillsPage *self)
{
  const KelvinDrillReport *report = self->report;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->plays))) != NULL)
    gtk_box_remove (self->plays, child);
  /* Translators: name of a drill, "harmed" or "contained" */
  g_autofree char *verdict =
      g_strdup_printf (_ ("%s: %s"), report->drill->name, get_verdict (report->first));
  gtk_label_set_label (self->verdict, verdict);
  gtk_label_set_label (self->cause, report->first->cause);
  /* Translators: a sentence that says what helps */
  g_autofree char *fix = g_strdup_printf (_ ("What helps: %s"), report->drill->fix);
  gtk_label_set_label (self->fix, fix);
  add_play (self, _ ("As it is"), report->first);
  if (report->fixed != NULL)
    add_play (self, _ ("With the fix"), report->fixed);
  gtk_stack_set_visible_child_name (self->stack, "report");
}

static void
progress_cb (const KelvinLoadBatch *batch, gpointer user_data)
{
  KelvinDrillsPage *self = user_data;

  if (self->engine == NULL)
    return;
  /* Translators: name of a drill, numbers of tries */
  g_autofree char *text = g_strdup_printf (
      _ ("Playing %s: %" G_GUINT64_FORMAT " tries, %" G_GUINT64_FORMAT " of them throttled"),
      self->played->name, batch->counts.attempts, batch->counts.throttled_attempts);
  gtk_label_set_label (self->state, text);
}

static void
played_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinDrillsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinDrillReport) report =
      kelvin_engine_drill_finish (KELVIN_ENGINE (source), result, &error);

  g_clear_object (&self->running);
  if (self->engine == NULL)
    return;

  update_running (self);
  gtk_label_set_label (self->state, "");
  if (report != NULL)
    {
      g_clear_pointer (&self->report, kelvin_drill_report_free);
      self->report = g_steal_pointer (&report);
      show_report (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_label_set_label (self->state, error->message);
}

static void
start (KelvinDrillsPage *self, gboolean with_fix)
{
  KelvinOpenFunction *open_function = gtk_drop_down_get_selected_item (self->functions);
  const KelvinDrillInfo *drill = get_chosen (self);

  if (open_function == NULL || drill == NULL || self->running != NULL)
    return;

  const KelvinDrillRequest request = { .name = drill->name,
                                       .function_dir = kelvin_open_function_get_dir (open_function),
                                       .seed = 1,
                                       .with_fix = with_fix };
  self->running = g_cancellable_new ();
  self->played = drill;
  update_running (self);
  kelvin_engine_drill_async (self->engine, &request, self->running, progress_cb, self, played_cb,
                             g_object_ref (self));
}

static void
play_cb (KelvinDrillsPage *self)
{
  start (self, FALSE);
}

static void
with_fix_cb (KelvinDrillsPage *self)
{
  start (self, TRUE);
}

static void
cancel_cb (KelvinDrillsPage *self)
{
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

static void
copy (KelvinDrillsPage *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_markdown_cb (KelvinDrillsPage *self)
{
  g_autofree char *text = kelvin_drill_report_to_markdown (self->report);

  copy (self, text);
}

static void
copy_json_cb (KelvinDrillsPage *self)
{
  g_autoptr (JsonNode) node = kelvin_drill_report_to_json (self->report);
  g_autofree char *text = json_to_string (node, TRUE);

  copy (self, text);
}

static void
kelvin_drills_page_dispose (GObject *object)
{
  KelvinDrillsPage *self = KELVIN_DRILLS_PAGE (object);

  cancel_cb (self);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->report, kelvin_drill_report_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_DRILLS_PAGE);

  G_OBJECT_CLASS (kelvin_drills_page_parent_class)->dispose (object);
}

static void
kelvin_drills_page_class_init (KelvinDrillsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_drills_page_dispose;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/drills-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, functions);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, drills);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, play);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, with_fix);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, state);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, cause);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, fix);
  gtk_widget_class_bind_template_child (widget_class, KelvinDrillsPage, plays);
  gtk_widget_class_bind_template_callback (widget_class, play_cb);
  gtk_widget_class_bind_template_callback (widget_class, with_fix_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_markdown_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_json_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_running);
}

static void
kelvin_drills_page_init (KelvinDrillsPage *self)
{
  guint n;
  const KelvinDrillInfo *drills = kelvin_drill_list (&n);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), drills[i].name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), drills[i].summary);
      gtk_list_box_append (self->drills, row);
    }
  gtk_list_box_select_row (self->drills, gtk_list_box_get_row_at_index (self->drills, 0));
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->functions))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Function"), -1);
  update_running (self);
}

GtkWidget *
kelvin_drills_page_new (KelvinEngine *engine)
{
  KelvinDrillsPage *self = g_object_new (KELVIN_TYPE_DRILLS_PAGE, NULL);

  self->engine = g_object_ref (engine);
  return GTK_WIDGET (self);
}

void
kelvin_drills_page_set_functions (KelvinDrillsPage *self, GListModel *functions)
{
  g_return_if_fail (KELVIN_IS_DRILLS_PAGE (self));

  g_autoptr (GtkExpression) title =
      gtk_property_expression_new (KELVIN_TYPE_OPEN_FUNCTION, NULL, "title");

  gtk_drop_down_set_expression (self->functions, title);
  gtk_drop_down_set_model (self->functions, functions);
  update_running (self);
}
