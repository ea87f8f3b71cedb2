#include "config.h"

#include "ui/environment-view.h"

#include <glib/gi18n-lib.h>

#include "engine/model/run.h"
#include "ui/charts/duration.h"
#include "ui/columns.h"
#include "ui/environment-words.h"
#include "ui/facts.h"
#include "ui/machine-words.h"

/* An environment of a long load has more steps than a person reads. */
#define MOST_READ 1000
#define MOST_SHOWN 60
#define NS_IN_MS 1e6

struct _KelvinEnvironmentView {
  GtkWidget parent_instance;

  GtkLabel *heading;
  KelvinFacts *use;
  KelvinFacts *limits;
  GtkLabel *life_heading;
  KelvinFacts *life;
  KelvinInvocation *invocation; /* nullable */
  KelvinStore *store;           /* nullable */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (KelvinEnvironmentView, kelvin_environment_view, GTK_TYPE_WIDGET)

static void
add (KelvinFacts *facts, const char *name, char *figure, char *rule)
{
  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, name, figure, rule);
  g_free (figure);
  g_free (rule);
}

static char *
dup_size (gint64 bytes)
{
  /* Translators: megabytes */
  return bytes >= 0 ? g_strdup_printf (_ ("%.1f MB"), bytes / (1024.0 * 1024))
                    : g_strdup (_ ("not measured"));
}

static char *
dup_duration (gint64 us)
{
  return us >= 0 ? kelvin_format_duration (kelvin_us_to_ms (us)) : g_strdup ("–");
}

/* What held a limit stands beside what was used of it. */
static char *
dup_held (const KelvinInvocation *invocation, KelvinLimit limit, const char *what)
{
  KelvinStanding standing = kelvin_limits_get_standing (&invocation->limits, limit);
  g_autofree char *mechanism = NULL;

  if (invocation->limits.by[limit] == NULL)
    /* Translators: what was measured; which mechanism held the limit isn't known */
    return g_strdup_printf (_ ("%s · what held it wasn’t kept"), what);

  mechanism = kelvin_describe_mechanism (invocation->limits.by[limit]);
  /* Translators: what was measured, "✓ enforced", "by control groups (cgroup-v1)" */
  return g_strdup_printf (_ ("%s · %s %s"), what, kelvin_describe_standing (standing), mechanism);
}

static void
show_use (KelvinEnvironmentView *self, const KelvinInvocation *invocation)
{
  g_autofree char *init = dup_size (invocation->init_memory_peak_bytes);
  /* Translators: megabytes of its init */
  g_autofree char *peak = invocation->init_memory_peak_bytes >= 0
                              ? g_strdup_printf (_ ("at the peak; init %s"), init)
                              : g_strdup (_ ("at the peak"));
  g_autofree char *share = kelvin_describe_cpu_share (invocation);

  add (self->use, _ ("Memory"), kelvin_describe_memory_use (invocation),
       dup_held (invocation, KELVIN_LIMIT_MEMORY, peak));
  add (self->use, _ ("CPU"), kelvin_describe_cpu_use (invocation),
       dup_held (invocation, KELVIN_LIMIT_CPU, share));
  add (self->use, _ ("Held back by its CPU share"), kelvin_describe_throttled (invocation), NULL);
  add (self->use, _ ("/tmp"), kelvin_describe_temporary_use (invocation),
       dup_held (invocation, KELVIN_LIMIT_EPHEMERAL_STORAGE, _ ("files of earlier calls too")));
  add (self->use, _ ("The kernel’s own peak"), dup_size (invocation->cgroup_peak_bytes),
       g_strdup (_ ("file cache and /tmp included")));
  add (self->use, _ ("Init duration"), dup_duration (invocation->init_duration_us),
       g_strdup (_ ("runtime and init, as the service reports it")));
  add (self->use, _ ("Duration"), dup_duration (invocation->duration_us),
       g_strdup (_ ("from the event’s delivery until the runtime asks for the next")));
}

static void
show_limits (KelvinEnvironmentView *self, const KelvinInvocation *invocation)
{
  static const struct {
    KelvinLimit limit;
    const char *name;
  } others[] = {
    { KELVIN_LIMIT_PROCESSES, N_ ("Processes and threads") },
    { KELVIN_LIMIT_DESCRIPTORS, N_ ("Open files") },
    { KELVIN_LIMIT_TIMEOUT, N_ ("Timeout") },
    { KELVIN_LIMIT_PAYLOAD, N_ ("Payload") },
    { KELVIN_LIMIT_FREEZE, N_ ("Freezing") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      const char *by = invocation->limits.by[others[i].limit];

      if (by != NULL)
        add (self->limits, _ (others[i].name),
             g_strdup (kelvin_describe_standing (kelvin_standing_from_mechanism (by))),
             kelvin_describe_mechanism (by));
    }
  add (self->limits, _ ("Request id"), kelvin_request_id_to_string (&invocation->request_id), NULL);
  add (self->limits, _ ("Version"), g_strndup (invocation->version, 12), NULL);
}

static void
show_heading (KelvinEnvironmentView *self, const KelvinInvocation *invocation)
{
  const char *start = kelvin_start_to_string (invocation->start);
  const char *name =
      invocation->environment != NULL ? invocation->environment : _ ("no environment");
  const char *isolation = g_strcmp0 (invocation->isolation, "process") == 0
                              ? _ ("a process without a sandbox")
                              : _ ("a sandbox of its own");
  /* Translators: the name of an environment, "cold", and "a sandbox of its own" */
  g_autofree char *text = start != NULL ? g_strdup_printf (_ ("%s, %s: %s"), name, start, isolation)
                                        : g_strdup (_ ("No environment was reached"));
  g_autofree char *noted = invocation->note != NULL
                               ? g_strdup_printf ("%s\n%s", text, invocation->note)
                               : g_strdup (text);

  gtk_label_set_label (self->heading, noted);
}

static void
add_step (KelvinEnvironmentView *self, GPtrArray *steps, guint position, gint64 start_ns)
{
  const KelvinPastTransition *step = steps->pdata[position];
  gint64 at_ns = step->transition.at_ns;
  g_autofree char *at = kelvin_format_duration ((at_ns - start_ns) / NS_IN_MS);
  /* Translators: a length of time since the first step */
  g_autofree char *since = g_strdup_printf (_ ("after %s"), at);
  char *lasted = NULL;

  if (position + 1 < steps->len)
    {
      const KelvinPastTransition *next = steps->pdata[position + 1];

      lasted = kelvin_format_duration ((next->transition.at_ns - at_ns) / NS_IN_MS);
    }
  add (self->life, kelvin_describe_state (step->transition.to),
       lasted != NULL ? lasted : g_strdup ("–"),
       *step->reason != '\0' ? g_strdup_printf ("%s: %s", since, step->reason) : g_strdup (since));
}

static guint
count_served (GPtrArray *steps)
{
  guint served = 0;

  for (guint i = 0; i < steps->len; i++)
    {
      const KelvinPastTransition *step = steps->pdata[i];

      served += step->transition.to == KELVIN_STATE_BUSY;
    }

  return served;
}

static void
show_life (KelvinEnvironmentView *self, GPtrArray *steps)
{
  guint served = count_served (steps);
  /* Translators: a number of invocations that an environment served in this run */
  g_autofree char *heading =
      g_strdup_printf (ngettext ("its life in this run, with %u invocation",
                                 "its life in this run, with %u invocations", served),
                       served);

  if (steps->len == 0)
    return;

  const KelvinPastTransition *first = steps->pdata[0];
  gtk_label_set_label (self->life_heading, heading);
  for (guint i = 0; i < MIN (steps->len, MOST_SHOWN); i++)
    add_step (self, steps, i, first->transition.at_ns);
  if (steps->len > MOST_SHOWN)
    /* Translators: a number of steps that aren't shown */
    add (self->life, _ ("…"), g_strdup_printf (_ ("%u steps more"), steps->len - MOST_SHOWN), NULL);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinEnvironmentView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps =
      kelvin_store_list_transitions_finish (KELVIN_STORE (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another invocation is shown */
  if (steps != NULL)
    show_life (self, steps);
  else
    gtk_label_set_label (self->life_heading, error->message);
}

static void
list_life (KelvinEnvironmentView *self)
{
  guint64 number;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  kelvin_facts_clear (self->life);
  gtk_label_set_label (self->life_heading, "");
  if (self->store == NULL || self->invocation == NULL ||
      !kelvin_environment_parse_name (self->invocation->environment, &number))
    return;

  self->cancellable = g_cancellable_new ();
  kelvin_store_list_transitions_async (self->store, self->invocation->run_id, number, MOST_READ,
                                       NULL, self->cancellable, listed_cb, g_object_ref (self));
}

/* Its life may have gone on since. */
static void
kelvin_environment_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kelvin_environment_view_parent_class)->map (widget);

  list_life (KELVIN_ENVIRONMENT_VIEW (widget));
}

static void
kelvin_environment_view_dispose (GObject *object)
{
  KelvinEnvironmentView *self = KELVIN_ENVIRONMENT_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->invocation, kelvin_invocation_unref);
  g_clear_object (&self->store);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_ENVIRONMENT_VIEW);

  G_OBJECT_CLASS (kelvin_environment_view_parent_class)->dispose (object);
}

static void
kelvin_environment_view_class_init (KelvinEnvironmentViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_environment_view_dispose;
  widget_class->map = kelvin_environment_view_map;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_FACTS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/environment-view.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinEnvironmentView, heading);
  gtk_widget_class_bind_template_child (widget_class, KelvinEnvironmentView, use);
  gtk_widget_class_bind_template_child (widget_class, KelvinEnvironmentView, limits);
  gtk_widget_class_bind_template_child (widget_class, KelvinEnvironmentView, life_heading);
  gtk_widget_class_bind_template_child (widget_class, KelvinEnvironmentView, life);
}

static void
kelvin_environment_view_init (KelvinEnvironmentView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_environment_view_set_invocation (KelvinEnvironmentView *self, KelvinStore *store,
                                        KelvinInvocation *invocation)
{
  g_return_if_fail (KELVIN_IS_ENVIRONMENT_VIEW (self));

  g_clear_pointer (&self->invocation, kelvin_invocation_unref);
  g_set_object (&self->store, store);
  kelvin_facts_clear (self->use);
  kelvin_facts_clear (self->limits);
  gtk_label_set_label (self->heading, "");
  if (invocation != NULL)
    {
      self->invocation = kelvin_invocation_ref (invocation);
      show_heading (self, invocation);
      show_use (self, invocation);
      show_limits (self, invocation);
    }
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    list_life (self);
}
