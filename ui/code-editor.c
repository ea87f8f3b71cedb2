#include "config.h"

#include "ui/code-editor.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "ui/cost-gutter.h"
#include "ui/notice-bar.h"

struct _KelvinCodeEditor {
  GtkWidget parent_instance;

  KelvinNoticeBar *notice_bar;
  GtkScrolledWindow *scroller;
  GtkSourceView *view; /* of the document that is shown; NULL for none */
  KelvinDocument *document;
  KelvinLineCosts *costs;   /* nullable */
  KelvinCostGutter *gutter; /* of the view */
  char *label;
  gboolean line_numbers;
  guint colour_id;
};

enum {
  PROP_LINE_NUMBERS = 1,
  PROP_LABEL,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinCodeEditor, kelvin_code_editor, GTK_TYPE_WIDGET)

/* Languages and schemes were read, once for all editors. */
static gboolean colours_are_there;

static void
update_scheme (KelvinCodeEditor *self)
{
  if (!colours_are_there)
    return;

  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (self->document != NULL)
    gtk_source_buffer_set_style_scheme (
        kelvin_document_get_buffer (self->document),
        gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "kelvin-dark" : "kelvin"));
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

  if (self->view != NULL)
    gtk_text_view_set_editable (GTK_TEXT_VIEW (self->view), notice != KELVIN_NOTICE_UNREADABLE);
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
kelvin_code_editor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KelvinCodeEditor *self = KELVIN_CODE_EDITOR (object);

  if (id == PROP_LINE_NUMBERS)
    self->line_numbers = g_value_get_boolean (value);
  else if (id == PROP_LABEL)
    self->label = g_value_dup_string (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_code_editor_dispose (GObject *object)
{
  KelvinCodeEditor *self = KELVIN_CODE_EDITOR (object);

  g_clear_handle_id (&self->colour_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_CODE_EDITOR);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_object (&self->costs);
  g_clear_pointer (&self->label, g_free);

  G_OBJECT_CLASS (kelvin_code_editor_parent_class)->dispose (object);
}

static void
kelvin_code_editor_class_init (KelvinCodeEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = kelvin_code_editor_set_property;
  object_class->dispose = kelvin_code_editor_dispose;

  props[PROP_LINE_NUMBERS] = g_param_spec_boolean ("line-numbers", NULL, NULL, FALSE, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (KELVIN_TYPE_NOTICE_BAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/code-editor.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodeEditor, notice_bar);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodeEditor, scroller);
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
static int
get_indentation (KelvinDocument *document)
{
  GtkSourceLanguage *language =
      gtk_source_buffer_get_language (kelvin_document_get_buffer (document));
  const char *id = language != NULL ? gtk_source_language_get_id (language) : "";

  return g_str_has_prefix (id, "python") ? 4 : 2;
}

/* Each document has a view of its own: one that is given another buffer keeps lines of the old one
 * in its cache (GTK 4.8), and fails when those are edited. */
static GtkSourceView *
create_view (KelvinCodeEditor *self)
{
  GtkSourceBuffer *buffer = kelvin_document_get_buffer (self->document);
  GtkWidget *view = g_object_new (
      GTK_SOURCE_TYPE_VIEW, "buffer", buffer, "monospace", TRUE, "show-line-numbers",
      self->line_numbers, "auto-indent", TRUE, "insert-spaces-instead-of-tabs", TRUE,
      "indent-on-tab", TRUE, "smart-backspace", TRUE, "pixels-above-lines", 2, "pixels-below-lines",
      2, "top-margin", 6, "bottom-margin", 6, "left-margin", 8, "right-margin", 8, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label,
                                  -1);
  return GTK_SOURCE_VIEW (view);
}

static void
colour (KelvinCodeEditor *self)
{
  kelvin_document_find_language (self->document);
  gtk_source_view_set_indent_width (self->view, get_indentation (self->document));
  update_scheme (self);
}

static gboolean
colour_cb (gpointer data)
{
  KelvinCodeEditor *self = data;

  self->colour_id = 0;
  colours_are_there = TRUE;
  if (self->document != NULL)
    colour (self);
  return G_SOURCE_REMOVE;
}

/* Reading all languages takes 40 ms, for which the window's first frame doesn't wait. */
static void
colour_soon (KelvinCodeEditor *self)
{
  if (colours_are_there)
    colour (self);
  else if (self->colour_id == 0)
    self->colour_id = g_idle_add_full (G_PRIORITY_LOW, colour_cb, self, NULL);
}

static void
add_gutter (KelvinCodeEditor *self)
{
  GtkSourceGutterRenderer *gutter = kelvin_cost_gutter_new (
      kelvin_document_get_buffer (self->document), kelvin_document_get_title (self->document));

  gtk_source_gutter_insert (gtk_source_view_get_gutter (self->view, GTK_TEXT_WINDOW_RIGHT), gutter,
                            0);
  self->gutter = KELVIN_COST_GUTTER (gutter);
  kelvin_cost_gutter_set_line_costs (self->gutter, self->costs);
}

void
kelvin_code_editor_set_line_costs (KelvinCodeEditor *self, KelvinLineCosts *costs)
{
  g_return_if_fail (KELVIN_IS_CODE_EDITOR (self));

  g_set_object (&self->costs, costs);
  if (self->gutter != NULL)
    kelvin_cost_gutter_set_line_costs (self->gutter, costs);
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
  self->view = NULL;
  self->gutter = NULL;
  if (document != NULL)
    {
      kelvin_document_load (document);
      g_signal_connect_swapped (document, "notify::notice", G_CALLBACK (update_notice), self);
      self->view = create_view (self);
      add_gutter (self);
      colour_soon (self);
    }
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->view));
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

  if (self->view != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* A view that was made just now knows its lines' heights only when it has been drawn. */
static gboolean
scroll_to_cursor_cb (gpointer user_data)
{
  g_autoptr (KelvinCodeEditor) self = user_data;

  if (self->view != NULL)
    gtk_text_view_scroll_to_mark (
        GTK_TEXT_VIEW (self->view),
        gtk_text_buffer_get_insert (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view))), 0, TRUE,
        0, 0.3);
  return G_SOURCE_REMOVE;
}

void
kelvin_code_editor_show_line (KelvinCodeEditor *self, guint line)
{
  g_return_if_fail (KELVIN_IS_CODE_EDITOR (self));

  if (self->view == NULL)
    return;

  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  GtkTextIter start;
  gtk_text_buffer_get_iter_at_line (buffer, &start, (int) MAX (line, 1) - 1);
  gtk_text_buffer_place_cursor (buffer, &start);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  g_idle_add (scroll_to_cursor_cb, g_object_ref (self));
}
