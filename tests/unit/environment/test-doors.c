/* Doors between real sockets of the loopback device: the test plays the function, and the place
 * where the door leads. */

#include "engine/environment/doors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/fd.h"

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinClock *clock;
  KelvinDoorKeeper *keeper;
  KelvinFunction *function;
  KelvinDoors *doors;
  KelvinDelivery *delivery;
  KelvinFd place;               /* listens where the door leads */
  struct sockaddr_in inside[2]; /* of Kelvin's own door, and of the door */
  struct sockaddr_in resolver;
} Fixture;

static const KelvinDoorFaults no_faults;

static int
listen_somewhere (int type, struct sockaddr_in *out_where)
{
  struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof *out_where;
  int fd = socket (AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_no_errno (fd);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &any, sizeof any));
  if (type == SOCK_STREAM)
    g_assert_no_errno (listen (fd, 100));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) out_where, &length));
  return fd;
}

static void
renew_delivery (Fixture *f)
{
  g_autoptr (GBytes) event = g_bytes_new_static ("{}", 2);

  g_clear_pointer (&f->delivery, kelvin_delivery_free);
  f->delivery = kelvin_delivery_new (event, kelvin_clock_now_ns (f->clock));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  struct sockaddr_in place;
  struct sockaddr_in streams;
  int fds[4];

  f->context = g_main_context_new ();
  g_main_context_push_thread_default (f->context);
  f->poller = kelvin_poller_new (f->context);
  f->clock = kelvin_clock_new (f->context, KELVIN_CLOCK_REAL);
  f->keeper = kelvin_door_keeper_new ();
  f->place = listen_somewhere (SOCK_STREAM, &place);
  g_autofree char *json = g_strdup_printf (
      "{\"FunctionName\": \"f\", \"Runtime\": \"provided\", \"Kelvin\": {\"Doors\": [{\"Name\": "
      "\"db\", \"Host\": \"db.internal\", \"Port\": 5432, \"To\": \"%s:%u\"}]}}",
      data != NULL ? (const char *) data : "127.0.0.1", ntohs (place.sin_port));
  f->function = kelvin_function_parse ("/nowhere", json, -1, NULL);
  fds[0] = listen_somewhere (SOCK_STREAM, &f->inside[0]);
  fds[1] = listen_somewhere (SOCK_STREAM, &f->inside[1]);
  fds[2] = listen_somewhere (SOCK_DGRAM, &f->resolver);
  fds[3] = listen_somewhere (SOCK_STREAM, &streams);
  f->doors = kelvin_doors_new (f->poller, f->clock, f->keeper, f->function, 7, fds, 4);
  renew_delivery (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_doors_free (f->doors);
  kelvin_delivery_free (f->delivery);
  kelvin_door_keeper_free (f->keeper);
  g_object_unref (f->function);
  while (g_main_context_iteration (f->context, FALSE))
    continue;
  kelvin_clock_free (f->clock);
  kelvin_poller_free (f->poller);
  kelvin_fd_clear (&f->place);
  g_main_context_pop_thread_default (f->context);
  g_main_context_unref (f->context);
}

static void
set_faults (Fixture *f, KelvinDoorFaults faults)
{
  kelvin_door_keeper_set_faults (f->keeper, "/nowhere", "db", &faults);
}

static int
connect_inside (Fixture *f, guint which)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (connect (fd, (struct sockaddr *) &f->inside[which], sizeof *f->inside));
  return fd;
}

static int
accept_outside (Fixture *f)
{
  int fd = -1;

  while ((fd = accept4 (f->place, NULL, NULL, SOCK_CLOEXEC)) < 0 && errno == EAGAIN)
    g_main_context_iteration (f->context, TRUE);
  g_assert_no_errno (fd);
  return fd;
}

/* Up to the end or @size bytes; -1 where it was reset. */
static gssize
read_all (Fixture *f, int fd, char *buffer, gsize size)
{
  gsize used = 0;

  while (used < size)
    {
      gssize n = recv (fd, buffer + used, size - used, MSG_DONTWAIT);

      if (n > 0)
        used += (gsize) n;
      else if (n == 0)
        return (gssize) used;
      else if (errno == ECONNRESET)
        return -1;
      else
        g_main_context_iteration (f->context, TRUE);
    }
  return (gssize) used;
}

static void
assert_reads (Fixture *f, int fd, const char *expected)
{
  char buffer[64] = "";

  g_assert_cmpint (read_all (f, fd, buffer, strlen (expected)), ==, (gssize) strlen (expected));
  g_assert_cmpstr (buffer, ==, expected);
}

static void
assert_reset (Fixture *f, int fd)
{
  char byte;

  g_assert_cmpint (read_all (f, fd, &byte, 1), ==, -1);
}

static void
assert_at_end (Fixture *f, int fd)
{
  char byte;

  g_assert_cmpint (read_all (f, fd, &byte, 1), ==, 0);
}

static void
say (int fd, const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL), ==, (gssize) strlen (text));
}

static const KelvinDoorRecord *
take_record (Fixture *f, guint n)
{
  kelvin_doors_take_records (f->doors, f->delivery, FALSE);
  g_assert_nonnull (f->delivery->connections);
  g_assert_cmpuint (f->delivery->connections->len, >, n);
  return f->delivery->connections->pdata[n];
}

/* --- connections --- */

static void
test_carries_both_ways (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (inside, "question");
  assert_reads (f, outside, "question");
  say (outside, "answer!");
  assert_reads (f, inside, "answer!");

  const KelvinDoorRecord *record = take_record (f, 0);
  g_assert_cmpstr (record->door, ==, "db");
  g_assert_cmpstr (record->host, ==, "db.internal");
  g_assert_cmpuint (record->port, ==, 5432);
  g_assert_cmpint (record->bytes_up, ==, 8);
  g_assert_cmpint (record->bytes_down, ==, 7);
  g_assert_cmpint (record->connect_us, >=, 0);
  g_assert_cmpint (record->first_byte_us, >=, record->connect_us);
  g_assert_cmpint (record->duration_us, ==, -1);
  g_assert_cmpint (record->end, ==, KELVIN_DOOR_END_OPEN);
}

/* The end of one direction leaves the other open. */
static void
test_hands_on_half_an_end (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (inside, "all");
  shutdown (inside, SHUT_WR);
  assert_reads (f, outside, "all");
  assert_at_end (f, outside);
  say (outside, "late");
  kelvin_fd_clear (&outside);
  assert_reads (f, inside, "late");
  assert_at_end (f, inside);
  g_assert_cmpint (take_record (f, 0)->end, ==, KELVIN_DOOR_END_FUNCTION);
}

static void
test_knows_who_closed_it (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  kelvin_fd_clear (&outside);
  assert_at_end (f, inside);
  kelvin_fd_clear (&inside);

  const KelvinDoorRecord *record = take_record (f, 0);
  g_assert_cmpint (record->end, ==, KELVIN_DOOR_END_DESTINATION);
  g_assert_cmpint (record->duration_us, >=, 0);
}

/* What one side doesn't take is held back at the other, and nothing is lost. */
static void
test_holds_back_what_is_not_taken (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);
  gsize size = 0;
  guint idle = 0;
  g_autofree char *block = g_strnfill (65536, 'x');

  while (idle < 100)
    {
      gssize n = send (outside, block, 65536, MSG_DONTWAIT | MSG_NOSIGNAL);

      size += n > 0 ? (gsize) n : 0;
      idle = n > 0 ? 0 : idle + 1;
      g_main_context_iteration (f->context, FALSE);
    }
  g_assert_cmpuint (size, <, 64 * 1024 * 1024);
  kelvin_fd_clear (&outside);

  g_autofree char *all = g_malloc (size + 1);
  g_assert_cmpint (read_all (f, inside, all, size + 1), ==, (gssize) size);
  g_assert_cmpint (take_record (f, 0)->bytes_down, ==, (gint64) size);
}

static void
test_says_that_nobody_is_there (Fixture *f, gconstpointer data)
{
  kelvin_fd_clear (&f->place);
  g_auto (KelvinFd) inside = connect_inside (f, 1);

  assert_reset (f, inside);

  const KelvinDoorRecord *record = take_record (f, 0);
  g_assert_cmpint (record->end, ==, KELVIN_DOOR_END_UNREACHABLE);
  g_assert_cmpstr (record->error, ==, "Connection refused");
  g_assert_cmpint (record->connect_us, ==, -1);
}

/* "localhost": the machine's resolver knows it. */
static void
test_leads_to_a_name (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (outside, "here");
  assert_reads (f, inside, "here");
}

static void
test_can_end_while_a_name_is_looked_up (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);

  g_main_context_iteration (f->context, TRUE);
}

static void
test_a_record_has_what_passed_for_its_event (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (inside, "one");
  assert_reads (f, outside, "one");
  g_assert_false (kelvin_door_record_is_reused (take_record (f, 0)));

  renew_delivery (f);
  say (inside, "second");
  assert_reads (f, outside, "second");
  const KelvinDoorRecord *record = take_record (f, 0);
  g_assert_true (kelvin_door_record_is_reused (record));
  g_assert_cmpint (record->bytes_up, ==, 6);

  /* Of one that only stays open there is nothing to tell. */
  renew_delivery (f);
  kelvin_doors_take_records (f->doors, f->delivery, FALSE);
  g_assert_null (f->delivery->connections);

  renew_delivery (f);
  kelvin_doors_take_records (f->doors, f->delivery, TRUE);
  record = f->delivery->connections->pdata[0];
  g_assert_cmpint (record->end, ==, KELVIN_DOOR_END_ENVIRONMENT);
}

static void
test_a_record_knows_what_was_done_just_before (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 1);

  say (inside, "unheard");
  /* No turn of the loop comes between. */
  const KelvinDoorRecord *record = take_record (f, 0);
  g_assert_cmpint (record->bytes_up, ==, 7);
}

/* --- faults --- */

static void
test_refuses (Fixture *f, gconstpointer data)
{
  set_faults (f, (KelvinDoorFaults){ .refuse = TRUE });
  g_auto (KelvinFd) inside = connect_inside (f, 1);

  assert_reset (f, inside);
  g_assert_cmpint (take_record (f, 0)->end, ==, KELVIN_DOOR_END_REFUSED);
}

static void
test_delays_answers (Fixture *f, gconstpointer data)
{
  set_faults (f, (KelvinDoorFaults){ .delay_ms = 30 });
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);
  gint64 before_ns = kelvin_clock_now_ns (f->clock);

  for (guint i = 0; i < 2; i++)
    {
      say (inside, "ask");
      assert_reads (f, outside, "ask");
      say (outside, "answer");
      assert_reads (f, inside, "answer");
    }
  g_assert_cmpint (kelvin_clock_now_ns (f->clock) - before_ns, >=, 60 * 1000000);
}

static void
test_cuts_after_so_many_bytes (Fixture *f, gconstpointer data)
{
  char buffer[64];

  set_faults (f, (KelvinDoorFaults){ .cut_after_bytes = 10 });
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (inside, "asked");
  assert_reads (f, outside, "asked");
  say (outside, "answered");
  assert_reads (f, inside, "answe");
  g_assert_cmpint (read_all (f, inside, buffer, 1), ==, -1);

  const KelvinDoorRecord *record = take_record (f, 0);
  g_assert_cmpint (record->end, ==, KELVIN_DOOR_END_CUT);
  g_assert_cmpint (record->bytes_up + record->bytes_down, ==, 10);
}

static void
test_caps_and_names_who_holds (Fixture *f, gconstpointer data)
{
  set_faults (f, (KelvinDoorFaults){ .cap = 2 });
  g_auto (KelvinFd) first = connect_inside (f, 1);
  g_auto (KelvinFd) first_outside = accept_outside (f);
  g_auto (KelvinFd) second = connect_inside (f, 1);
  g_auto (KelvinFd) second_outside = accept_outside (f);
  g_auto (KelvinFd) third = connect_inside (f, 1);

  assert_reset (f, third);
  g_assert_cmpuint (kelvin_door_keeper_count (f->keeper, "/nowhere", "db"), ==, 2);

  const KelvinDoorRecord *record = take_record (f, 2);
  g_assert_cmpint (record->end, ==, KELVIN_DOOR_END_CAPPED);
  g_assert_cmpstr (record->holders, ==, "env 7 (2)");
}

/* However soon after: a client that closes and opens one after the other holds one at a time. */
static void
test_a_closed_connection_makes_room_at_once (Fixture *f, gconstpointer data)
{
  set_faults (f, (KelvinDoorFaults){ .cap = 1 });
  for (guint i = 0; i < 20; i++)
    {
      g_auto (KelvinFd) inside = connect_inside (f, 1);
      g_auto (KelvinFd) outside = accept_outside (f);
    }
  kelvin_doors_take_records (f->doors, f->delivery, FALSE);
  for (guint i = 0; i < f->delivery->connections->len; i++)
    g_assert_cmpint (((KelvinDoorRecord *) f->delivery->connections->pdata[i])->end, !=,
                     KELVIN_DOOR_END_CAPPED);
}

static void
test_faults_can_be_taken_back (Fixture *f, gconstpointer data)
{
  set_faults (f, (KelvinDoorFaults){ .refuse = TRUE });
  kelvin_door_keeper_set_faults (f->keeper, "/nowhere", "db", NULL);
  set_faults (f, no_faults);
  g_auto (KelvinFd) inside = connect_inside (f, 1);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (outside, "fine");
  assert_reads (f, inside, "fine");
}

/* --- Kelvin's own door --- */

static void
start_endpoint_cb (gpointer user_data)
{
  Fixture *f = user_data;
  GPtrArray *doors = kelvin_function_get_doors (f->function);
  const KelvinDoor *door = g_ptr_array_index (doors, 0);
  g_autofree char *address = kelvin_door_format_address ("127.0.0.1", door->to_port);

  kelvin_door_keeper_set_endpoint (f->keeper, address);
}

static void
test_the_own_door_starts_the_endpoint (Fixture *f, gconstpointer data)
{
  kelvin_door_keeper_set_endpoint_func (f->keeper, start_endpoint_cb, f);
  g_auto (KelvinFd) inside = connect_inside (f, 0);
  g_auto (KelvinFd) outside = accept_outside (f);

  say (outside, "endpoint");
  assert_reads (f, inside, "endpoint");
  g_assert_cmpstr (take_record (f, 0)->door, ==, KELVIN_OWN_DOOR);
}

static void
test_the_own_door_leads_nowhere_without_an_endpoint (Fixture *f, gconstpointer data)
{
  g_auto (KelvinFd) inside = connect_inside (f, 0);

  assert_reset (f, inside);
  g_assert_cmpint (take_record (f, 0)->end, ==, KELVIN_DOOR_END_UNREACHABLE);
}

/* --- names --- */

#define QUESTION(name) "\0\1\1\0\0\1\0\0\0\0\0\0" name "\0\0\1\0\1"

static guint8
ask (Fixture *f, const char *question, gsize size)
{
  g_auto (KelvinFd) fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  guint8 answer[600] = { 0 };
  gssize answered = -1;

  g_assert_cmpint (
      sendto (fd, question, size, 0, (struct sockaddr *) &f->resolver, sizeof f->resolver), ==,
      (gssize) size);
  while ((answered = recv (fd, answer, sizeof answer, MSG_DONTWAIT)) < 0)
    g_main_context_iteration (f->context, TRUE);
  g_assert_cmpint (answered, >=, 12);
  return answer[3] & 0x0f;
}

static void
test_notes_names_without_a_door (Fixture *f, gconstpointer data)
{
  static const char known[] = QUESTION ("\2db\10internal");
  static const char unknown[] = QUESTION ("\3api\7example\3com");
  static const char reverse[] = QUESTION ("\1"
                                          "1\7in-addr\4arpa");

  g_assert_cmpint (ask (f, known, sizeof known - 1), ==, 0);
  g_assert_cmpint (ask (f, unknown, sizeof unknown - 1), ==, 3);
  g_assert_cmpint (ask (f, unknown, sizeof unknown - 1), ==, 3);
  g_assert_cmpint (ask (f, reverse, sizeof reverse - 1), ==, 3);

  kelvin_doors_take_records (f->doors, f->delivery, FALSE);
  g_assert_cmpuint (f->delivery->refused->len, ==, 1);
  const KelvinRefusedDestination *refused = f->delivery->refused->pdata[0];
  g_assert_cmpstr (refused->host, ==, "api.example.com");
  g_assert_cmpuint (refused->times, ==, 2);
}

static void
test_counts_names_beyond_a_hundred (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 103; i++)
    {
      char question[] = QUESTION ("\3xyz\7example");

      question[14] = (char) ('a' + i / 20);
      question[15] = (char) ('a' + i % 20);
      ask (f, question, sizeof question - 1);
    }
  kelvin_doors_take_records (f->doors, f->delivery, FALSE);
  g_assert_cmpuint (f->delivery->refused->len, ==, 100);
  g_assert_cmpuint (f->delivery->refused_omitted, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, to, test)                                                                        \
  g_test_add ("/environment/doors/" name, Fixture, to, set_up, test, tear_down)
  ADD ("carries-both-ways", NULL, test_carries_both_ways);
  ADD ("hands-on-half-an-end", NULL, test_hands_on_half_an_end);
  ADD ("knows-who-closed-it", NULL, test_knows_who_closed_it);
  ADD ("holds-back-what-is-not-taken", NULL, test_holds_back_what_is_not_taken);
  ADD ("says-that-nobody-is-there", NULL, test_says_that_nobody_is_there);
  ADD ("leads-to-a-name", "localhost", test_leads_to_a_name);
  ADD ("can-end-while-a-name-is-looked-up", "nowhere.invalid",
       test_can_end_while_a_name_is_looked_up);
  ADD ("a-record-has-what-passed-for-its-event", NULL, test_a_record_has_what_passed_for_its_event);
  ADD ("a-record-knows-what-was-done-just-before", NULL,
       test_a_record_knows_what_was_done_just_before);
  ADD ("refuses", NULL, test_refuses);
  ADD ("delays-answers", NULL, test_delays_answers);
  ADD ("cuts-after-so-many-bytes", NULL, test_cuts_after_so_many_bytes);
  ADD ("caps-and-names-who-holds", NULL, test_caps_and_names_who_holds);
  ADD ("a-closed-connection-makes-room-at-once", NULL, test_a_closed_connection_makes_room_at_once);
  ADD ("faults-can-be-taken-back", NULL, test_faults_can_be_taken_back);
  ADD ("the-own-door-starts-the-endpoint", NULL, test_the_own_door_starts_the_endpoint);
  ADD ("the-own-door-leads-nowhere-without-an-endpoint", NULL,
       test_the_own_door_leads_nowhere_without_an_endpoint);
  ADD ("notes-names-without-a-door", NULL, test_notes_names_without_a_door);
  ADD ("counts-names-beyond-a-hundred", NULL, test_counts_names_beyond_a_hundred);
#undef ADD

  return g_test_run ();
}
