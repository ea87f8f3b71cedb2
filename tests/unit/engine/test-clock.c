#include "engine/clock.h"

#define MS G_GINT64_CONSTANT (1000000)

typedef struct {
  KelvinClock *clock;
  GString *calls;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = kelvin_clock_new (NULL, KELVIN_CLOCK_MANUAL);
  f->calls = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_clock_free (f->clock);
  g_string_free (f->calls, TRUE);
}

typedef struct {
  Fixture *f;
  char name;
} Call;

static void
note_cb (gpointer user_data)
{
  Call *call = user_data;

  g_string_append_c (call->f->calls, call->name);
}

static void
test_calls_in_order_of_time (Fixture *f, gconstpointer data)
{
  Call a = { f, 'a' }, b = { f, 'b' }, c = { f, 'c' };

  kelvin_clock_add (f->clock, KELVIN_TIME_MONOTONIC, 30 * MS, note_cb, &c);
  kelvin_clock_add (f->clock, KELVIN_TIME_VIRTUAL, 10 * MS, note_cb, &a);
  kelvin_clock_add (f->clock, KELVIN_TIME_MONOTONIC, 20 * MS, note_cb, &b);
  kelvin_clock_advance (f->clock, 20 * MS);
  g_assert_cmpstr (f->calls->str, ==, "ab");
  kelvin_clock_advance (f->clock, 10 * MS);
  g_assert_cmpstr (f->calls->str, ==, "abc");
}

static void
test_calls_equals_in_order_of_making (Fixture *f, gconstpointer data)
{
  Call calls[8];

  for (int i = 0; i < 8; i++)
    {
      calls[i] = (Call){ f, '0' + i };
      kelvin_clock_add (f->clock, KELVIN_TIME_MONOTONIC, 5 * MS, note_cb, &calls[i]);
    }
  kelvin_clock_advance (f->clock, 5 * MS);
  g_assert_cmpstr (f->calls->str, ==, "01234567");
}

static void
test_cancelled_is_not_called (Fixture *f, gconstpointer data)
{
  Call calls[9];
  KelvinTimer *timers[9];

  for (int i = 0; i < 9; i++)
    {
      calls[i] = (Call){ f, '0' + i };
      timers[i] =
          kelvin_clock_add (f->clock, KELVIN_TIME_MONOTONIC, (9 - i) * MS, note_cb, &calls[i]);
    }
  kelvin_timer_cancel (timers[8]);
  kelvin_timer_cancel (timers[3]);
  kelvin_timer_cancel (timers[0]);
  kelvin_clock_advance (f->clock, 9 * MS);
  g_assert_cmpstr (f->calls->str, ==, "765421");
}

static void
test_virtual_time_is_scaled_and_paused (Fixture *f, gconstpointer data)
{
  Call a = { f, 'a' }, b = { f, 'b' };

  kelvin_clock_set_speed (f->clock, 100);
  kelvin_clock_add (f->clock, KELVIN_TIME_VIRTUAL, 1000 * MS, note_cb, &a);
  kelvin_clock_advance (f->clock, 10 * MS);
  g_assert_cmpstr (f->calls->str, ==, "a");
  g_assert_cmpint (kelvin_clock_virtual_ns (f->clock), ==, 1000 * MS);
  g_assert_cmpint (kelvin_clock_now_ns (f->clock), ==, 10 * MS);

  kelvin_clock_set_speed (f->clock, 0);
  kelvin_clock_add (f->clock, KELVIN_TIME_VIRTUAL, MS, note_cb, &b);
  kelvin_clock_advance (f->clock, 100 * MS);
  g_assert_cmpstr (f->calls->str, ==, "a");
  kelvin_clock_set_speed (f->clock, 1);
  kelvin_clock_advance (f->clock, MS);
  g_assert_cmpstr (f->calls->str, ==, "ab");
}

static void
test_paused_virtual_time_can_be_stepped (Fixture *f, gconstpointer data)
{
  Call a = { f, 'a' }, b = { f, 'b' };

  kelvin_clock_set_speed (f->clock, 0);
  kelvin_clock_add (f->clock, KELVIN_TIME_VIRTUAL, 10 * MS, note_cb, &a);
  kelvin_clock_add (f->clock, KELVIN_TIME_VIRTUAL, 11 * MS, note_cb, &b);
  kelvin_clock_step (f->clock, 10 * MS);
  g_assert_cmpstr (f->calls->str, ==, "");
  kelvin_clock_advance (f->clock, 0);
  g_assert_cmpstr (f->calls->str, ==, "a");
  kelvin_clock_advance (f->clock, 100 * MS);
  g_assert_cmpstr (f->calls->str, ==, "a");
  kelvin_clock_step (f->clock, MS);
  kelvin_clock_advance (f->clock, 0);
  g_assert_cmpstr (f->calls->str, ==, "ab");
}

static void
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
}

static void
test_real_timers_are_on_time (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (KelvinClock) clock = kelvin_clock_new (context, KELVIN_CLOCK_REAL);
  gint64 before_ns = kelvin_clock_now_ns (clock);

  kelvin_clock_add (clock, KELVIN_TIME_MONOTONIC, 2 * MS, quit_cb, loop);
  g_main_loop_run (loop);
  g_assert_cmpint (kelvin_clock_now_ns (clock) - before_ns, >=, 2 * MS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, test) g_test_add ("/clock/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("calls-in-order-of-time", test_calls_in_order_of_time);
  ADD ("calls-equals-in-order-of-making", test_calls_equals_in_order_of_making);
  ADD ("cancelled-is-not-called", test_cancelled_is_not_called);
  ADD ("virtual-time-is-scaled-and-paused", test_virtual_time_is_scaled_and_paused);
  ADD ("paused-virtual-time-can-be-stepped", test_paused_virtual_time_can_be_stepped);
#undef ADD
  g_test_add_func ("/clock/real-timers-are-on-time", test_real_timers_are_on_time);
  return g_test_run ();
}
