#include "config.h"

#include "ui/result-tabs.h"

#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "engine/model/json-text.h"
#include "ui/connections-view.h"
#include "ui/environment-view.h"

/* A text view lays out what it holds: more than this belongs to a file. */
#define LONGEST_TEXT (512 * 1024)
/* Below it a payload is shown indented. */
#define LARGEST_PRETTY (64 * 1024)
#define REPORT_LINE "REPORT RequestId: "
#define REPORT_GAP "  "

struct _KelvinResultTabs {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkToggleButton *log_tab;
  GtkTextView *payload;
  GtkTextView *log;
  KelvinEnvironmentView *environment;
  GtkToggleButton *connections_tab;
  KelvinConnectionsView *connections;
};

G_DEFINE_FINAL_TYPE (KelvinResultTabs, kelvin_result_tabs, GTK_TYPE_WIDGET)

static void
set_text (GtkTextView *view, const char *text)
{
  gsize length = strlen (text);
  const char *end = text + MIN (length, LONGEST_TEXT);

  if (length <= LONGEST_TEXT)
    {
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
      return;
    }

  end = g_utf8_find_prev_char (text, end);
  g_autofree char *start = g_strndup (text, end - text);
  g_autofree char *size = g_format_size (length - (end - text));
  /* Translators: the start of a text, and the size of what isn't shown of it */
  g_autofree char *shown =
      g_strdup_printf (_ ("%s\n… and %s more, which the history keeps"), start, size);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), shown, -1);
}

static char *
format_payload (GBytes *payload)
{
  gsize length;
  const char *data = g_bytes_get_data (payload, &length);

  if (length <= LARGEST_PRETTY)
    {
      g_autoptr (JsonNode) node = kelvin_json_parse (data, length, KELVIN_JSON_PAYLOAD_DEPTH, NULL);

      if (node != NULL)
        return kelvin_json_to_text (node, KELVIN_JSON_PRETTY);
    }

  return g_utf8_make_valid (data, length);
}

static void
show_payload (KelvinResultTabs *self, KelvinInvocation *invocation)
{
  g_autofree char *text = NULL;

  if (invocation != NULL && invocation->payload != NULL)
    text = format_payload (invocation->payload);
  set_text (self->payload, text != NULL ? text : "");
}

static guint
count_lines (const char *text)
{
  guint lines = 0;

  for (const char *c = text; *c != '\0'; c++)
    lines += *c == '\n';

  return lines;
}

/* The service parts the figures of a report with tabs: a gap that is now wide, now hardly to be
 * seen would tear the line apart. The history keeps them as they are. */
static char *
part_report (const char *log)
{
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], REPORT_LINE))
      {
        g_auto (GStrv) parts = g_strsplit (lines[i], "\t", -1);

        g_free (lines[i]);
        lines[i] = g_strjoinv (REPORT_GAP, parts);
      }

  return g_strjoinv ("\n", lines);
}

static void
show_log (KelvinResultTabs *self, KelvinInvocation *invocation)
{
  const char *log = invocation != NULL && invocation->log != NULL ? invocation->log : "";
  guint lines = count_lines (log);
  g_autofree char *title =
      g_strdup_printf (ngettext ("Log  %u line", "Log  %u lines", lines), lines);

  g_autofree char *shown = part_report (log);

  set_text (self->log, shown);
  gtk_button_set_label (GTK_BUTTON (self->log_tab), lines > 0 ? title : _ ("Log"));
}

/* The number is that of connections; a refused destination is marked, for it may be why a run
 * failed. */
static void
show_connections (KelvinResultTabs *self, KelvinInvocation *invocation)
{
  guint n =
      invocation != NULL && invocation->connections != NULL ? invocation->connections->len : 0;
  gboolean refused = invocation != NULL && invocation->refused != NULL;
  g_autofree char *number = NULL;
  g_autofree char *title = NULL;

  n += invocation != NULL ? invocation->connections_omitted : 0;
  /* Translators: the title of a tab with its number */
  number = n > 0 ? g_strdup_printf (_ ("Connections %u"), n) : g_strdup (_ ("Connections"));
  title = refused ? g_strconcat (number, " ✗", NULL) : g_strdup (number);
  gtk_button_set_label (GTK_BUTTON (self->connections_tab), title);
  kelvin_connections_view_set_invocation (self->connections, invocation);
}

static void
tab_toggled_cb (KelvinResultTabs *self, GtkToggleButton *tab)
{
  if (gtk_toggle_button_get_active (tab))
    gtk_stack_set_visible_child_name (self->stack, gtk_widget_get_name (GTK_WIDGET (tab)));
}

static void
kelvin_result_tabs_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_RESULT_TABS);

  G_OBJECT_CLASS (kelvin_result_tabs_parent_class)->dispose (object);
}

static void
kelvin_result_tabs_class_init (KelvinResultTabsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_result_tabs_dispose;

  g_type_ensure (KELVIN_TYPE_CONNECTIONS_VIEW);
  g_type_ensure (KELVIN_TYPE_ENVIRONMENT_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/result-tabs.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, log_tab);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, payload);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, log);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, environment);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, connections_tab);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultTabs, connections);
  gtk_widget_class_bind_template_callback (widget_class, tab_toggled_cb);
}

static void
kelvin_result_tabs_init (KelvinResultTabs *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_result_tabs_new (void)
{
  return g_object_new (KELVIN_TYPE_RESULT_TABS, NULL);
}

void
kelvin_result_tabs_set_invocation (KelvinResultTabs *self, KelvinStore *store,
                                   KelvinInvocation *invocation)
{
  g_return_if_fail (KELVIN_IS_RESULT_TABS (self));

  show_payload (self, invocation);
  show_log (self, invocation);
  kelvin_environment_view_set_invocation (self->environment, store, invocation);
  show_connections (self, invocation);
}

void
kelvin_result_tabs_set_open_function (KelvinResultTabs *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_RESULT_TABS (self));

  kelvin_connections_view_set_open_function (self->connections, open_function);
}
