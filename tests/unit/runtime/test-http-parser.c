#include "engine/runtime/http-parser.h"

#include <string.h>

#define LARGEST_BODY 1000

/* Feeds @bytes in steps of @step until the parser has an answer, or they are used up. */
static KelvinHttpState
feed (KelvinHttpParser *parser, const char *bytes, gsize length, gsize step)
{
  KelvinHttpState state = KELVIN_HTTP_INCOMPLETE;

  while (length > 0 && state == KELVIN_HTTP_INCOMPLETE)
    {
      gsize size;
      char *space = kelvin_http_parser_get_space (parser, &size);
      gsize n = MIN (MIN (size, step), length);

      g_assert_cmpuint (size, >, 0);
      memcpy (space, bytes, n);
      state = kelvin_http_parser_take (parser, n);
      bytes += n;
      length -= n;
    }

  return state;
}

typedef struct {
  const char *name;
  const char *request;
  const char *method;
  const char *target;
  const char *body;
  const char *field; /* the value of X-Test; NULL: none */
  gboolean keeps_alive;
} Good;

#define HOST "Host: h\r\n"

static const Good good[] = {
  { "get", "GET /a?b HTTP/1.1\r\n" HOST "\r\n", "GET", "/a?b", "", NULL, TRUE },
  { "post", "POST /r HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "POST", "/r", "hello",
    NULL, TRUE },
  { "empty-post", "POST /r HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "POST", "/r", "", NULL,
    TRUE },
  { "fields", "GET / HTTP/1.1\r\nhOsT:h\r\nx-test: \t a b \t\r\n\r\n", "GET", "/", "", "a b",
    TRUE },
  { "empty-field", "GET / HTTP/1.1\r\n" HOST "X-Test:\r\n\r\n", "GET", "/", "", "", TRUE },
  { "text-beyond-ascii", "GET / HTTP/1.1\r\n" HOST "X-Test: \xc3\xa9\r\n\r\n", "GET", "/", "",
    "\xc3\xa9", TRUE },
  { "close", "GET / HTTP/1.1\r\n" HOST "Connection: foo , Close\r\n\r\n", "GET", "/", "", NULL,
    FALSE },
  { "keep-alive", "GET / HTTP/1.1\r\n" HOST "Connection: keep-alive\r\n\r\n", "GET", "/", "", NULL,
    TRUE },
  { "version-1-0", "GET / HTTP/1.0\r\n\r\n", "GET", "/", "", NULL, FALSE },
  { "chunked",
    "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n1\r\n \r\n"
    "005;x=\"y\"\r\nworld\r\n0\r\n\r\n",
    "POST", "/", "hello world", NULL, TRUE },
  { "empty-chunked", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST", "/", "", NULL, TRUE },
  { "trailers",
    "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n"
    "X-Other: 1\r\nX-Test: behind\r\n\r\n",
    "POST", "/", "0123456789", "behind", TRUE },
};

static void
assert_good (const Good *expected, KelvinHttpParser *parser)
{
  g_autoptr (GBytes) body = kelvin_http_parser_take_body (parser);
  g_autofree char *field = kelvin_http_parser_get_field (parser, "X-Test");

  g_assert_cmpstr (kelvin_http_parser_get_method (parser), ==, expected->method);
  g_assert_cmpstr (kelvin_http_parser_get_target (parser), ==, expected->target);
  g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), expected->body,
                   strlen (expected->body));
  g_assert_cmpstr (field, ==, expected->field);
  g_assert_cmpint (kelvin_http_parser_keeps_alive (parser), ==, expected->keeps_alive);
  g_assert_false (kelvin_http_parser_is_body_too_large (parser));
}

static void
test_good (gconstpointer data)
{
  const Good *expected = data;
  gsize length = strlen (expected->request);
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);

  for (gsize step = length; step > 0; step--)
    {
      g_assert_false (kelvin_http_parser_is_amid_request (parser));
      g_assert_cmpint (feed (parser, expected->request, length - 1, step), ==,
                       KELVIN_HTTP_INCOMPLETE);
      g_assert_true (kelvin_http_parser_is_amid_request (parser));
      g_assert_cmpint (feed (parser, expected->request + length - 1, 1, 1), ==,
                       KELVIN_HTTP_COMPLETE);
      assert_good (expected, parser);
      kelvin_http_parser_next_request (parser);
    }
}

typedef struct {
  const char *name;
  const char *request;
  KelvinHttpProblem problem;
} Bad;

#define CHUNKED "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
#define SYNTAX KELVIN_HTTP_PROBLEM_SYNTAX

static const Bad bad[] = {
  { "bare-lf", "GET / HTTP/1.1\nHost: h\n\n", SYNTAX },
  { "bare-cr", "GET / HTTP/1.1\r\n" HOST "A: b\rc\r\n\r\n", SYNTAX },
  { "empty-line-first", "\r\nGET / HTTP/1.1\r\n", SYNTAX },
  { "no-version", "GET /\r\n", SYNTAX },
  { "two-spaces", "GET  / HTTP/1.1\r\n", SYNTAX },
  { "space-in-target", "GET /a b HTTP/1.1\r\n", SYNTAX },
  { "control-in-target", "GET /\x01 HTTP/1.1\r\n", SYNTAX },
  { "method-not-a-token", "G@T / HTTP/1.1\r\n", SYNTAX },
  { "no-method", " / HTTP/1.1\r\n", SYNTAX },
  { "version-2", "GET / HTTP/2.0\r\n", KELVIN_HTTP_PROBLEM_VERSION },
  { "version-1-2", "GET / HTTP/1.2\r\n", KELVIN_HTTP_PROBLEM_VERSION },
  { "version-lower-case", "GET / http/1.1\r\n", SYNTAX },
  { "version-with-more", "GET / HTTP/1.10\r\n", SYNTAX },
  { "no-colon", "GET / HTTP/1.1\r\n" HOST "abc\r\n", SYNTAX },
  { "no-name", "GET / HTTP/1.1\r\n: x\r\n", SYNTAX },
  { "space-before-colon", "GET / HTTP/1.1\r\nHost : x\r\n", SYNTAX },
  { "folded-field", "GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n", SYNTAX },
  { "control-in-field", "GET / HTTP/1.1\r\n" HOST "A: b\x7f\r\n", SYNTAX },
  { "no-host", "GET / HTTP/1.1\r\n\r\n", SYNTAX },
  { "two-hosts", "GET / HTTP/1.1\r\n" HOST HOST "\r\n", SYNTAX },
  { "length-not-a-number", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1x\r\n", SYNTAX },
  { "length-negative", "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n", SYNTAX },
  { "length-with-plus", "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n", SYNTAX },
  { "length-empty", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n", SYNTAX },
  { "length-overflow", "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n",
    SYNTAX },
  { "length-twice", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n",
    SYNTAX },
  { "length-list", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n", SYNTAX },
  { "length-and-chunked",
    "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", SYNTAX },
  { "chunked-in-1-0", "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", SYNTAX },
  { "gzip", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n",
    KELVIN_HTTP_PROBLEM_TRANSFER_ENCODING },
  { "chunked-twice",
    "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    KELVIN_HTTP_PROBLEM_TRANSFER_ENCODING },
  { "chunk-size-empty", CHUNKED "\r\n", SYNTAX },
  { "chunk-size-not-hex", CHUNKED "5x\r\n", SYNTAX },
  { "chunk-size-negative", CHUNKED "-5\r\n", SYNTAX },
  { "chunk-size-overflow", CHUNKED "fffffffffffffffff\r\n", SYNTAX },
  { "chunk-longer-than-said", CHUNKED "2\r\nabc\r\n", SYNTAX },
  { "chunk-without-cr", CHUNKED "2\r\nab\n", SYNTAX },
  { "trailer-without-colon", CHUNKED "0\r\nabc\r\n", SYNTAX },
  { "pipelined", "GET / HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n",
    KELVIN_HTTP_PROBLEM_PIPELINED },
  { "more-than-its-length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nab",
    KELVIN_HTTP_PROBLEM_PIPELINED },
};

static void
test_bad (gconstpointer data)
{
  const Bad *expected = data;
  gsize length = strlen (expected->request);

  for (gsize step = length; step > 0; step--)
    {
      g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);
      KelvinHttpState state = feed (parser, expected->request, length, step);

      /* In small steps the request before the surplus is taken first. */
      if (state == KELVIN_HTTP_COMPLETE && expected->problem == KELVIN_HTTP_PROBLEM_PIPELINED)
        state = feed (parser, "x", 1, 1);
      g_assert_cmpint (state, ==, KELVIN_HTTP_BAD);
      g_assert_cmpint (kelvin_http_parser_get_problem (parser), ==, expected->problem);
      g_assert_false (kelvin_http_parser_is_amid_request (parser));
    }
}

static void
test_nul_is_refused (void)
{
  static const char request[] = "GET / HTTP/1.1\r\nHo\0st: h\r\n\r\n";
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);

  g_assert_cmpint (feed (parser, request, sizeof request - 1, 7), ==, KELVIN_HTTP_BAD);
}

/* A head that is @length bytes long, the final empty line included. */
static char *
head_of (gsize length)
{
  GString *head = g_string_new ("GET / HTTP/1.1\r\n" HOST);

  while (head->len + 1100 < length)
    g_string_append_printf (head, "X-Fill: %0*d\r\n", 1000, 0);
  g_string_append_printf (head, "X-Fill: %0*d\r\n\r\n", (int) (length - head->len - 12), 0);
  g_assert_cmpuint (head->len, ==, length);

  return g_string_free (head, FALSE);
}

static void
test_head_has_a_limit (void)
{
  const gsize limit = KELVIN_HTTP_LARGEST_HEAD_BYTES;
  g_autofree char *largest = head_of (limit);
  g_autofree char *too_large = head_of (limit + 1);
  static const gsize steps[] = { 1, 1000, 1000 * 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (KelvinHttpParser) fits = kelvin_http_parser_new (LARGEST_BODY);
      g_autoptr (KelvinHttpParser) refuses = kelvin_http_parser_new (LARGEST_BODY);

      g_assert_cmpint (feed (fits, largest, limit, steps[i]), ==, KELVIN_HTTP_COMPLETE);
      g_assert_cmpint (feed (refuses, too_large, limit + 1, steps[i]), ==, KELVIN_HTTP_BAD);
      g_assert_cmpint (kelvin_http_parser_get_problem (refuses), ==,
                       KELVIN_HTTP_PROBLEM_HEAD_TOO_LARGE);
    }
}

static void
test_chunk_line_has_a_limit (void)
{
  g_autofree char *fill = g_strnfill (2000, 'x');
  g_autofree char *request = g_strdup_printf (CHUNKED "5;%s\r\n", fill);
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);

  g_assert_cmpint (feed (parser, request, strlen (request), 1), ==, KELVIN_HTTP_BAD);
  g_assert_cmpint (kelvin_http_parser_get_problem (parser), ==, SYNTAX);
}

static void
test_trailers_have_a_limit (void)
{
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);
  KelvinHttpState state = feed (parser, CHUNKED "0\r\n", strlen (CHUNKED "0\r\n"), 1000);
  gsize fed = 0;

  for (; state == KELVIN_HTTP_INCOMPLETE; fed += 6)
    state = feed (parser, "A: b\r\n", 6, 6);
  g_assert_cmpint (state, ==, KELVIN_HTTP_BAD);
  g_assert_cmpint (kelvin_http_parser_get_problem (parser), ==, KELVIN_HTTP_PROBLEM_HEAD_TOO_LARGE);
  g_assert_cmpuint (fed, <=, KELVIN_HTTP_LARGEST_HEAD_BYTES + 6);
}

static void
test_body_over_the_limit_is_read_and_dropped (gconstpointer data)
{
  const char *framing = data;
  g_autofree char *fill = g_strnfill (LARGEST_BODY + 1, 'x');
  g_autofree char *request = g_strdup_printf (
      g_str_equal (framing, "length") ? "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n%s"
                                      : CHUNKED "3e7\r\n%.999s\r\n2\r\nxx\r\n0\r\n\r\n",
      fill);

  for (gsize step = 1; step < 2000; step += 37)
    {
      g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);

      g_assert_cmpint (feed (parser, request, strlen (request), step), ==, KELVIN_HTTP_COMPLETE);
      g_assert_true (kelvin_http_parser_is_body_too_large (parser));

      g_autoptr (GBytes) body = kelvin_http_parser_take_body (parser);

      g_assert_cmpuint (g_bytes_get_size (body), ==, 0);
      kelvin_http_parser_next_request (parser);
      g_assert_false (kelvin_http_parser_is_body_too_large (parser));
    }
}

static void
test_large_body_is_read_in_place (void)
{
  static const char head[] = "POST / HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n";
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (1000000);
  gsize size;

  g_assert_cmpint (feed (parser, head, strlen (head), 1000), ==, KELVIN_HTTP_INCOMPLETE);

  char *space = kelvin_http_parser_get_space (parser, &size);

  g_assert_cmpuint (size, ==, 1000000);
  memset (space, 'x', size);
  g_assert_cmpint (kelvin_http_parser_take (parser, size), ==, KELVIN_HTTP_COMPLETE);

  g_autoptr (GBytes) body = kelvin_http_parser_take_body (parser);

  g_assert_true (g_bytes_get_data (body, NULL) == space);
}

static void
test_expectation_is_told_once (void)
{
  static const char head[] =
      "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (LARGEST_BODY);

  g_assert_cmpint (feed (parser, head, strlen (head) - 1, 1000), ==, KELVIN_HTTP_INCOMPLETE);
  g_assert_false (kelvin_http_parser_take_expectation (parser));
  g_assert_cmpint (feed (parser, "\n", 1, 1), ==, KELVIN_HTTP_INCOMPLETE);
  g_assert_true (kelvin_http_parser_take_expectation (parser));
  g_assert_false (kelvin_http_parser_take_expectation (parser));
  g_assert_cmpint (feed (parser, "ab", 2, 1), ==, KELVIN_HTTP_COMPLETE);
}

/* Damages a good request a little, so that most of what is tried is nearly right. */
static gsize
make_fuzz (GRand *random, char *request, gsize size)
{
  const Good *base = &good[g_rand_int_range (random, 0, G_N_ELEMENTS (good))];
  static const char spice[] = "\r\n\r\n \t:;,0123456789abcfxHTP/.\x7f\xff";
  gsize length = g_strlcpy (request, base->request, size);

  for (int i = g_rand_int_range (random, 0, 4); i > 0 && length > 2; i--)
    {
      gsize at = (gsize) g_rand_int_range (random, 0, (gint32) length - 1);

      switch (g_rand_int_range (random, 0, 3))
        {
        case 0:
          request[at] = spice[g_rand_int_range (random, 0, sizeof spice)];
          break;
        case 1:
          memmove (request + at, request + at + 1, length - at - 1);
          length--;
          break;
        default:
          memmove (request + at + 1, request + at, MIN (length, size - 1) - at);
          length = MIN (length + 1, size);
          break;
        }
    }

  return length;
}

static GBytes *
outcome (const char *request, gsize length, gsize step, KelvinHttpState *out_state,
         KelvinHttpProblem *out_problem)
{
  g_autoptr (KelvinHttpParser) parser = kelvin_http_parser_new (8);

  *out_state = feed (parser, request, length, step);
  *out_problem = kelvin_http_parser_get_problem (parser);
  if (*out_state != KELVIN_HTTP_COMPLETE)
    return g_bytes_new (NULL, 0);

  g_free (kelvin_http_parser_get_field (parser, "X-Test"));

  return kelvin_http_parser_take_body (parser);
}

static void
test_pieces_make_no_difference (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20180601);

  for (int i = 0; i < 200000; i++)
    {
      char request[512];
      gsize length = make_fuzz (random, request, sizeof request);
      gsize step = (gsize) g_rand_int_range (random, 1, 40);
      KelvinHttpState states[2];
      KelvinHttpProblem problems[2];
      g_autoptr (GBytes) whole = outcome (request, length, length, &states[0], &problems[0]);
      g_autoptr (GBytes) pieces = outcome (request, length, step, &states[1], &problems[1]);

      /* In pieces, a request that more follows is complete first. */
      if (problems[0] == KELVIN_HTTP_PROBLEM_PIPELINED)
        continue;
      g_assert_cmpint (states[0], ==, states[1]);
      g_assert_cmpint (problems[0], ==, problems[1]);
      g_assert_true (g_bytes_equal (whole, pieces));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/http-parser/good/%s", good[i].name);

      g_test_add_data_func (path, &good[i], test_good);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/http-parser/bad/%s", bad[i].name);

      g_test_add_data_func (path, &bad[i], test_bad);
    }
  g_test_add_func ("/http-parser/bad/nul", test_nul_is_refused);
  g_test_add_func ("/http-parser/head-has-a-limit", test_head_has_a_limit);
  g_test_add_func ("/http-parser/chunk-line-has-a-limit", test_chunk_line_has_a_limit);
  g_test_add_func ("/http-parser/trailers-have-a-limit", test_trailers_have_a_limit);
  g_test_add_data_func ("/http-parser/too-large-body-is-dropped/length", "length",
                        test_body_over_the_limit_is_read_and_dropped);
  g_test_add_data_func ("/http-parser/too-large-body-is-dropped/chunked", "chunked",
                        test_body_over_the_limit_is_read_and_dropped);
  g_test_add_func ("/http-parser/large-body-is-read-in-place", test_large_body_is_read_in_place);
  g_test_add_func ("/http-parser/expectation-is-told-once", test_expectation_is_told_once);
  g_test_add_func ("/http-parser/pieces-make-no-difference", test_pieces_make_no_difference);
  return g_test_run ();
}
