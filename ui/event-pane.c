#include "config.h"

#include "ui/event-pane.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/model/json-text.h"
#include "ui/code-editor.h"
#include "ui/samples.h"

/* Larger events are checked when they are run, by the engine, off this thread. */
#define CHECKED_WHILE_TYPING (64 * 1024)
#define CHECK_PAUSE_MS 250

struct _KelvinEventPane {
  GtkWidget parent_instance;

  KelvinCodeEditor *editor;
  GtkMenuButton *events_button;
  GtkLabel *event_name;
  GtkPopover *events_popover;
  GtkListBox *events;
  GtkPopover *samples_popover;
  GtkListBox *samples_list;
  GtkLabel *problem;
  GPtrArray *samples; /* of KelvinSample; read when they are first asked for */
  KelvinOpenFunction *open_function;
  GtkTextBuffer *buffer; /* of the event that is shown */
  guint check_id;
};

G_DEFINE_FINAL_TYPE (KelvinEventPane, kelvin_event_pane, GTK_TYPE_WIDGET)

static gboolean
check_cb (gpointer data)
{
  KelvinEventPane *self = data;
  KelvinDocument *event = kelvin_code_editor_get_document (self->editor);
  g_autoptr (GError) error = NULL;

  self->check_id = 0;
  if (event == NULL)
    return G_SOURCE_REMOVE;

  g_autofree char *text = kelvin_document_dup_text (event);
  gsize length = strlen (text);
  if (length <= CHECKED_WHILE_TYPING)
    kelvin_json_check (text, length, KELVIN_JSON_EVENT_DEPTH, &error);
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
  return G_SOURCE_REMOVE;
}

static void
text_changed_cb (KelvinEventPane *self)
{
  if (self->check_id == 0)
    self->check_id = g_timeout_add (CHECK_PAUSE_MS, check_cb, self);
}

static void
update_name (KelvinEventPane *self)
{
  KelvinDocument *event = kelvin_code_editor_get_document (self->editor);

  if (event == NULL)
    {
      gtk_label_set_label (self->event_name, "");
      return;
    }

  const char *title = kelvin_document_get_title (event);
  g_autofree char *edited = g_strconcat (title, " •", NULL);
  gtk_label_set_label (self->event_name, kelvin_document_is_modified (event) ? edited : title);
}

static void
show_event (KelvinEventPane *self, KelvinDocument *event)
{
  KelvinDocument *before = kelvin_code_editor_get_document (self->editor);

  if (before != NULL)
    g_signal_handlers_disconnect_by_func (before, update_name, self);
  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_data (self->buffer, self);
  g_clear_object (&self->buffer);
  kelvin_code_editor_set_document (self->editor, event);
  if (event != NULL)
    {
      self->buffer = GTK_TEXT_BUFFER (g_object_ref (kelvin_document_get_buffer (event)));
      g_signal_connect_object (event, "notify::modified", G_CALLBACK (update_name), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (text_changed_cb), self);
    }
  update_name (self);
  text_changed_cb (self);
}

static void
event_changed_cb (KelvinEventPane *self)
{
  show_event (self, kelvin_open_function_get_event (self->open_function));
}

static GtkWidget *
create_row (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

static GtkWidget *
create_event_row (gpointer item, gpointer data)
{
  return create_row (kelvin_document_get_title (item));
}

static void
event_activated_cb (KelvinEventPane *self, GtkListBoxRow *row)
{
  KelvinDocumentSet *events = kelvin_open_function_get_events (self->open_function);

  gtk_popover_popdown (self->events_popover);
  kelvin_open_function_set_event (
      self->open_function, kelvin_document_set_get (events, gtk_list_box_row_get_index (row)));
}

static void
samples_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinEventPane) self = data;
  g_autoptr (GError) error = NULL;

  self->samples = kelvin_samples_read_finish (result, &error);
  if (self->samples == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }

  for (guint i = 0; i < self->samples->len; i++)
    {
      const KelvinSample *sample = g_ptr_array_index (self->samples, i);

      gtk_list_box_append (self->samples_list, create_row (sample->title));
    }
}

static void
samples_shown_cb (KelvinEventPane *self)
{
  if (self->samples == NULL)
    kelvin_samples_read_async (NULL, samples_read_cb, g_object_ref (self));
}

static void
sample_activated_cb (KelvinEventPane *self, GtkListBoxRow *row)
{
  const KelvinSample *sample = g_ptr_array_index (self->samples, gtk_list_box_row_get_index (row));

  gtk_popover_popdown (self->samples_popover);
  if (self->open_function != NULL)
    kelvin_open_function_add_event (self->open_function, sample->name, sample->text);
}

static void
forget_function (KelvinEventPane *self)
{
  if (self->open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->open_function, self);
  gtk_list_box_bind_model (self->events, NULL, NULL, NULL, NULL);
  show_event (self, NULL);
  g_clear_object (&self->open_function);
}

static void
kelvin_event_pane_dispose (GObject *object)
{
  KelvinEventPane *self = KELVIN_EVENT_PANE (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_EVENT_PANE);
  g_clear_handle_id (&self->check_id, g_source_remove);
  g_clear_pointer (&self->samples, g_ptr_array_unref);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (kelvin_event_pane_parent_class)->dispose (object);
}

static void
kelvin_event_pane_class_init (KelvinEventPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_event_pane_dispose;

  g_type_ensure (KELVIN_TYPE_CODE_EDITOR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/event-pane.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, editor);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, events_button);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, event_name);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, events_popover);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, events);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, samples_popover);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, samples_list);
  gtk_widget_class_bind_template_child (widget_class, KelvinEventPane, problem);
  gtk_widget_class_bind_template_callback (widget_class, event_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, samples_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_activated_cb);
}

static void
kelvin_event_pane_init (KelvinEventPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_event_pane_set_open_function (KelvinEventPane *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_EVENT_PANE (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  gtk_list_box_bind_model (
      self->events, kelvin_document_set_get_model (kelvin_open_function_get_events (open_function)),
      create_event_row, NULL, NULL);
  g_signal_connect_swapped (open_function, "notify::event", G_CALLBACK (event_changed_cb), self);
  event_changed_cb (self);
}
