#include "ui/charts/flame-layout.h"

/*  0 ──────────────── 100
 *  1  10──40  40──41  60─90
 *  2  10─20                    given in the order of a walk through the tree */
static const KelvinFlameSpan spans[] = {
  { 0, 100, 0 }, { 10, 40, 1 }, { 10, 20, 2 }, { 40, 41, 1 }, { 60, 90, 1 },
};

static void
test_finds_what_is_under_a_point (void)
{
  static const struct {
    guint row;
    double ms;
    int found;
  } cases[] = {
    /* clang-format off */
    { 0, 50, 0 },
    { 1, 15, 1 },
    { 1, 40.5, 3 },
    { 1, 70, 4 },
    { 1, 50, -1 },
    { 2, 15, 2 },
    { 2, 70, -1 },
    { 3, 15, -1 },
    { 1, 5, -1 },
    { 1, 95, -1 },
    { 1, 59.5, 4 },
    { 1, 90.5, 4 },
    { 0, -5, -1 },
    /* clang-format on */
  };
  KelvinFlameLayout layout;

  kelvin_flame_layout_init (&layout, spans, G_N_ELEMENTS (spans));
  g_assert_cmpuint (layout.n_rows, ==, 3);
  g_assert_cmpfloat (layout.end_ms, ==, 100);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (kelvin_flame_layout_find (&layout, cases[i].row, cases[i].ms, 1), ==,
                     cases[i].found);
  kelvin_flame_layout_clear (&layout);
}

static void
test_areas_hang_below_each_other (void)
{
  KelvinAxis axis = { .low = 0, .high = 100 };
  KelvinFlameLayout layout;

  kelvin_flame_layout_init (&layout, spans, G_N_ELEMENTS (spans));
  graphene_rect_t outer = kelvin_flame_layout_get_area (&layout, 1, &axis, 200, 20);
  graphene_rect_t inner = kelvin_flame_layout_get_area (&layout, 2, &axis, 200, 20);
  g_assert_cmpfloat (outer.origin.x, ==, 20);
  g_assert_cmpfloat (outer.size.width, ==, 60);
  g_assert_cmpfloat (inner.origin.x, ==, 20);
  g_assert_cmpfloat (inner.origin.y, ==, outer.origin.y + outer.size.height);
  kelvin_flame_layout_clear (&layout);
}

static void
test_nothing_has_no_rows (void)
{
  KelvinFlameLayout layout;

  kelvin_flame_layout_init (&layout, NULL, 0);
  g_assert_cmpuint (layout.n_rows, ==, 0);
  g_assert_cmpint (kelvin_flame_layout_find (&layout, 0, 0, 1), ==, -1);
  kelvin_flame_layout_clear (&layout);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/flame-layout/finds-what-is-under-a-point",
                   test_finds_what_is_under_a_point);
  g_test_add_func ("/ui/flame-layout/areas-hang-below-each-other",
                   test_areas_hang_below_each_other);
  g_test_add_func ("/ui/flame-layout/nothing-has-no-rows", test_nothing_has_no_rows);
  return g_test_run ();
}
