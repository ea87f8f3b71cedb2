#include "launcher/request.h"

#include <glib.h>
#include <sys/resource.h>

typedef struct {
  KelvinOperationKind kind;
  guint32 number;
  const char *source;
  const char *target;
} Step;

static const Step good_steps[] = {
  { KELVIN_OPERATION_ROOT, 0, "", "" },
  { KELVIN_OPERATION_BIND, 0, "/usr", "/usr" },
  { KELVIN_OPERATION_LISTEN, 9001, "127.0.0.1", "" },
  { KELVIN_OPERATION_LIMIT, RLIMIT_CORE, "", "" },
};

static void
append (GByteArray *message, gconstpointer data, gsize size)
{
  g_byte_array_append (message, data, size);
}

static void
append_string (GByteArray *message, const char *string)
{
  append (message, string, strlen (string) + 1);
}

static void
append_step (GByteArray *message, const Step *step)
{
  KelvinOperationHead head = { .kind = step->kind, .number = step->number };

  append (message, &head, sizeof head);
  append_string (message, step->source);
  append_string (message, step->target);
}

static GByteArray *
make_message (const Step *steps, guint n_steps)
{
  GByteArray *message = g_byte_array_new ();
  KelvinCreate create = { .head = { .type = KELVIN_MESSAGE_CREATE, .id = 7 },
                          .uid = 993,
                          .gid = 990,
                          .n_operations = n_steps,
                          .n_arguments = 2,
                          .n_variables = 1,
                          .memory_bytes = 1,
                          .n_processes = 1 };

  append (message, &create, sizeof create);
  for (guint i = 0; i < n_steps; i++)
    append_step (message, &steps[i]);
  append_string (message, "/var/task");
  append_string (message, "/bin/true");
  append_string (message, "-x");
  append_string (message, "A=1");
  return message;
}

static GByteArray *
make_good_message (void)
{
  return make_message (good_steps, G_N_ELEMENTS (good_steps));
}

static KelvinCreate *
create_of (GByteArray *message)
{
  return (KelvinCreate *) message->data;
}

static gboolean
is_accepted (GByteArray *message)
{
  g_autofree Request *request = g_new0 (Request, 1);
  /* An own allocation of just that size: a read beyond it is a sanitizer's report. */
  g_autofree char *copy = g_memdup2 (message->data, message->len);

  return request_parse (request, copy, message->len);
}

static void
test_reads_all_parts (void)
{
  g_autoptr (GByteArray) message = make_good_message ();
  g_autofree Request *request = g_new0 (Request, 1);

  g_assert_true (request_parse (request, (char *) message->data, message->len));
  g_assert_cmpuint (request->id, ==, 7);
  g_assert_cmpuint (request->uid, ==, 993);
  g_assert_cmpuint (request->n_operations, ==, G_N_ELEMENTS (good_steps));
  g_assert_cmpstr (request->operations[1].source, ==, "/usr");
  g_assert_cmpuint (request->operations[2].number, ==, 9001);
  g_assert_cmpstr (request->folder, ==, "/var/task");
  g_assert_cmpstr (request->arguments[1], ==, "-x");
  g_assert_null (request->arguments[2]);
  g_assert_cmpstr (request->variables[0], ==, "A=1");
  g_assert_null (request->variables[1]);
}

/* Without namespaces an operation would change the machine itself. */
static void
test_refuses_mounts_without_namespaces (void)
{
  const KelvinOperationKind allowed[] = { KELVIN_OPERATION_FOLDER, KELVIN_OPERATION_LINK,
                                          KELVIN_OPERATION_COPY, KELVIN_OPERATION_LIMIT };

  for (guint kind = KELVIN_OPERATION_ROOT; kind < KELVIN_N_OPERATIONS; kind++)
    {
      const Step step = { kind, 1, "/a", "/b" };
      g_autoptr (GByteArray) message = make_message (&step, 1);
      gboolean is_allowed = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
        is_allowed |= allowed[i] == kind;
      g_assert_true (is_accepted (message));
      create_of (message)->flags = KELVIN_CREATE_PROCESS;
      g_assert_cmpint (is_accepted (message), ==, is_allowed);
    }
}

static void
test_refuses_every_cut (void)
{
  g_autoptr (GByteArray) message = make_good_message ();

  while (message->len > 0)
    {
      g_byte_array_set_size (message, message->len - 1);
      g_assert_false (is_accepted (message));
    }
}

static void
test_refuses_what_is_left_over (void)
{
  g_autoptr (GByteArray) message = make_good_message ();

  append_string (message, "B=2");
  g_assert_false (is_accepted (message));
}

static void
test_refuses_root_inside (void)
{
  g_autoptr (GByteArray) message = make_good_message ();

  create_of (message)->uid = 0;
  g_assert_false (is_accepted (message));
  create_of (message)->uid = 993;
  create_of (message)->gid = 0;
  g_assert_false (is_accepted (message));
}

static void
test_refuses_counts_that_lie (void)
{
  static const guint32 counts[] = { 0, 5, KELVIN_MOST_OPERATIONS + 1, G_MAXUINT32 };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (GByteArray) message = make_good_message ();
      create_of (message)->n_operations = counts[i];
      g_assert_false (is_accepted (message));
      create_of (message)->n_operations = G_N_ELEMENTS (good_steps);
      create_of (message)->n_arguments = counts[i];
      g_assert_false (is_accepted (message));
      create_of (message)->n_arguments = 2;
      create_of (message)->n_variables = counts[i];
      g_assert_false (is_accepted (message));
    }
}

static void
test_refuses_bad_operations (void)
{
  static const Step bad[] = {
    { 0, 0, "", "" },
    { KELVIN_N_OPERATIONS, 0, "", "" },
    { 255, 0, "", "" },
    { KELVIN_OPERATION_BIND, 0, "usr", "/usr" },
    { KELVIN_OPERATION_BIND, 0, "/usr", "usr" },
    { KELVIN_OPERATION_BIND, 0, "/usr", "" },
    { KELVIN_OPERATION_FILE, 0, "text", "/var/../etc/passwd" },
    { KELVIN_OPERATION_LISTEN, 0, "127.0.0.1", "" },
    { KELVIN_OPERATION_LISTEN, 65536, "127.0.0.1", "" },
    { KELVIN_OPERATION_LIMIT, RLIM_NLIMITS, "", "" },
    { KELVIN_OPERATION_HOSTNAME, 0, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GByteArray) message = make_message (&bad[i], 1);
      g_assert_false (is_accepted (message));
    }
}

static void
test_refuses_too_many_listeners (void)
{
  Step steps[KELVIN_MOST_LISTENERS + 1];

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    steps[i] = (Step){ KELVIN_OPERATION_LISTEN, 9000 + i, "127.0.0.1", "" };
  g_autoptr (GByteArray) many = make_message (steps, G_N_ELEMENTS (steps));
  g_autoptr (GByteArray) enough = make_message (steps, KELVIN_MOST_LISTENERS);
  g_assert_false (is_accepted (many));
  g_assert_true (is_accepted (enough));
}

static gboolean
all_strings_are_inside (const Request *request, const char *message, gsize size)
{
  for (guint i = 0; i < request->n_operations; i++)
    if (request->operations[i].target < message || request->operations[i].target >= message + size)
      return FALSE;
  return TRUE;
}

/* Any byte may be anything: what is accepted all the same holds together. */
static void
test_holds_out_against_noise (void)
{
  g_autofree Request *request = g_new0 (Request, 1);

  for (guint round = 0; round < 100000; round++)
    {
      g_autoptr (GByteArray) message = make_good_message ();
      guint changes = g_test_rand_int_range (1, 8);
      for (guint i = 0; i < changes; i++)
        message->data[g_test_rand_int_range (0, message->len)] = g_test_rand_int_range (0, 256);
      g_byte_array_set_size (message, g_test_rand_int_range (0, message->len + 1));

      g_autofree char *copy = g_memdup2 (message->data, message->len);
      if (request_parse (request, copy, message->len))
        g_assert_true (all_strings_are_inside (request, copy, message->len));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/launcher/request/reads-all-parts", test_reads_all_parts);
  g_test_add_func ("/launcher/request/refuses-every-cut", test_refuses_every_cut);
  g_test_add_func ("/launcher/request/refuses-what-is-left-over", test_refuses_what_is_left_over);
  g_test_add_func ("/launcher/request/refuses-root-inside", test_refuses_root_inside);
  g_test_add_func ("/launcher/request/refuses-counts-that-lie", test_refuses_counts_that_lie);
  g_test_add_func ("/launcher/request/refuses-mounts-without-namespaces",
                   test_refuses_mounts_without_namespaces);
  g_test_add_func ("/launcher/request/refuses-bad-operations", test_refuses_bad_operations);
  g_test_add_func ("/launcher/request/refuses-too-many-listeners", test_refuses_too_many_listeners);
  g_test_add_func ("/launcher/request/holds-out-against-noise", test_holds_out_against_noise);

  return g_test_run ();
}
