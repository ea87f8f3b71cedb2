#include "engine/analysis/import-report.h"

#include <string.h>

/* As a bootstrap writes it: each document behind its length. */
static GBytes *
make_report (const char *first, ...)
{
  GByteArray *bytes = g_byte_array_new ();
  va_list documents;

  va_start (documents, first);
  for (const char *text = first; text != NULL; text = va_arg (documents, const char *))
    {
      guint32 length = GUINT32_TO_LE ((guint32) strlen (text));

      g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
      g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
    }
  va_end (documents);
  return g_byte_array_free_to_bytes (bytes);
}

#define IMPORT(name, parent, start, end, loaded, importer, line)                                   \
  "[\"" name "\"," #parent "," #start "," #end "," #loaded ",0,\"source\",\"/var/task/" name       \
  ".py\",10,\"" importer "\"," #line ",null,false,false]"

static KelvinImportReport *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = make_report (text, NULL);
  g_autoptr (GError) error = NULL;
  KelvinImportReport *report = kelvin_import_report_parse (bytes, &error);

  g_assert_no_error (error);
  return report;
}

static const KelvinImport *
get (KelvinImportReport *report, guint index)
{
  g_assert_cmpuint (index, <, report->imports->len);
  return &g_array_index (report->imports, KelvinImport, index);
}

static void
test_self_times_leave_out_what_was_loaded_meanwhile (void)
{
  g_autoptr (KelvinImportReport) report =
      parse ("{\"costNs\":900,\"imports\":[" IMPORT ("a", -1, 0, 1000, 100, "x", 1) "," IMPORT (
          "b", 0, 200, 500, 250, "a", 2) "," IMPORT ("c", 1, 300, 400, 350, "b", 3) "]}");

  g_assert_cmpuint (report->imports->len, ==, 3);
  g_assert_cmpint (get (report, 0)->self_ns, ==, 700);
  g_assert_cmpint (get (report, 1)->self_ns, ==, 200);
  g_assert_cmpint (get (report, 2)->self_ns, ==, 100);
  g_assert_cmpint (kelvin_import_report_get_init_ns (report), ==, 1000);
  g_assert_cmpint (report->cost_ns, ==, 900);
  g_assert_cmpuint (get (report, 2)->line, ==, 3);
}

static void
test_packages_come_before_their_modules (void)
{
  g_autoptr (KelvinImportReport) report =
      parse ("{\"imports\":[" IMPORT ("app", -1, 0, 1000, 50, "x", 1) "," IMPORT (
          "p.q.m", 0, 100, 900, 600, "app", 1) "," IMPORT ("p.q", 1, 110, 500, 400, "app",
                                                           1) "," IMPORT ("p", 2, 120, 300, 200,
                                                                          "app", 1) "]}");

  for (guint i = 1; i < 4; i++)
    g_assert_cmpint (get (report, i)->parent, ==, 0);
  g_assert_cmpint (get (report, 3)->self_ns, ==, 180);
  g_assert_cmpint (get (report, 2)->start_ns, ==, 300);
  g_assert_cmpint (get (report, 1)->start_ns, ==, 500);
  g_assert_cmpint (get (report, 1)->self_ns, ==, 400);
}

static void
test_a_module_stays_within_the_one_that_loaded_it (void)
{
  g_autoptr (KelvinImportReport) report =
      parse ("{\"imports\":[" IMPORT ("a", -1, 100, 200, 0, "x", 1) "," IMPORT (
          "b", 0, 50, 99999, 77777, "a", 2) "," IMPORT ("c", 0, -9, -10, 0, "a", 2) "]}");

  g_assert_cmpint (get (report, 1)->start_ns, ==, 100);
  g_assert_cmpint (get (report, 1)->end_ns, ==, 200);
  g_assert_cmpint (get (report, 2)->end_ns, ==, 100);
  g_assert_cmpint (get (report, 0)->self_ns, ==, 0);
}

static void
test_what_comes_later_is_the_handlers (void)
{
  g_autoptr (GBytes) bytes = make_report (
      "{\"imports\":[" IMPORT ("a", -1, 0, 10, 5, "x", 1) "]}",
      "{\"opened\":[\"/var/task/a.py\",7],\"imports\":[" IMPORT ("b", -1, 90, 99, 95, "a", 2) "]}",
      NULL);
  g_autoptr (KelvinImportReport) report = kelvin_import_report_parse (bytes, NULL);

  g_assert_cmpuint (get (report, 0)->flags & KELVIN_IMPORT_IN_HANDLER, ==, 0);
  g_assert_cmpuint (get (report, 1)->flags & KELVIN_IMPORT_IN_HANDLER, !=, 0);
  g_assert_cmpint (kelvin_import_report_get_init_ns (report), ==, 10);
  g_assert_cmpuint (report->opened->len, ==, 1);
}

static void
test_what_is_no_report_is_refused (void)
{
  static const char *const wrong[] = {
    "",
    "7",
    "[]",
    "{}",
    "{\"imports\":{}}",
    "{\"imports\":[7]}",
    "{\"imports\":[[1,2]]}",
    "{\"imports\":[" IMPORT ("a", 0, 0, 1, 0, "x", 1) "]}",
    "{\"imports\":[" IMPORT ("a", 5, 0, 1, 0, "x", 1) "]}",
    "{\"imports\":[[[[[[[[1]]]]]]]]}",
    "{\"imports\":[],}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GBytes) bytes = make_report (wrong[i], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (kelvin_import_report_parse (bytes, &error));
      g_assert_error (error, KELVIN_IMPORT_ERROR, KELVIN_IMPORT_ERROR_MALFORMED);
    }
}

static void
test_nothing_told_is_said (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_import_report_parse (NULL, &error));
  g_assert_error (error, KELVIN_IMPORT_ERROR, KELVIN_IMPORT_ERROR_NONE);
}

/* Whatever stands in any place of a good report, it is read or refused, and nothing else. */
static void
test_survives_any_byte_anywhere (void)
{
  const char *text =
      "{\"costNs\":900,\"imports\":[" IMPORT ("a", -1, 0, 1000, 100, "x", 1) "," IMPORT (
          "b", 0, 200, 500, 250, "a", 2) "],\"opened\":[\"/var/task/a\"]}";
  gsize length = strlen (text);

  for (gsize i = 0; i < length * 40; i++)
    {
      g_autoptr (GBytes) good = make_report (text, NULL);
      gsize size = 0;
      g_autofree guint8 *data = g_bytes_unref_to_data (g_bytes_ref (good), &size);

      data[(gsize) g_test_rand_int_range (0, (gint32) size)] =
          (guint8) g_test_rand_int_range (0, 256);
      g_autoptr (GBytes) bytes =
          g_bytes_new (data, i % 5 == 0 ? (gsize) g_test_rand_int_range (0, (gint32) size) : size);
      g_autoptr (KelvinImportReport) report = kelvin_import_report_parse (bytes, NULL);

      if (report != NULL)
        g_assert_cmpint (kelvin_import_report_get_init_ns (report), >=, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func ("/analysis/import-report/" name, test)
  ADD ("self-times-leave-out-what-was-loaded-meanwhile",
       test_self_times_leave_out_what_was_loaded_meanwhile);
  ADD ("packages-come-before-their-modules", test_packages_come_before_their_modules);
  ADD ("a-module-stays-within-the-one-that-loaded-it",
       test_a_module_stays_within_the_one_that_loaded_it);
  ADD ("what-comes-later-is-the-handlers", test_what_comes_later_is_the_handlers);
  ADD ("what-is-no-report-is-refused", test_what_is_no_report_is_refused);
  ADD ("nothing-told-is-said", test_nothing_told_is_said);
  ADD ("survives-any-byte-anywhere", test_survives_any_byte_anywhere);
#undef ADD
  return g_test_run ();
}
