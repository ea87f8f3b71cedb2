#include "engine/history/write-queue.h"

#include "tests/unit/history/history-fixture.h"

static const KelvinTransition transition = { 1, KELVIN_STATE_PARKED, KELVIN_STATE_STARTING, 1, "" };

static KelvinRecord *
make_run_record (void)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, 1);

  return kelvin_record_new_run (run);
}

static void
fill (KelvinWriteQueue *queue)
{
  for (guint i = 0; i < KELVIN_WRITE_QUEUE_MOST_RECORDS; i++)
    g_assert_true (kelvin_write_queue_push (queue, make_run_record ()));
}

static void
test_batches_have_a_bound (void)
{
  KelvinWriteQueue *queue = kelvin_write_queue_new ();
  guint left = KELVIN_WRITE_QUEUE_MOST_RECORDS;

  fill (queue);
  kelvin_write_queue_close (queue);
  while (left > 0)
    {
      g_autoptr (GPtrArray) batch = kelvin_write_queue_pop (queue);

      g_assert_cmpuint (batch->len, ==, MIN (left, KELVIN_WRITE_QUEUE_BATCH));
      left -= batch->len;
    }
  g_assert_null (kelvin_write_queue_pop (queue));
  kelvin_write_queue_free (queue);
}

static void
test_drops_and_counts_transitions_when_full (void)
{
  KelvinWriteQueue *queue = kelvin_write_queue_new ();
  const KelvinTransition three[] = { transition, transition, transition };

  g_assert_true (kelvin_write_queue_push (queue, kelvin_record_new_transitions ("r", three, 3)));
  g_assert_cmpuint (kelvin_write_queue_get_dropped (queue), ==, 0);
  for (guint i = 1; i < KELVIN_WRITE_QUEUE_MOST_RECORDS; i++)
    kelvin_write_queue_push (queue, make_run_record ());

  g_assert_true (kelvin_write_queue_push (queue, kelvin_record_new_transitions ("r", three, 3)));
  g_assert_cmpuint (kelvin_write_queue_get_dropped (queue), ==, 3);
  kelvin_write_queue_free (queue);
}

static gpointer
push_one (gpointer queue)
{
  return GINT_TO_POINTER (kelvin_write_queue_push (queue, make_run_record ()));
}

static void
test_others_wait_for_room (void)
{
  KelvinWriteQueue *queue = kelvin_write_queue_new ();
  guint taken = 0;
  GThread *thread;

  fill (queue);
  thread = g_thread_new ("push", push_one, queue);
  /* The push can only come to its end by what is popped here. */
  while (taken < KELVIN_WRITE_QUEUE_MOST_RECORDS + 1)
    {
      g_autoptr (GPtrArray) batch = kelvin_write_queue_pop (queue);
      taken += batch->len;
    }
  g_assert_true (GPOINTER_TO_INT (g_thread_join (thread)));
  kelvin_write_queue_free (queue);
}

static void
test_is_bounded_in_bytes (void)
{
  KelvinWriteQueue *queue = kelvin_write_queue_new ();
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, 1);
  g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, 1);

  g_clear_pointer (&invocation->payload, g_bytes_unref);
  invocation->payload =
      g_bytes_new_take (g_malloc0 (KELVIN_WRITE_QUEUE_MOST_BYTES), KELVIN_WRITE_QUEUE_MOST_BYTES);
  g_assert_true (kelvin_write_queue_push (queue, kelvin_record_new_invocation (invocation)));
  kelvin_write_queue_push (queue, kelvin_record_new_transitions ("r", &transition, 1));
  g_assert_cmpuint (kelvin_write_queue_get_dropped (queue), ==, 1);
  kelvin_write_queue_free (queue);
}

static void
test_closing_wakes_those_that_wait (void)
{
  KelvinWriteQueue *queue = kelvin_write_queue_new ();
  GThread *thread;

  fill (queue);
  thread = g_thread_new ("push", push_one, queue);
  kelvin_write_queue_close (queue);
  g_assert_false (GPOINTER_TO_INT (g_thread_join (thread)));
  g_assert_false (kelvin_write_queue_push (queue, make_run_record ()));
  kelvin_write_queue_free (queue);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/history/write-queue/batches-have-a-bound", test_batches_have_a_bound);
  g_test_add_func ("/history/write-queue/drops-and-counts-transitions-when-full",
                   test_drops_and_counts_transitions_when_full);
  g_test_add_func ("/history/write-queue/others-wait-for-room", test_others_wait_for_room);
  g_test_add_func ("/history/write-queue/is-bounded-in-bytes", test_is_bounded_in_bytes);
  g_test_add_func ("/history/write-queue/closing-wakes-those-that-wait",
                   test_closing_wakes_those_that_wait);

  return g_test_run ();
}
