#include "config.h"

#include "ui/connections-view.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/span-bar.h"
#include "ui/connection-words.h"
#include "ui/door-edit.h"

/* More than a person reads; the history has them all. */
#define MOST_SHOWN 100
#define ROW_SPACING 12

struct _KelvinConnectionsView {
  GtkWidget parent_instance;

  GtkBox *content;
  KelvinOpenFunction *open_function;
  KelvinInvocation *shown; /* nullable */
};

G_DEFINE_FINAL_TYPE (KelvinConnectionsView, kelvin_connections_view, GTK_TYPE_WIDGET)

static GtkWidget *
create_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* --- connections --- */

static GtkWidget *
create_words (const KelvinDoorRecord *record)
{
  g_autofree char *what = kelvin_describe_connection (record);
  g_autofree char *asked = kelvin_describe_connection_asked (record);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_size_request (box, 220, -1);
  gtk_box_append (GTK_BOX (box), create_label (what, "row-title"));
  gtk_box_append (GTK_BOX (box), create_label (asked, "dim-label"));
  return box;
}

static GtkWidget *
create_figures (const KelvinDoorRecord *record, gint64 total_us)
{
  g_autofree char *use = kelvin_describe_connection_use (record);
  g_autofree char *end = kelvin_describe_connection_end (record);
  gboolean failed = kelvin_connection_failed (record);
  g_autofree char *marked = failed ? g_strconcat ("✗ ", end, NULL) : g_strdup (end);
  /* Translators: what passed, and how it ended */
  g_autofree char *text =
      *use != '\0' ? g_strdup_printf (_ ("%s · %s"), use, marked) : g_strdup (marked);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *bar = kelvin_span_bar_new (record, total_us);

  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), create_label (text, failed ? "failed-text" : NULL));
  return box;
}

static void
add_connection (KelvinConnectionsView *self, const KelvinDoorRecord *record, gint64 total_us)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, ROW_SPACING);

  gtk_widget_add_css_class (row, "connection");
  gtk_box_append (GTK_BOX (row), create_words (record));
  gtk_box_append (GTK_BOX (row), create_figures (record, total_us));
  gtk_box_append (self->content, row);
}

static void
add_connections (KelvinConnectionsView *self, const KelvinInvocation *invocation)
{
  const GPtrArray *connections = invocation->connections;
  guint n = connections != NULL ? connections->len : 0;
  guint more = (n > MOST_SHOWN ? n - MOST_SHOWN : 0) + invocation->connections_omitted;

  for (guint i = 0; i < MIN (n, MOST_SHOWN); i++)
    add_connection (self, connections->pdata[i], kelvin_phases_get_total_us (&invocation->phases));
  if (more == 0)
    return;

  g_autofree char *text =
      g_strdup_printf (ngettext ("and %u connection more", "and %u connections more", more), more);
  gtk_box_append (self->content, create_label (text, "dim-label"));
}

/* --- what no door leads to --- */

static void
show_added (GtkButton *button)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  gtk_button_set_label (button, _ ("Door added"));
}

static void
add_door_cb (KelvinConnectionsView *self, GtkButton *button)
{
  const KelvinDoor *door = g_object_get_data (G_OBJECT (button), "door");
  KelvinConfiguration *configuration;
  g_autoptr (GError) error = NULL;

  if (self->open_function == NULL ||
      kelvin_open_function_get_function (self->open_function) == NULL)
    return;
  configuration = kelvin_open_function_get_configuration (self->open_function);
  if (kelvin_door_edit_add (configuration, door, &error))
    show_added (button);
  else
    gtk_button_set_label (button, error->message);
}

/* It may have been added since that run. */
static gboolean
has_door (KelvinConnectionsView *self, const char *host)
{
  KelvinFunction *function = kelvin_open_function_get_function (self->open_function);
  GPtrArray *doors = function != NULL ? kelvin_function_get_doors (function) : NULL;

  for (guint i = 0; doors != NULL && i < doors->len; i++)
    if (g_str_equal (((KelvinDoor *) doors->pdata[i])->host, host))
      return TRUE;
  return FALSE;
}

static GtkWidget *
create_add_button (KelvinConnectionsView *self, const KelvinRefusedDestination *refused)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Add door"));
  KelvinDoor *door = kelvin_refused_destination_to_door (refused);
  g_autofree char *to = kelvin_door_format_address (door->to_host, door->to_port);
  /* Translators: a host and port */
  g_autofree char *what = g_strdup_printf (
      _ ("Add a door to %s; its port and where it leads can be changed under Doors"), to);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "text-link");
  gtk_widget_set_tooltip_text (button, what);
  g_object_set_data_full (G_OBJECT (button), "door", door, (GDestroyNotify) kelvin_door_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (add_door_cb), self, G_CONNECT_SWAPPED);
  if (has_door (self, refused->host))
    show_added (GTK_BUTTON (button));
  return button;
}

static void
add_refused (KelvinConnectionsView *self, const KelvinRefusedDestination *refused)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, ROW_SPACING);
  g_autofree char *text = kelvin_describe_refused (refused);
  g_autofree char *marked = g_strconcat ("✗ ", text, NULL);
  GtkWidget *label = create_label (marked, "failed-text");

  gtk_widget_add_css_class (row, "connection");
  gtk_box_append (GTK_BOX (row), label);
  if (self->open_function != NULL)
    gtk_box_append (GTK_BOX (row), create_add_button (self, refused));
  gtk_box_append (self->content, row);
}

static void
clear (KelvinConnectionsView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->content))) != NULL)
    gtk_box_remove (self->content, child);
}

static void
kelvin_connections_view_dispose (GObject *object)
{
  KelvinConnectionsView *self = KELVIN_CONNECTIONS_VIEW (object);

  g_clear_object (&self->open_function);
  g_clear_pointer (&self->shown, kelvin_invocation_unref);
  if (self->content != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->content)));

  G_OBJECT_CLASS (kelvin_connections_view_parent_class)->dispose (object);
}

static void
kelvin_connections_view_class_init (KelvinConnectionsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_connections_view_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
kelvin_connections_view_init (KelvinConnectionsView *self)
{
  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 8));
  gtk_widget_set_parent (GTK_WIDGET (self->content), GTK_WIDGET (self));
}

void
kelvin_connections_view_set_open_function (KelvinConnectionsView *self,
                                           KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_CONNECTIONS_VIEW (self));

  g_set_object (&self->open_function, open_function);
}

void
kelvin_connections_view_set_invocation (KelvinConnectionsView *self, KelvinInvocation *invocation)
{
  g_return_if_fail (KELVIN_IS_CONNECTIONS_VIEW (self));

  /* The same again is no reason to take a button away under somebody's finger. */
  if (invocation == self->shown && invocation != NULL)
    return;
  g_clear_pointer (&self->shown, kelvin_invocation_unref);
  clear (self);
  if (invocation == NULL)
    return;
  self->shown = kelvin_invocation_ref (invocation);
  for (guint i = 0; invocation->refused != NULL && i < invocation->refused->len; i++)
    add_refused (self, invocation->refused->pdata[i]);
  add_connections (self, invocation);
  if (gtk_widget_get_first_child (GTK_WIDGET (self->content)) == NULL)
    gtk_box_append (self->content,
                    create_label (_ ("Nothing went out of the sandbox. What a function reaches, it "
                                     "reaches by a door; each connection is shown here."),
                                  "dim-label"));
}
