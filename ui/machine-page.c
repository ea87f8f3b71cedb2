#include "config.h"

#include "ui/machine-page.h"

#include <glib/gi18n-lib.h>

#include "ui/columns.h"
#include "ui/facts.h"
#include "ui/machine-words.h"

/* What takes longer shows that it does. */
#define PATIENCE_MS 300

struct _KelvinMachinePage {
  AdwBin parent_instance;

  GtkLabel *strip;
  GtkSpinner *spinner;
  GtkWidget *refresh;
  GtkWidget *copy;
  GtkStack *stack;
  AdwStatusPage *failure;
  GtkLabel *figure;
  GtkLabel *verdict;
  KelvinFacts *limits;
  KelvinFacts *runtimes;
  KelvinFacts *isolation;
  GtkBox *problems;
  KelvinEngine *engine;
  KelvinMachine *machine;    /* nullable: not examined yet */
  GCancellable *cancellable; /* not NULL: it is being examined */
  guint patience_id;
};

G_DEFINE_FINAL_TYPE (KelvinMachinePage, kelvin_machine_page, ADW_TYPE_BIN)

static void
show_limits (KelvinMachinePage *self)
{
  KelvinLimitWords limits[KELVIN_N_LIMITS];

  kelvin_describe_limits (self->machine, limits);
  kelvin_facts_clear (self->limits);
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    {
      g_autofree char *mechanism = kelvin_describe_mechanism (limits[i].mechanism);
      gboolean holds = limits[i].standing == KELVIN_STANDING_ENFORCED;
      /* Translators: how a limit is enforced, and what that means */
      g_autofree char *rule =
          holds ? g_strdup_printf (_ ("%s: %s"), mechanism, limits[i].promise)
                : g_strdup (self->machine->details[i].how != NULL ? self->machine->details[i].how
                                                                  : mechanism);

      kelvin_facts_add (self->limits, KELVIN_FACT_PLAIN, limits[i].name,
                        kelvin_describe_standing (limits[i].standing), rule);
    }
}

static void
show_runtimes (KelvinMachinePage *self)
{
  kelvin_facts_clear (self->runtimes);
  for (guint i = 0; i < self->machine->runtimes->len; i++)
    {
      const KelvinMachineRuntime *runtime = self->machine->runtimes->pdata[i];

      kelvin_facts_add (self->runtimes, KELVIN_FACT_PLAIN, runtime->name, runtime->version,
                        runtime->path);
    }
  kelvin_facts_add (self->runtimes, KELVIN_FACT_PLAIN, "provided.*", "",
                    _ ("an executable file named bootstrap, which the function brings"));
}

static void
show_isolation (KelvinMachinePage *self)
{
  const KelvinMachine *machine = self->machine;

  kelvin_facts_clear (self->isolation);
  kelvin_facts_add (self->isolation, KELVIN_FACT_PLAIN, _ ("User namespaces"),
                    machine->user_namespaces ? _ ("✓ yes") : _ ("✕ no"),
                    _ ("a root, processes and a network of its own for each environment"));
  kelvin_facts_add (self->isolation, KELVIN_FACT_PLAIN, _ ("System call filter"),
                    machine->seccomp ? _ ("✓ yes") : _ ("✕ no"),
                    _ ("by seccomp: what isn’t on the list of allowed calls is refused"));
}

static GtkWidget *
create_text (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_problem (KelvinMachinePage *self, const char *what, const char *fix)
{
  gtk_box_append (self->problems, create_text (what, NULL));
  gtk_box_append (self->problems, create_text (fix, "remedy"));
}

static void
show_problems (KelvinMachinePage *self)
{
  KelvinLimitWords limits[KELVIN_N_LIMITS];
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->problems))) != NULL)
    gtk_box_remove (self->problems, child);

  for (guint i = 0; i < self->machine->problems->len; i++)
    {
      const KelvinMachineProblem *problem = self->machine->problems->pdata[i];

      add_problem (self, problem->what, problem->fix);
    }

  kelvin_describe_limits (self->machine, limits);
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    if (self->machine->details[i].fix != NULL)
      {
        /* Translators: a limit, "not enforced here" */
        g_autofree char *what = g_strdup_printf (_ ("%s: %s"), limits[i].name,
                                                 kelvin_describe_standing (limits[i].standing));

        add_problem (self, what, self->machine->details[i].fix);
      }

  if (gtk_widget_get_first_child (GTK_WIDGET (self->problems)) == NULL)
    gtk_box_append (self->problems, create_text (_ ("Nothing is missing."), "dim-label"));
}

static void
show_machine (KelvinMachinePage *self)
{
  g_autofree char *figure = kelvin_describe_machine (self->machine);

  gtk_label_set_label (self->figure, figure);
  gtk_label_set_label (self->verdict, self->machine->ok
                                          ? _ ("Functions can be run here, each in a sandbox")
                                          : _ ("What is missing is named beside, with its fix"));
  show_limits (self);
  show_runtimes (self);
  show_isolation (self);
  show_problems (self);
  gtk_stack_set_visible_child_name (self->stack, "machine");
}

static void
update_strip (KelvinMachinePage *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  /* Translators: strftime format of the instant at which this machine was examined */
  g_autofree char *text = g_date_time_format (now, _ ("Examined at %H:%M:%S"));

  gtk_label_set_label (self->strip, text);
}

static void
set_examining (KelvinMachinePage *self, gboolean examining)
{
  g_clear_handle_id (&self->patience_id, g_source_remove);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_sensitive (self->refresh, !examining);
  gtk_widget_set_sensitive (self->copy, self->machine != NULL);
}

static gboolean
patience_cb (gpointer data)
{
  KelvinMachinePage *self = data;

  self->patience_id = 0;
  gtk_spinner_set_spinning (self->spinner, TRUE);
  gtk_label_set_label (self->strip, _ ("Trying what this machine can enforce"));
  return G_SOURCE_REMOVE;
}

static void
examined_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinMachinePage) self = data;
  g_autoptr (GError) error = NULL;
  KelvinMachine *machine = kelvin_engine_examine_finish (KELVIN_ENGINE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->engine == NULL)
    {
      g_clear_pointer (&machine, kelvin_machine_free);
      return;
    }

  g_clear_object (&self->cancellable);
  if (machine != NULL)
    {
      g_clear_pointer (&self->machine, kelvin_machine_free);
      self->machine = machine;
      show_machine (self);
      update_strip (self);
    }
  else
    {
      adw_status_page_set_description (self->failure, error->message);
      gtk_stack_set_visible_child_name (self->stack, "failure");
    }
  set_examining (self, FALSE);
}

static void
examine (KelvinMachinePage *self)
{
  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  set_examining (self, TRUE);
  self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
  kelvin_engine_examine_async (self->engine, self->cancellable, examined_cb, g_object_ref (self));
}

static void
copy (KelvinMachinePage *self)
{
  g_autofree char *text = kelvin_machine_to_text (self->machine);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", _ ("Copied"));
}

static void
kelvin_machine_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kelvin_machine_page_parent_class)->map (widget);

  examine (KELVIN_MACHINE_PAGE (widget));
}

static void
kelvin_machine_page_dispose (GObject *object)
{
  KelvinMachinePage *self = KELVIN_MACHINE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_pointer (&self->machine, kelvin_machine_free);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_MACHINE_PAGE);

  G_OBJECT_CLASS (kelvin_machine_page_parent_class)->dispose (object);
}

static void
kelvin_machine_page_class_init (KelvinMachinePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_machine_page_dispose;
  widget_class->map = kelvin_machine_page_map;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_FACTS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/machine-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, strip);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, refresh);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, copy);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, failure);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, verdict);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, limits);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, runtimes);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, isolation);
  gtk_widget_class_bind_template_child (widget_class, KelvinMachinePage, problems);
  gtk_widget_class_bind_template_callback (widget_class, examine);
  gtk_widget_class_bind_template_callback (widget_class, copy);
}

static void
kelvin_machine_page_init (KelvinMachinePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_machine_page_new (KelvinEngine *engine)
{
  g_return_val_if_fail (KELVIN_IS_ENGINE (engine), NULL);

  KelvinMachinePage *self = g_object_new (KELVIN_TYPE_MACHINE_PAGE, NULL);
  self->engine = g_object_ref (engine);
  return GTK_WIDGET (self);
}
