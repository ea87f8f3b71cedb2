#include "config.h"

#include "ui/action-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One more action is one line here. */
static const KelvinActionEntry entries[] = {
  { N_ ("Run"), N_ ("Run"), "<Control>Return|<Control>KP_Enter", "win.run", KELVIN_NEEDS_FUNCTION },
  { N_ ("Run"), N_ ("Run cold"), "<Control><Shift>Return|<Control><Shift>KP_Enter", "win.run-cold",
    KELVIN_NEEDS_FUNCTION },
  { NULL, N_ ("Run twenty times"), NULL, "win.run-twenty", KELVIN_NEEDS_FUNCTION },
  { N_ ("Run"), N_ ("Profile"), "F5", "win.profile", KELVIN_NEEDS_FUNCTION },
  { N_ ("Run"), N_ ("Start load"), "F6", "win.start-load", KELVIN_NEEDS_FUNCTION },
  { N_ ("Run"), N_ ("End what runs"), "Escape", "win.cancel", KELVIN_NEEDS_A_RUN },
  { N_ ("Functions"), N_ ("New function"), "<Control>n", "win.new-function", KELVIN_NEEDS_NOTHING },
  { N_ ("Functions"), N_ ("Open folder"), "<Control>o", "win.open-folder", KELVIN_NEEDS_NOTHING },
  { N_ ("Functions"), N_ ("Save"), "<Control>s", "win.save", KELVIN_NEEDS_FUNCTION },
  { NULL, N_ ("Remove from the list"), NULL, "win.close-function", KELVIN_NEEDS_FUNCTION },
  { N_ ("Window"), N_ ("Find anything"), "<Control>k", "win.find", KELVIN_NEEDS_NOTHING },
  { N_ ("Window"), N_ ("Show or hide the functions"), "F9", "win.toggle-sidebar",
    KELVIN_NEEDS_NOTHING },
  { N_ ("Window"), N_ ("Keyboard shortcuts"), "<Control>question", "win.shortcuts",
    KELVIN_NEEDS_NOTHING },
  { N_ ("Window"), N_ ("Close"), "<Control>w", "win.close", KELVIN_NEEDS_NOTHING },
  { N_ ("Pages"), N_ ("First page"), "<Control>1", "win.page(1)", KELVIN_NEEDS_FUNCTION },
  { N_ ("Pages"), N_ ("Second page"), "<Control>2", "win.page(2)", KELVIN_NEEDS_FUNCTION },
  { N_ ("Pages"), N_ ("Third page"), "<Control>3", "win.page(3)", KELVIN_NEEDS_FUNCTION },
  { N_ ("Pages"), N_ ("Fourth page"), "<Control>4", "win.page(4)", KELVIN_NEEDS_FUNCTION },
  { N_ ("Pages"), N_ ("Fifth page"), "<Control>5", "win.page(5)", KELVIN_NEEDS_FUNCTION },
  { N_ ("Charts"), N_ ("Previous figure"), "Left", NULL, KELVIN_NEEDS_NOTHING },
  { N_ ("Charts"), N_ ("Next figure"), "Right", NULL, KELVIN_NEEDS_NOTHING },
  { N_ ("Charts"), N_ ("Nearer"), "plus", NULL, KELVIN_NEEDS_NOTHING },
  { N_ ("Charts"), N_ ("Further away"), "minus", NULL, KELVIN_NEEDS_NOTHING },
  { N_ ("Charts"), N_ ("Figures as a table"), "t", NULL, KELVIN_NEEDS_NOTHING },
};

guint
kelvin_action_table_get_size (void)
{
  return G_N_ELEMENTS (entries);
}

const KelvinActionEntry *
kelvin_action_table_get (guint position)
{
  g_return_val_if_fail (position < G_N_ELEMENTS (entries), NULL);

  return &entries[position];
}

char *
kelvin_action_entry_dup_keys (const KelvinActionEntry *entry)
{
  g_auto (GStrv) triggers = NULL;
  guint key;
  GdkModifierType modifiers;

  if (entry->triggers == NULL)
    return NULL;

  triggers = g_strsplit (entry->triggers, "|", 2);
  if (!gtk_accelerator_parse (triggers[0], &key, &modifiers))
    return g_strdup (triggers[0]);
  return gtk_accelerator_get_label (key, modifiers);
}

static GtkShortcut *
create_shortcut (const KelvinActionEntry *entry)
{
  g_autoptr (GVariant) target = NULL;
  g_autofree char *name = NULL;
  gboolean parsed = g_action_parse_detailed_name (entry->action, &name, &target, NULL);

  g_assert (parsed);
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (entry->triggers),
                                            gtk_named_action_new (name));
  gtk_shortcut_set_arguments (shortcut, target);
  return shortcut;
}

GtkEventController *
kelvin_action_table_create_controller (void)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].triggers != NULL && entries[i].action != NULL)
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                            create_shortcut (&entries[i]));
  return controller;
}
