#include "config.h"

#include "ui/code-editor.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "ui/notice-bar.h"

struct _KelvinCodeEditor {
  GtkWidget parent_instance;

  GtkWidget *content;
  KelvinNoticeBar *notice_bar;
  GtkSourceView *view;
  KelvinDocument *document;
};

enum {
  PROP_LINE_NUMBERS = 1,
  PROP_LABEL,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinCodeEditor, kelvin_code_editor, GTK_TYPE_WIDGET)

static void
update_scheme (KelvinCodeEditor *self)
{
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (self->document != NULL)
    gtk_source_buffer_set_style_scheme (
        kelvin_document_get_buffer (self->document),
        gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
}

static void
show_notice (KelvinCodeEditor *self, const char *format, const char *first, const char *second)
{
  const char *title = kelvin_document_get_title (self->document);
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *text = g_strjoinv (title, parts);

  kelvin_notice_bar_show (self->notice_bar, text, first, second);
}

static void
update_notice (KelvinCodeEditor *self)
{
  KelvinNotice notice =
      self->document != NULL ? kelvin_document_get_notice (self->document) : KELVIN_NOTICE_NONE;

  switch (notice)
    {
    case KELVIN_NOTICE_RESTORED:
      /* Translators: %s is a file */
      show_notice (self, _ ("Changes to %s that weren’t saved are back"), _ ("Discard"),
                   _ ("Keep"));
      break;
    case KELVIN_NOTICE_RESTORED_STALE:
      /* Translators: %s is a file */
      show_notice (
          self, _ ("Changes to %s that weren’t saved are back, and the file is another one by now"),
          _ ("Discard"), _ ("Keep"));
      break;
    case KELVIN_NOTICE_CHANGED:
      /* Translators: %s is a file */
      show_notice (self, _ ("%s was changed by another program, and here too"), _ ("Read again"),
                   _ ("Keep mine"));
      break;
    case KELVIN_NOTICE_UNREADABLE:
      kelvin_notice_bar_show (self->notice_bar, kelvin_document_get_problem (self->document), NULL,
                              NULL);
      break;
    case KELVIN_NOTICE_NONE:
    default:
      kelvin_notice_bar_hide (self->notice_bar);
    }

  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->view),
                              self->document != NULL && notice != KELVIN_NOTICE_UNREADABLE);
}

static void
first_cb (KelvinCodeEditor *self)
{
  kelvin_document_revert (self->document);
}

static void
second_cb (KelvinCodeEditor *self)
{
  kelvin_document_dismiss_notice (self->document);
}

static void
set_label (KelvinCodeEditor *self, const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
kelvin_code_editor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KelvinCodeEditor *self = KELVIN_CODE_EDITOR (object);

  if (id == PROP_LINE_NUMBERS)
    gtk_source_view_set_show_line_numbers (self->view, g_value_get_boolean (value));
  else if (id == PROP_LABEL)
    set_label (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_code_editor_dispose (GObject *object)
{
  KelvinCodeEditor *self = KELVIN_CODE_EDITOR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_CODE_EDITOR);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (kelvin_code_editor_parent_class)->dispose (object);
}

static void
kelvin_code_editor_class_init (KelvinCodeEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = kelvin_code_editor_set_property;
  object_class->dispose = kelvin_code_editor_dispose;

  props[PROP_LINE_NUMBERS] = g_param_spec_boolean ("line-numbers", NULL, NULL, FALSE,
                                                   G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (KELVIN_TYPE_NOTICE_BAR);
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/code-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinCodeEditor, content);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodeEditor, notice_bar);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodeEditor, view);
  gtk_widget_class_bind_template_callback (widget_class, first_cb);
  gtk_widget_class_bind_template_callback (widget_class, second_cb);
}

static void
kelvin_code_editor_init (KelvinCodeEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_scheme), self, G_CONNECT_SWAPPED);
}

/* Two spaces for data, as many as the language's people use for the rest. */
static void
update_indentation (KelvinCodeEditor *self)
{
  GtkSourceLanguage *language =
      gtk_source_buffer_get_language (kelvin_document_get_buffer (self->document));
  const char *id = language != NULL ? gtk_source_language_get_id (language) : "";

  gtk_source_view_set_indent_width (self->view, g_str_has_prefix (id, "python") ? 4 : 2);
}

/* GTK 4.8 keeps what it laid out of a buffer's lines without having measured them, and looks at it
 * after the buffer was replaced and they were freed. A change of spacing makes it drop all of it.
 */
static void
forget_lines (GtkTextView *view)
{
  int pixels = gtk_text_view_get_pixels_above_lines (view);

  gtk_text_view_set_pixels_above_lines (view, pixels + 1);
  gtk_text_view_set_pixels_above_lines (view, pixels);
}

void
kelvin_code_editor_set_document (KelvinCodeEditor *self, KelvinDocument *document)
{
  g_return_if_fail (KELVIN_IS_CODE_EDITOR (self));

  if (self->document == document)
    return;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  gtk_widget_set_sensitive (self->content, document != NULL);
  if (document != NULL)
    {
      kelvin_document_load (document);
      forget_lines (GTK_TEXT_VIEW (self->view));
      gtk_text_view_set_buffer (GTK_TEXT_VIEW (self->view),
                                GTK_TEXT_BUFFER (kelvin_document_get_buffer (document)));
      g_signal_connect_swapped (document, "notify::notice", G_CALLBACK (update_notice), self);
      update_indentation (self);
    }
  update_scheme (self);
  update_notice (self);
}

KelvinDocument *
kelvin_code_editor_get_document (KelvinCodeEditor *self)
{
  g_return_val_if_fail (KELVIN_IS_CODE_EDITOR (self), NULL);

  return self->document;
}

void
kelvin_code_editor_focus (KelvinCodeEditor *self)
{
  g_return_if_fail (KELVIN_IS_CODE_EDITOR (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}
