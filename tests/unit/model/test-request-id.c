#include "engine/model/request-id.h"

#include <string.h>

#define IDS_A_THREAD 20000
#define THREADS 4

static void
test_ids_of_one_thread_increase (void)
{
  KelvinRequestId last = kelvin_request_id_new ();

  for (guint i = 0; i < 100000; i++)
    {
      KelvinRequestId id = kelvin_request_id_new ();

      g_assert_cmpint (memcmp (last.bytes, id.bytes, sizeof id.bytes), <, 0);
      last = id;
    }
}

static gpointer
make_ids (gpointer data)
{
  KelvinRequestId *ids = g_new (KelvinRequestId, IDS_A_THREAD);

  for (guint i = 0; i < IDS_A_THREAD; i++)
    ids[i] = kelvin_request_id_new ();
  return ids;
}

static guint
hash_id (gconstpointer key)
{
  guint hash;

  memcpy (&hash, (const guint8 *) key + 12, sizeof hash);
  return hash;
}

static gboolean
equal_ids (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (KelvinRequestId)) == 0;
}

static void
test_ids_of_many_threads_differ (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (hash_id, equal_ids);
  GThread *threads[THREADS];
  KelvinRequestId *ids[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("ids", make_ids, NULL);
  for (guint i = 0; i < THREADS; i++)
    {
      ids[i] = g_thread_join (threads[i]);
      for (guint j = 0; j < IDS_A_THREAD; j++)
        g_assert_true (g_hash_table_add (seen, &ids[i][j]));
    }
  g_hash_table_remove_all (seen);
  for (guint i = 0; i < THREADS; i++)
    g_free (ids[i]);
}

static void
test_is_a_uuid_of_version_7_with_the_time (void)
{
  gint64 before_ms = g_get_real_time () / 1000;
  KelvinRequestId id = kelvin_request_id_new ();
  gint64 ms = 0;

  for (guint i = 0; i < 6; i++)
    ms = ms << 8 | id.bytes[i];
  g_assert_cmpint (ms, >=, before_ms);
  g_assert_cmpint (ms, <, before_ms + 60000);
  g_assert_cmpint (id.bytes[6] >> 4, ==, 7);
  g_assert_cmpint (id.bytes[8] >> 6, ==, 2);
}

static void
test_text_reads_back (void)
{
  KelvinRequestId id = kelvin_request_id_new ();
  KelvinRequestId again;
  g_autofree char *text = kelvin_request_id_to_string (&id);

  g_assert_cmpuint (strlen (text), ==, KELVIN_REQUEST_ID_LENGTH);
  g_assert_true (g_uuid_string_is_valid (text));
  g_assert_true (kelvin_request_id_parse (text, &again));
  g_assert_cmpmem (id.bytes, 16, again.bytes, 16);
}

static void
test_other_text_is_refused (void)
{
  static const char *const texts[] = {
    "",
    "0192",
    "01920000-0000-7000-8000-00000000000",
    "01920000-0000-7000-8000-0000000000000",
    "01920000-0000-7000-8000-00000000000g",
    "01920000x0000-7000-8000-000000000000",
    "0192000000000-7000-8000-000000000000",
  };
  KelvinRequestId id;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (kelvin_request_id_parse (texts[i], &id));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/request-id/ids-of-one-thread-increase", test_ids_of_one_thread_increase);
  g_test_add_func ("/model/request-id/ids-of-many-threads-differ", test_ids_of_many_threads_differ);
  g_test_add_func ("/model/request-id/is-a-uuid-of-version-7-with-the-time",
                   test_is_a_uuid_of_version_7_with_the_time);
  g_test_add_func ("/model/request-id/text-reads-back", test_text_reads_back);
  g_test_add_func ("/model/request-id/other-text-is-refused", test_other_text_is_refused);

  return g_test_run ();
}
