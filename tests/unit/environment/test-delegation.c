/* A systemd that is none, on a bus of the test's own. */

#include "engine/environment/delegation.h"

#define NAME "org.freedesktop.systemd1"
#define PATH "/org/freedesktop/systemd1"
#define JOB PATH "/job/7"
#define LONG_MS 20000

/* How it behaves when a unit is asked for. */
typedef enum {
  MAKES_IT,
  MAKES_IT_BEFORE_IT_ANSWERS,
  FAILS_AT_IT,
  REFUSES_IT,
  NEVER_ANSWERS,
  NEVER_ENDS,
} Manner;

typedef struct {
  GTestDBus *dbus;
  GDBusConnection *bus;
  GDBusNodeInfo *node;
  guint object;
  guint name;
  gboolean named;
  Manner manner;
  char *asked;                       /* what for */
  GDBusMethodInvocation *unanswered; /* nullable; it would keep the bus alive */
} Fixture;

static const char interface[] =
    "<node><interface name='org.freedesktop.systemd1.Manager'>"
    "<method name='Subscribe'/>"
    "<method name='StartTransientUnit'>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='a(sv)' direction='in'/><arg type='a(sa(sv))' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<signal name='JobRemoved'><arg type='u'/><arg type='o'/><arg type='s'/><arg "
    "type='s'/></signal>"
    "</interface></node>";

static void
tell_end (Fixture *f, const char *result)
{
  g_dbus_connection_emit_signal (f->bus, NULL, PATH, NAME ".Manager", "JobRemoved",
                                 g_variant_new ("(uoss)", 7, JOB, "kelvin.scope", result), NULL);
}

static void
start_unit (Fixture *f, GDBusMethodInvocation *call)
{
  if (f->manner == REFUSES_IT)
    g_dbus_method_invocation_return_dbus_error (call, "org.freedesktop.DBus.Error.AccessDenied",
                                                "Permission denied");
  if (f->manner == NEVER_ANSWERS)
    f->unanswered = call;
  if (f->manner == REFUSES_IT || f->manner == NEVER_ANSWERS)
    return;
  if (f->manner == MAKES_IT_BEFORE_IT_ANSWERS)
    tell_end (f, "done");
  g_dbus_method_invocation_return_value (call, g_variant_new ("(o)", JOB));
  if (f->manner == MAKES_IT || f->manner == FAILS_AT_IT)
    tell_end (f, f->manner == MAKES_IT ? "done" : "failed");
}

static void
called_cb (GDBusConnection *bus, const char *sender, const char *path, const char *name,
           const char *method, GVariant *parameters, GDBusMethodInvocation *call,
           gpointer user_data)
{
  Fixture *f = user_data;

  if (g_str_equal (method, "Subscribe"))
    {
      g_dbus_method_invocation_return_value (call, NULL);
      return;
    }
  g_free (f->asked);
  f->asked = g_variant_print (parameters, FALSE);
  start_unit (f, call);
}

static void
named_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ((Fixture *) user_data)->named = TRUE;
}

static void
appear (Fixture *f)
{
  static const GDBusInterfaceVTable calls = { .method_call = called_cb };
  g_autoptr (GError) error = NULL;

  f->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (f->bus, FALSE);
  f->node = g_dbus_node_info_new_for_xml (interface, &error);
  g_assert_no_error (error);
  f->object = g_dbus_connection_register_object (f->bus, PATH, f->node->interfaces[0], &calls, f,
                                                 NULL, &error);
  g_assert_no_error (error);
  f->name = g_bus_own_name_on_connection (f->bus, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, named_cb, NULL,
                                          f, NULL);
  while (!f->named)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->manner = GPOINTER_TO_INT (data);
  f->dbus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (f->dbus);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->unanswered != NULL)
    g_dbus_method_invocation_return_dbus_error (f->unanswered, "org.kelvin.Test", "the end");
  if (f->bus != NULL)
    {
      g_bus_unown_name (f->name);
      g_dbus_connection_unregister_object (f->bus, f->object);
      g_dbus_node_info_unref (f->node);
    }
  g_clear_object (&f->bus);
  g_test_dbus_down (f->dbus);
  g_object_unref (f->dbus);
  g_free (f->asked);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
ask (guint limit_ms, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_delegation_ask_async (1234, limit_ms, cancellable, asked_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kelvin_delegation_ask_finish (result, error);
}

static void
test_asks_for_a_group_that_may_be_divided (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  appear (f);
  g_assert_true (ask (LONG_MS, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (f->asked, ==,
                   "('kelvin-1234.scope', 'fail', [('Description', <'Sandboxes of Kelvin'>), "
                   "('Delegate', <true>), ('CollectMode', <'inactive-or-failed'>), "
                   "('PIDs', <[uint32 1234]>)], [])");
}

static void
test_says_why_not (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  appear (f);
  g_assert_false (ask (LONG_MS, NULL, &error));
  g_assert_error (error, KELVIN_DELEGATION_ERROR, KELVIN_DELEGATION_ERROR_REFUSED);
  g_assert_true (g_str_has_suffix (error->message,
                                   f->manner == REFUSES_IT ? ": Permission denied" : ": failed"));
}

static void
test_waits_no_longer_than_it_may (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  appear (f);
  g_assert_false (ask (50, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_can_be_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  appear (f);
  g_idle_add (cancel_cb, cancellable);
  g_assert_false (ask (LONG_MS, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_does_without_a_systemd (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ask (LONG_MS, NULL, &error));
  g_assert_error (error, KELVIN_DELEGATION_ERROR, KELVIN_DELEGATION_ERROR_REFUSED);
}

static void
test_does_without_a_bus (void)
{
  g_autoptr (GError) error = NULL;

  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_assert_false (ask (LONG_MS, NULL, &error));
  g_assert_error (error, KELVIN_DELEGATION_ERROR, KELVIN_DELEGATION_ERROR_NO_BUS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, manner, func)                                                                    \
  g_test_add ("/environment/delegation/" name, Fixture, GINT_TO_POINTER (manner), set_up, func,    \
              tear_down)
  ADD ("asks-for-a-group-that-may-be-divided", MAKES_IT, test_asks_for_a_group_that_may_be_divided);
  ADD ("hears-of-an-end-before-the-answer", MAKES_IT_BEFORE_IT_ANSWERS,
       test_asks_for_a_group_that_may_be_divided);
  ADD ("says-that-it-failed", FAILS_AT_IT, test_says_why_not);
  ADD ("says-that-it-was-refused", REFUSES_IT, test_says_why_not);
  ADD ("waits-no-longer-than-it-may-for-an-answer", NEVER_ANSWERS,
       test_waits_no_longer_than_it_may);
  ADD ("waits-no-longer-than-it-may-for-the-end", NEVER_ENDS, test_waits_no_longer_than_it_may);
  ADD ("can-be-cancelled", NEVER_ANSWERS, test_can_be_cancelled);
  ADD ("does-without-a-systemd", MAKES_IT, test_does_without_a_systemd);
#undef ADD
  g_test_add_func ("/environment/delegation/does-without-a-bus", test_does_without_a_bus);

  return g_test_run ();
}
