#include "engine/analysis/import-profile.h"

#include <math.h>
#include <string.h>

/* A start of an app whose module m takes @m_ns of @total_ns. */
static KelvinRecordedStart
make_start (gint64 m_ns, gint64 total_ns)
{
  g_autofree char *text = g_strdup_printf (
      "{\"costNs\":1000,\"imports\":["
      "[\"app\",-1,0,%" G_GINT64_FORMAT ",100000,50000,\"source\",\"/var/task/app.py\",10,"
      "\"/var/runtime/kelvin_runtime.py\",250,null,false,false],"
      "[\"m\",0,200000,%" G_GINT64_FORMAT ",300000,0,\"source\",\"/var/task/vendor/m.py\",10,"
      "\"/var/task/app.py\",3,4096,false,false]]}",
      total_ns, 200000 + m_ns);
  GByteArray *bytes = g_byte_array_new ();
  guint32 length = GUINT32_TO_LE ((guint32) strlen (text));

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
  KelvinRecordedStart start = { g_byte_array_free_to_bytes (bytes), KELVIN_PHASES_NONE };
  start.phases.us[KELVIN_PHASE_INIT] = total_ns / 1000;
  return start;
}

static KelvinImportProfile *
make_profile (KelvinRecordedStart *starts, guint n, double usual_ms)
{
  const char *const trees[] = { "vendor", NULL };
  KelvinImportProfile *profile = kelvin_import_profile_new (starts, n, usual_ms, trees);

  for (guint i = 0; i < n; i++)
    g_clear_pointer (&starts[i].report, g_bytes_unref);
  return profile;
}

static void
test_takes_a_typical_start (void)
{
  KelvinRecordedStart starts[] = {
    make_start (5000000, 9000000),  make_start (5000000, 20000000), make_start (9000000, 10000000),
    make_start (5100000, 10000000), make_start (1000000, 10000000),
  };
  g_autoptr (KelvinImportProfile) profile = make_profile (starts, 5, 10);

  g_assert_cmpuint (profile->n_starts, ==, 5);
  g_assert_cmpint (g_array_index (profile->start->imports, KelvinImport, 1).self_ns, ==, 5100000);
  g_assert_cmpint (profile->self_p50_ns[1], ==, 5000000);
}

static void
test_some_starts_may_tell_nothing (void)
{
  KelvinRecordedStart starts[] = { { NULL, KELVIN_PHASES_NONE }, make_start (5000000, 9000000) };
  g_autoptr (KelvinImportProfile) profile = make_profile (starts, 2, NAN);

  g_assert_cmpuint (profile->n_starts, ==, 1);
  g_assert_nonnull (profile->start);
  g_assert_nonnull (strstr (profile->problem, "ended before"));
}

static void
test_none_may_tell_anything (void)
{
  KelvinRecordedStart starts[] = { { NULL, KELVIN_PHASES_NONE } };
  g_autoptr (KelvinImportProfile) profile = make_profile (starts, 1, NAN);
  g_autoptr (JsonArray) imports = kelvin_import_profile_imports_to_json (profile);
  g_autoptr (JsonObject) summary = kelvin_import_profile_to_json (profile, NAN);

  g_assert_cmpuint (json_array_get_length (imports), ==, 0);
  g_assert_true (json_object_get_null_member (summary, "accountedMs"));
}

static void
test_says_whose_a_module_is (void)
{
  static const struct {
    const char *file;
    KelvinOwner owner;
  } cases[] = {
    { "/var/task/app.py", KELVIN_OWNER_FUNCTION },
    { "/var/task/vendors/m.py", KELVIN_OWNER_FUNCTION },
    { "/var/task/vendor/m.py", KELVIN_OWNER_DEPENDENCY },
    { "/opt/python/m.py", KELVIN_OWNER_DEPENDENCY },
    { "/usr/lib/python3/dist-packages/m.py", KELVIN_OWNER_DEPENDENCY },
    { "/usr/lib/python3.11/json/__init__.py", KELVIN_OWNER_STANDARD_LIBRARY },
    { NULL, KELVIN_OWNER_STANDARD_LIBRARY },
    { "/var/runtime/kelvin_runtime.py", KELVIN_OWNER_RUNTIME },
  };
  g_autoptr (KelvinImportProfile) profile = make_profile (NULL, 0, NAN);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (kelvin_import_profile_get_owner (profile, cases[i].file), ==, cases[i].owner);
}

static void
test_own_code_has_stretches_between_imports (void)
{
  KelvinRecordedStart starts[] = { make_start (5000000, 9000000) };
  g_autoptr (KelvinImportProfile) profile = make_profile (starts, 1, NAN);
  g_autoptr (JsonObject) summary = kelvin_import_profile_to_json (profile, 9);
  JsonArray *stretches = json_object_get_array_member (summary, "topLevel");

  g_assert_cmpuint (json_array_get_length (stretches), ==, 2);
  JsonObject *before = json_array_get_object_element (stretches, 0);
  JsonObject *after = json_array_get_object_element (stretches, 1);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (before, "selfMs"), 0.1, 1e-6);
  g_assert_cmpint (json_object_get_int_member (before, "toLine"), ==, 2);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (after, "selfMs"), 3.8, 1e-6);
  g_assert_cmpint (json_object_get_int_member (after, "fromLine"), ==, 4);
}

static void
test_json_has_what_the_table_shows (void)
{
  KelvinRecordedStart starts[] = { make_start (5000000, 9000000) };
  g_autoptr (KelvinImportProfile) profile = make_profile (starts, 1, NAN);
  g_autoptr (JsonArray) imports = kelvin_import_profile_imports_to_json (profile);
  JsonObject *app = json_array_get_object_element (imports, 0);
  JsonObject *m = json_array_get_object_element (imports, 1);

  g_assert_true (json_object_get_null_member (app, "parent"));
  g_assert_cmpstr (json_object_get_string_member (app, "file"), ==, "app.py");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (app, "selfMs"), 4.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (app, "compileMs"), 0.05, 1e-6);
  g_assert_true (json_object_get_boolean_member (app, "compiled"));
  g_assert_cmpstr (json_object_get_string_member (m, "parent"), ==, "app");
  g_assert_cmpstr (json_object_get_string_member (m, "whose"), ==, "dependency");
  g_assert_cmpint (json_object_get_int_member (m, "line"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (m, "memoryBytes"), ==, 4096);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func ("/analysis/import-profile/" name, test)
  ADD ("takes-a-typical-start", test_takes_a_typical_start);
  ADD ("some-starts-may-tell-nothing", test_some_starts_may_tell_nothing);
  ADD ("none-may-tell-anything", test_none_may_tell_anything);
  ADD ("says-whose-a-module-is", test_says_whose_a_module_is);
  ADD ("own-code-has-stretches-between-imports", test_own_code_has_stretches_between_imports);
  ADD ("json-has-what-the-table-shows", test_json_has_what_the_table_shows);
#undef ADD
  return g_test_run ();
}
