#include "ui/init-code.h"

#include <math.h>

static const char *const document =
    "{\"imports\":["
    "{\"name\":\"app\",\"parentIndex\":-1,\"startMs\":0,\"selfMs\":30,\"cumulativeMs\":100,"
    " \"file\":\"app.py\",\"whose\":\"own\",\"importedBy\":\"/var/runtime/x.py\","
    " \"importedByWhose\":\"runtime\",\"line\":9},"
    "{\"name\":\"late\",\"parentIndex\":0,\"startMs\":60,\"selfMs\":20,\"cumulativeMs\":20,"
    " \"importedBy\":\"app.py\",\"importedByWhose\":\"own\",\"line\":7,\"statement\":\"import "
    "late\"},"
    "{\"name\":\"early\",\"parentIndex\":0,\"startMs\":5,\"selfMs\":10,\"cumulativeMs\":50,"
    " \"importedBy\":\"app.py\",\"importedByWhose\":\"own\",\"line\":3,\"statement\":\"import "
    "early\"},"
    "{\"name\":\"deep\",\"parentIndex\":2,\"startMs\":10,\"selfMs\":40,\"cumulativeMs\":40,"
    " \"importedBy\":\"/usr/early.py\",\"importedByWhose\":\"standard-library\",\"line\":1},"
    "{\"name\":\"lazy\",\"parentIndex\":-1,\"startMs\":300,\"selfMs\":1,\"cumulativeMs\":1,"
    " \"inHandler\":true}],"
    "\"importProfile\":{\"starts\":4,\"modules\":4,\"accountedMs\":100,\"hookCostPercent\":0.5,"
    "\"topLevel\":[{\"moduleIndex\":0,\"file\":\"app.py\",\"fromLine\":4,\"toLine\":6,"
    "\"startMs\":55,\"selfMs\":5},{\"moduleIndex\":0,\"file\":\"app.py\",\"fromLine\":8,"
    "\"toLine\":null,\"startMs\":80,\"selfMs\":20}]}}";

static KelvinInitCode *
make (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return kelvin_init_code_new (json_node_get_object (node));
}

static const KelvinInitPart *
get (const KelvinInitCode *code, guint index)
{
  return &g_array_index (code->parts, KelvinInitPart, index);
}

static void
test_parts_come_in_the_order_in_which_they_ran (void)
{
  static const char *const names[] = { "app", "early", "deep", NULL, "late", NULL };
  static const guint depths[] = { 0, 1, 2, 1, 1, 1 };
  g_autoptr (KelvinInitCode) code = make (document);

  g_assert_cmpuint (code->parts->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < code->parts->len; i++)
    {
      g_assert_cmpuint (get (code, i)->depth, ==, depths[i]);
      if (names[i] != NULL)
        g_assert_cmpstr (get (code, i)->name, ==, names[i]);
      else
        g_assert_cmpint (get (code, i)->kind, ==, KELVIN_INIT_PART_OWN_CODE);
    }
}

static void
test_self_times_of_all_parts_add_up (void)
{
  g_autoptr (KelvinInitCode) code = make (document);
  double sum = 0;

  for (guint i = 0; i < code->parts->len; i++)
    sum += get (code, i)->self_ms;
  g_assert_cmpfloat_with_epsilon (sum, 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (get (code, 0)->self_ms, 5, 1e-9);
}

static void
test_says_what_a_module_came_with (void)
{
  g_autoptr (KelvinInitCode) code = make (document);

  g_assert_cmpstr (get (code, 1)->file, ==, "app.py");
  g_assert_cmpuint (get (code, 1)->line, ==, 3);
  g_assert_null (get (code, 2)->file);
  g_assert_cmpstr (get (code, 2)->inside, ==, "early");
}

static void
test_lines_have_what_they_load (void)
{
  g_autoptr (KelvinInitCode) code = make (document);
  g_autoptr (GArray) costs = kelvin_init_code_get_line_costs (code);

  g_assert_cmpuint (costs->len, ==, 2);
  g_assert_cmpuint (g_array_index (costs, KelvinLineCost, 0).line, ==, 3);
  g_assert_cmpfloat_with_epsilon (g_array_index (costs, KelvinLineCost, 0).ms, 50, 1e-9);
}

static void
test_a_profile_without_imports_has_none (void)
{
  g_assert_null (make ("{}"));
  g_assert_null (make ("{\"imports\":7,\"importProfile\":{}}"));
  g_autoptr (KelvinInitCode) code =
      make ("{\"imports\":[],\"importProfile\":{\"problem\":\"no\"}}");
  g_assert_cmpstr (code->problem, ==, "no");
  g_assert_true (isnan (code->hook_percent));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func ("/ui/init-code/" name, test)
  ADD ("parts-come-in-the-order-in-which-they-ran", test_parts_come_in_the_order_in_which_they_ran);
  ADD ("self-times-of-all-parts-add-up", test_self_times_of_all_parts_add_up);
  ADD ("says-what-a-module-came-with", test_says_what_a_module_came_with);
  ADD ("lines-have-what-they-load", test_lines_have_what_they_load);
  ADD ("a-profile-without-imports-has-none", test_a_profile_without_imports_has_none);
#undef ADD
  return g_test_run ();
}
