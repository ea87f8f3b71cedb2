#include "config.h"

#include "ui/patch-dialog.h"

#include <glib/gi18n-lib.h>

#include "ui/line-diff.h"

#define CONTEXT 3

typedef struct {
  KelvinDocument *document;
  char *text;
} Change;

struct _KelvinPatchDialog {
  AdwWindow parent_instance;

  GtkTextView *view;
  GArray *changes; /* of Change */
};

enum {
  SIGNAL_APPLIED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinPatchDialog, kelvin_patch_dialog, ADW_TYPE_WINDOW)

static void
clear_change (gpointer data)
{
  Change *change = data;

  g_object_unref (change->document);
  g_free (change->text);
}

static void
apply_cb (KelvinPatchDialog *self)
{
  for (guint i = 0; i < self->changes->len; i++)
    {
      const Change *change = &g_array_index (self->changes, Change, i);

      kelvin_document_set_text (change->document, change->text);
    }
  g_signal_emit (self, signals[SIGNAL_APPLIED], 0,
                 g_array_index (self->changes, Change, 0).document);
  gtk_window_close (GTK_WINDOW (self));
}

static void
kelvin_patch_dialog_dispose (GObject *object)
{
  KelvinPatchDialog *self = KELVIN_PATCH_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_PATCH_DIALOG);
  g_clear_pointer (&self->changes, g_array_unref);

  G_OBJECT_CLASS (kelvin_patch_dialog_parent_class)->dispose (object);
}

static void
kelvin_patch_dialog_class_init (KelvinPatchDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_patch_dialog_dispose;
  signals[SIGNAL_APPLIED] =
      g_signal_new ("applied", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, KELVIN_TYPE_DOCUMENT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/patch-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinPatchDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
kelvin_patch_dialog_init (KelvinPatchDialog *self)
{
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (self->changes, clear_change);
  buffer = gtk_text_view_get_buffer (self->view);
  /* Translucent, so that they go with light and dark. */
  gtk_text_buffer_create_tag (buffer, "removed", "paragraph-background", "rgba(224,27,36,0.18)",
                              NULL);
  gtk_text_buffer_create_tag (buffer, "added", "paragraph-background", "rgba(46,194,126,0.22)",
                              NULL);
  gtk_text_buffer_create_tag (buffer, "file", "weight", PANGO_WEIGHT_BOLD, NULL);
}

static void
append_line (GtkTextBuffer *buffer, const char *tag, const char *sign, const char *text)
{
  GtkTextIter end;
  g_autofree char *line = g_strdup_printf ("%s%s\n", sign, text);

  gtk_text_buffer_get_end_iter (buffer, &end);
  if (tag != NULL)
    gtk_text_buffer_insert_with_tags_by_name (buffer, &end, line, -1, tag, NULL);
  else
    gtk_text_buffer_insert (buffer, &end, line, -1);
}

static void
show_change (KelvinPatchDialog *self, const Change *change)
{
  static const struct {
    const char *tag;
    const char *sign;
  } looks[] = {
    [KELVIN_DIFF_SAME] = { NULL, "  " },
    [KELVIN_DIFF_REMOVED] = { "removed", "− " },
    [KELVIN_DIFF_ADDED] = { "added", "+ " },
    [KELVIN_DIFF_LEFT_OUT] = { NULL, "  ⋯" },
  };
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *before = kelvin_document_dup_text (change->document);
  g_autoptr (GArray) lines = kelvin_line_diff (before, change->text, CONTEXT);

  append_line (buffer, "file", "", kelvin_document_get_title (change->document));
  for (guint i = 0; i < lines->len; i++)
    {
      const KelvinDiffLine *line = &g_array_index (lines, KelvinDiffLine, i);

      append_line (buffer, looks[line->kind].tag, looks[line->kind].sign, line->text);
    }
}

/* (nullable) (transfer full): why a file can't be changed so */
static char *
find_problem (KelvinDocument *document, const char *file, const char *digest)
{
  if (document == NULL)
    return g_strdup_printf (_ ("%s isn’t among the files of the editor"), file);
  kelvin_document_load (document);

  g_autofree char *text = kelvin_document_dup_text (document);
  g_autofree char *now = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  if (g_str_equal (now, digest))
    return NULL;
  return g_strdup_printf (_ ("%s was changed since this was tried. Try it again"), file);
}

GtkWidget *
kelvin_patch_dialog_new (GtkWindow *parent, const char *title, KelvinDocumentSet *documents,
                         GVariant *patches, char **out_problem)
{
  KelvinPatchDialog *self =
      g_object_new (KELVIN_TYPE_PATCH_DIALOG, "transient-for", parent, "title", title, NULL);
  const char *file, *digest, *text;
  GVariantIter iter;

  g_object_ref_sink (self);
  g_variant_iter_init (&iter, patches);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &file, &digest, &text))
    {
      KelvinDocument *document = kelvin_document_set_find (documents, file);
      char *problem = find_problem (document, file, digest);
      Change change = { NULL, NULL };

      if (problem != NULL)
        {
          *out_problem = problem;
          gtk_window_destroy (GTK_WINDOW (self));
          g_object_unref (self);
          return NULL;
        }
      change.document = g_object_ref (document);
      change.text = g_strdup (text);
      g_array_append_val (self->changes, change);
      show_change (self, &change);
    }
  /* GTK itself holds a window that is open. */
  GtkWidget *widget = GTK_WIDGET (self);
  g_object_unref (self);
  return widget;
}
