#include "config.h"

#include "ui/version-label.h"

#include <glib/gi18n-lib.h>

#include "ui/age.h"
#include "ui/outcome-words.h"

/* An age in minutes is right for this long. */
#define AGE_S 20

struct _KelvinVersionLabel {
  AdwBin parent_instance;

  GtkLabel *label;
  KelvinOpenFunction *open_function;
  guint age_id;
};

G_DEFINE_FINAL_TYPE (KelvinVersionLabel, kelvin_version_label, ADW_TYPE_BIN)

static char *
describe (KelvinRun *run)
{
  g_autofree char *commit = kelvin_describe_commit (run);
  g_autofree char *age = kelvin_format_age (run->started_at_us, g_get_real_time ());

  if (commit == NULL)
    /* Translators: %s is an age: "4 min ago" */
    return g_strdup_printf (_ ("run %s"), age);

  /* Translators: branch and commit, and an age: "main 81c03d · run 4 min ago" */
  return g_strdup_printf (_ ("%s · run %s"), commit, age);
}

static void
update (KelvinVersionLabel *self)
{
  KelvinRun *run =
      self->open_function != NULL ? kelvin_open_function_get_last_run (self->open_function) : NULL;
  gboolean edited =
      self->open_function != NULL && kelvin_open_function_is_modified (self->open_function);
  g_autofree char *text = NULL;

  if (edited)
    text = g_strdup (_ ("not saved"));
  else if (run != NULL)
    text = describe (run);
  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label),
                               run != NULL && !edited ? run->version : NULL);
}

static gboolean
age_cb (gpointer data)
{
  update (data);
  return G_SOURCE_CONTINUE;
}

static void
forget_function (KelvinVersionLabel *self)
{
  if (self->open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->open_function, self);
  g_clear_object (&self->open_function);
}

static void
kelvin_version_label_dispose (GObject *object)
{
  KelvinVersionLabel *self = KELVIN_VERSION_LABEL (object);

  forget_function (self);
  g_clear_handle_id (&self->age_id, g_source_remove);

  G_OBJECT_CLASS (kelvin_version_label_parent_class)->dispose (object);
}

static void
kelvin_version_label_class_init (KelvinVersionLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kelvin_version_label_dispose;
}

static void
kelvin_version_label_init (KelvinVersionLabel *self)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "small");
  gtk_widget_add_css_class (label, "dim-label");
  adw_bin_set_child (ADW_BIN (self), label);
  self->label = GTK_LABEL (label);
  self->age_id = g_timeout_add_seconds (AGE_S, age_cb, self);
}

void
kelvin_version_label_set_open_function (KelvinVersionLabel *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_VERSION_LABEL (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function != NULL)
    {
      self->open_function = g_object_ref (open_function);
      g_signal_connect_swapped (open_function, "notify::modified", G_CALLBACK (update), self);
      g_signal_connect_swapped (open_function, "notify::last-run", G_CALLBACK (update), self);
    }
  update (self);
}
