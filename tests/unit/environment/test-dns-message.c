#include "engine/environment/dns-message.h"

#include <string.h>

#define HEADER(flags, questions, extras)                                                           \
  "\x12\x34" flags questions "\0\0"                                                                \
  "\0\0" extras
#define ASKED "\x01\x00"
#define ONE "\0\x01"
#define NONE "\0\0"
#define DB                                                                                         \
  "\x02"                                                                                           \
  "Db"                                                                                             \
  "\x08"                                                                                           \
  "internal"                                                                                       \
  "\0"
#define A_IN "\0\x01\0\x01"
#define EDNS "\0\0\x29\x10\0\0\0\0\0\0\0"

typedef struct {
  const char *name;
  const char *data;
  gsize size;
  KelvinDnsCode code;
  gboolean asked;
} Case;

#define CASE(name, data, code, asked)                                                              \
  {                                                                                                \
    name, data, sizeof data - 1, KELVIN_DNS_##code, asked                                          \
  }

static const Case cases[] = {
  CASE ("question", HEADER (ASKED, ONE, NONE) DB A_IN, OK, TRUE),
  CASE ("with-extension", HEADER (ASKED, ONE, ONE) DB A_IN EDNS, OK, TRUE),
  CASE ("root", HEADER (ASKED, ONE, NONE) "\0" A_IN, OK, TRUE),
  CASE ("nothing", "", MALFORMED, FALSE),
  CASE ("half-a-header", "\x12\x34\x01\x00\0", MALFORMED, FALSE),
  CASE ("answer", HEADER ("\x81\x80", ONE, NONE) DB A_IN, MALFORMED, FALSE),
  CASE ("other-operation", HEADER ("\x28\x00", ONE, NONE) DB A_IN, NOT_IMPLEMENTED, TRUE),
  CASE ("cut-short", HEADER ("\x03\x00", ONE, NONE) DB A_IN, MALFORMED, TRUE),
  CASE ("no-question", HEADER (ASKED, NONE, NONE), MALFORMED, TRUE),
  CASE ("two-questions", HEADER (ASKED, "\0\x02", NONE) DB A_IN DB A_IN, MALFORMED, TRUE),
  CASE ("many-questions", HEADER (ASKED, "\xff\xff", NONE) DB A_IN, MALFORMED, TRUE),
  CASE ("pointer", HEADER (ASKED, ONE, NONE) "\xc0\x0c" A_IN, MALFORMED, TRUE),
  CASE ("pointer-after-label",
        HEADER (ASKED, ONE, NONE) "\x01"
                                  "a\xc0\x0c" A_IN,
        MALFORMED, TRUE),
  CASE ("label-over-the-end",
        HEADER (ASKED, ONE, NONE) "\x3f"
                                  "abc",
        MALFORMED, TRUE),
  CASE ("name-without-end",
        HEADER (ASKED, ONE, NONE) "\x02"
                                  "db",
        MALFORMED, TRUE),
  CASE ("strange-character",
        HEADER (ASKED, ONE, NONE) "\x02"
                                  "d\n"
                                  "\0" A_IN,
        MALFORMED, TRUE),
  CASE ("dot-in-label",
        HEADER (ASKED, ONE, NONE) "\x03"
                                  "a.b"
                                  "\0" A_IN,
        MALFORMED, TRUE),
  CASE ("no-type", HEADER (ASKED, ONE, NONE) DB "\0\x01\0", MALFORMED, TRUE),
  CASE ("other-class", HEADER (ASKED, ONE, NONE) DB "\0\x01\0\x03", MALFORMED, TRUE),
  CASE ("more-behind", HEADER (ASKED, ONE, NONE) DB A_IN "x", MALFORMED, TRUE),
  CASE ("extension-cut", HEADER (ASKED, ONE, ONE) DB A_IN "\0\0\x29\x10", MALFORMED, TRUE),
  CASE ("extension-too-long", HEADER (ASKED, ONE, ONE) DB A_IN "\0\0\x29\x10\0\0\0\0\0\0\x09",
        MALFORMED, TRUE),
};

static void
test_parses (gconstpointer data)
{
  const Case *expected = data;
  KelvinDnsQuery query;

  g_assert_cmpint (kelvin_dns_parse ((const guint8 *) expected->data, expected->size, &query), ==,
                   expected->code);
  g_assert_cmpint (query.asked, ==, expected->asked);
}

static void
test_names_are_lower_case (void)
{
  static const char data[] = HEADER (ASKED, ONE, NONE) DB "\0\x1c\0\x01";
  KelvinDnsQuery query;

  g_assert_cmpint (kelvin_dns_parse ((const guint8 *) data, sizeof data - 1, &query), ==,
                   KELVIN_DNS_OK);
  g_assert_cmpstr (query.name, ==, "db.internal");
  g_assert_cmpint (query.type, ==, 28);
}

/* 63 + 1 + 63 + 1 + 63 + 1 + @last characters. */
static KelvinDnsCode
parse_long_name (guint last)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autofree char *label = g_strnfill (63, 'a');
  KelvinDnsQuery query;

  g_byte_array_append (data, (const guint8 *) HEADER (ASKED, ONE, NONE), 12);
  for (guint i = 0; i < 4; i++)
    {
      guint8 length = i < 3 ? 63 : (guint8) last;

      g_byte_array_append (data, &length, 1);
      g_byte_array_append (data, (const guint8 *) label, length);
    }
  g_byte_array_append (data, (const guint8 *) "\0" A_IN, 5);
  return kelvin_dns_parse (data->data, data->len, &query);
}

static void
test_names_have_at_most_253_characters (void)
{
  g_assert_cmpint (parse_long_name (61), ==, KELVIN_DNS_OK);
  g_assert_cmpint (parse_long_name (62), ==, KELVIN_DNS_MALFORMED);
}

static void
test_answers_with_an_address (void)
{
  static const char data[] = HEADER (ASKED, ONE, ONE) DB A_IN EDNS;
  static const char expected[] =
      "\x12\x34\x85\x80" ONE ONE "\0\0\0\0" DB A_IN "\xc0\x0c" A_IN "\0\0\0\0\0\x04\x7f\0\x01\x02";
  const guint8 address[] = { 127, 0, 1, 2 };
  guint8 out[KELVIN_DNS_LARGEST_ANSWER];
  KelvinDnsQuery query;

  kelvin_dns_parse ((const guint8 *) data, sizeof data - 1, &query);
  gsize size = kelvin_dns_answer ((const guint8 *) data, &query, KELVIN_DNS_OK, address, out);
  g_assert_cmpmem (out, size, expected, sizeof expected - 1);
}

static void
test_answers_that_there_is_no_such_name (void)
{
  static const char data[] = HEADER (ASKED, ONE, NONE) DB A_IN;
  guint8 out[KELVIN_DNS_LARGEST_ANSWER];
  KelvinDnsQuery query;

  kelvin_dns_parse ((const guint8 *) data, sizeof data - 1, &query);
  gsize size =
      kelvin_dns_answer ((const guint8 *) data, &query, KELVIN_DNS_NO_SUCH_NAME, NULL, out);
  g_assert_cmpuint (size, ==, sizeof data - 1);
  g_assert_cmpint (out[3] & 0x0f, ==, 3);
  g_assert_cmpint (out[7], ==, 0);
}

/* Whatever comes: nothing is read or written beyond its end (the sanitizers watch), a name is a
 * text that can be shown, and an answer fits. */
static void
test_takes_any_bytes (void)
{
  static const char good[] = HEADER (ASKED, ONE, ONE) DB A_IN EDNS;
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  const guint8 address[] = { 127, 0, 0, 1 };

  for (guint i = 0; i < 200000; i++)
    {
      gsize size = (gsize) g_rand_int_range (random, 0, 2) == 0
                       ? sizeof good - 1
                       : (gsize) g_rand_int_range (random, 0, KELVIN_DNS_LARGEST_QUERY + 1);
      g_autofree guint8 *data = g_malloc (MAX (size, 1));
      guint8 out[KELVIN_DNS_LARGEST_ANSWER];
      KelvinDnsQuery query;

      for (gsize at = 0; at < size; at++)
        data[at] =
            at < sizeof good - 1 ? (guint8) good[at] : (guint8) g_rand_int_range (random, 0, 256);
      for (gint n = g_rand_int_range (random, 0, 6); n > 0 && size > 0; n--)
        data[g_rand_int_range (random, 0, (gint32) size)] =
            (guint8) g_rand_int_range (random, 0, 256);

      KelvinDnsCode code = kelvin_dns_parse (data, size, &query);
      g_assert_true (g_str_is_ascii (query.name) || code != KELVIN_DNS_OK);
      if (query.asked)
        g_assert_cmpuint (
            kelvin_dns_answer (data, &query, code, code == KELVIN_DNS_OK ? address : NULL, out), <=,
            sizeof out);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/environment/dns-message/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_parses);
    }
  g_test_add_func ("/environment/dns-message/names-are-lower-case", test_names_are_lower_case);
  g_test_add_func ("/environment/dns-message/names-have-at-most-253-characters",
                   test_names_have_at_most_253_characters);
  g_test_add_func ("/environment/dns-message/answers-with-an-address",
                   test_answers_with_an_address);
  g_test_add_func ("/environment/dns-message/answers-that-there-is-no-such-name",
                   test_answers_that_there_is_no_such_name);
  g_test_add_func ("/environment/dns-message/takes-any-bytes", test_takes_any_bytes);

  return g_test_run ();
}
