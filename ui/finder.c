#include "config.h"

#include "ui/finder.h"

#include <glib/gi18n-lib.h>

#define WIDTH 560
/* Left free at both sides of a narrow window. */
#define MARGIN 16

struct _KelvinFinder {
  GtkPopover parent_instance;

  GtkSearchEntry *entry;
  GtkStack *stack;
  GtkListView *view;
  GtkSingleSelection *selection;
  KelvinFindList *found;
};

enum {
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinFinder, kelvin_finder, GTK_TYPE_POPOVER)

static guint
count (KelvinFinder *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->selection));
}

/* The focus stays in the entry: it says what is selected below. */
static void
describe_selected (KelvinFinder *self)
{
  KelvinFindItem *item = gtk_single_selection_get_selected_item (self->selection);
  g_autofree char *words = item != NULL ? kelvin_find_item_describe (item) : NULL;
  /* Translators: the position of what is selected, how many there are, and what it is */
  g_autofree char *text =
      item != NULL ? g_strdup_printf (_ ("%u of %u: %s"),
                                      gtk_single_selection_get_selected (self->selection) + 1,
                                      count (self), words)
                   : g_strdup (_ ("nothing fits"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

static void
items_changed_cb (KelvinFinder *self)
{
  gtk_stack_set_visible_child_name (self->stack, count (self) > 0 ? "found" : "nothing");
  describe_selected (self);
}

static void
select_position (KelvinFinder *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  if (position < count (self))
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
}

static void
search_cb (KelvinFinder *self)
{
  kelvin_find_list_search (self->found, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  select_position (self, 0);
}

static void
choose (KelvinFinder *self, guint position)
{
  g_autoptr (KelvinFindItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item == NULL)
    return;

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, item);
}

static void
entry_activated_cb (KelvinFinder *self)
{
  choose (self, gtk_single_selection_get_selected (self->selection));
}

static void
move (KelvinFinder *self, int by)
{
  guint n = count (self);
  int at = (int) gtk_single_selection_get_selected (self->selection) + by;

  if (n > 0)
    select_position (self, (guint) CLAMP (at, 0, (int) n - 1));
}

static gboolean
key_pressed_cb (KelvinFinder *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Down:
      move (self, 8);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Up:
      move (self, -8);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
stop_cb (KelvinFinder *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
row_activated_cb (KelvinFinder *self, guint position)
{
  choose (self, position);
}

static void
kelvin_finder_closed (GtkPopover *popover)
{
  kelvin_find_list_clear (KELVIN_FINDER (popover)->found);
}

static void
kelvin_finder_dispose (GObject *object)
{
  KelvinFinder *self = KELVIN_FINDER (object);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_FINDER);
  g_clear_object (&self->selection);
  g_clear_object (&self->found);

  G_OBJECT_CLASS (kelvin_finder_parent_class)->dispose (object);
}

static void
kelvin_finder_class_init (KelvinFinderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_finder_dispose;
  GTK_POPOVER_CLASS (klass)->closed = kelvin_finder_closed;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, KELVIN_TYPE_FIND_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/finder.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinFinder, entry);
  gtk_widget_class_bind_template_child (widget_class, KelvinFinder, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinFinder, view);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kelvin_finder_init (KelvinFinder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_finder_new (GtkWidget *parent, KelvinEngine *engine)
{
  KelvinFinder *self = g_object_new (KELVIN_TYPE_FINDER, NULL);

  self->found = kelvin_find_list_new (engine);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->found)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (describe_selected),
                            self);
  gtk_widget_set_parent (GTK_WIDGET (self), parent);
  return GTK_WIDGET (self);
}

void
kelvin_finder_open (KelvinFinder *self, GListModel *functions, KelvinOpenFunction *selected,
                    gboolean running)
{
  g_return_if_fail (KELVIN_IS_FINDER (self));

  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  int width = gtk_widget_get_width (parent);
  const GdkRectangle place = { .x = width / 2, .y = 4, .width = 1, .height = 1 };

  gtk_widget_set_size_request (GTK_WIDGET (self->stack), MIN (WIDTH, width - 2 * MARGIN), -1);
  gtk_popover_set_pointing_to (GTK_POPOVER (self), &place);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  kelvin_find_list_gather (self->found, functions, selected, running);
  search_cb (self);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
