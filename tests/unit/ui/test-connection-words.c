#include "ui/connection-words.h"

#include "ui/charts/span-bar.h"

static KelvinDoorRecord *
make_record (void)
{
  KelvinDoorRecord *record = kelvin_door_record_new ();

  record->door = g_strdup ("db");
  record->host = g_strdup ("db.internal");
  record->port = 5432;
  record->to = g_strdup ("127.0.0.1:5433");
  record->opened_us = 2000;
  record->connect_us = 500;
  record->first_byte_us = 3000;
  record->duration_us = 4000;
  record->bytes_up = 65;
  record->bytes_down = 190;
  record->end = KELVIN_DOOR_END_FUNCTION;
  return record;
}

static void
test_says_what_passed (void)
{
  KelvinDoorRecord *record = make_record ();
  g_autofree char *what = kelvin_describe_connection (record);
  g_autofree char *asked = kelvin_describe_connection_asked (record);
  g_autofree char *use = kelvin_describe_connection_use (record);
  g_autofree char *end = kelvin_describe_connection_end (record);

  g_assert_cmpstr (what, ==, "db → 127.0.0.1:5433");
  g_assert_cmpstr (asked, ==, "db.internal:5432");
  g_assert_true (g_str_has_prefix (use, "connect 0.5"));
  g_assert_nonnull (strstr (use, "first byte 3"));
  g_assert_nonnull (strstr (use, "190"));
  g_assert_cmpstr (end, ==, "closed by the function");
  g_assert_false (kelvin_connection_failed (record));
  kelvin_door_record_free (record);
}

/* Connecting was another event's time. */
static void
test_a_reused_one_has_no_connecting (void)
{
  KelvinDoorRecord *record = make_record ();

  record->opened_us = -9000;
  record->end = KELVIN_DOOR_END_OPEN;
  g_autofree char *asked = kelvin_describe_connection_asked (record);
  g_autofree char *use = kelvin_describe_connection_use (record);
  g_assert_cmpstr (asked, ==, "db.internal:5432, opened earlier");
  g_assert_null (strstr (use, "connect"));
  g_assert_null (strstr (use, "first"));
  kelvin_door_record_free (record);
}

static void
test_a_capped_one_names_who_holds (void)
{
  KelvinDoorRecord *record = make_record ();

  record->end = KELVIN_DOOR_END_CAPPED;
  record->holders = g_strdup ("env 1 (2), env 3");
  g_autofree char *end = kelvin_describe_connection_end (record);
  g_assert_cmpstr (end, ==, "refused: the door’s cap is held by env 1 (2), env 3");
  g_assert_true (kelvin_connection_failed (record));
  kelvin_door_record_free (record);
}

static void
test_faults_are_listed (void)
{
  KelvinDoorFaults none = { 0 };
  KelvinDoorFaults some = { .delay_ms = 300, .cap = 5 };
  g_autofree char *text = kelvin_describe_faults (&some);

  g_assert_null (kelvin_describe_faults (&none));
  g_assert_cmpstr (text, ==, "each answer 300 ms later · at most 5 at once");
}

static void
test_parts_lie_within_the_bar (void)
{
  KelvinDoorRecord *record = make_record ();
  KelvinSpanParts parts = kelvin_span_bar_get_parts (record, 10000);

  g_assert_cmpfloat_with_epsilon (parts.opened, 0.2, 1e-6);
  g_assert_cmpfloat_with_epsilon (parts.connected, 0.25, 1e-6);
  g_assert_cmpfloat_with_epsilon (parts.first_byte, 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (parts.ended, 0.6, 1e-6);

  record->opened_us = -5000;
  record->duration_us = -1;
  parts = kelvin_span_bar_get_parts (record, 10000);
  g_assert_cmpfloat (parts.opened, ==, 0);
  g_assert_cmpfloat (parts.ended, ==, 1);
  kelvin_door_record_free (record);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/connection-words/says-what-passed", test_says_what_passed);
  g_test_add_func ("/ui/connection-words/a-reused-one-has-no-connecting",
                   test_a_reused_one_has_no_connecting);
  g_test_add_func ("/ui/connection-words/a-capped-one-names-who-holds",
                   test_a_capped_one_names_who_holds);
  g_test_add_func ("/ui/connection-words/faults-are-listed", test_faults_are_listed);
  g_test_add_func ("/ui/connection-words/parts-lie-within-the-bar", test_parts_lie_within_the_bar);

  return g_test_run ();
}
