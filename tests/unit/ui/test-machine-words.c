#include "ui/machine-words.h"

static KelvinMachine *
create_machine (const char *memory, const char *cpu)
{
  KelvinMachine *machine = kelvin_machine_new ();

  machine->ok = TRUE;
  machine->limits.by[KELVIN_LIMIT_MEMORY] = memory;
  machine->limits.by[KELVIN_LIMIT_CPU] = cpu;
  machine->limits.by[KELVIN_LIMIT_PROCESSES] = "rlimit";
  machine->limits.by[KELVIN_LIMIT_EPHEMERAL_STORAGE] = "tmpfs";
  machine->limits.by[KELVIN_LIMIT_FREEZE] = "signals";
  machine->limits.by[KELVIN_LIMIT_DESCRIPTORS] = "rlimit";
  machine->limits.by[KELVIN_LIMIT_TIMEOUT] = "timer";
  machine->limits.by[KELVIN_LIMIT_PAYLOAD] = "runtime-api";
  return machine;
}

static void
assert_figure (KelvinMachine *machine, const char *expected)
{
  g_autofree char *figure = kelvin_describe_machine (machine);

  g_assert_cmpstr (figure, ==, expected);
}

static void
test_figure_counts_what_is_enforced (void)
{
  g_autoptr (KelvinMachine) whole = create_machine ("cgroup-v2", "cgroup-v2");
  g_autoptr (KelvinMachine) part = create_machine ("approximated", "not enforced");

  assert_figure (whole, "All 8 limits enforced");
  assert_figure (part, "6 of 8 limits enforced");
  part->ok = FALSE;
  assert_figure (part, "Nothing runs here yet");
}

static void
test_limits_have_their_mechanism (void)
{
  g_autoptr (KelvinMachine) machine = create_machine ("approximated", "cgroup-v1");
  KelvinLimitWords limits[KELVIN_N_LIMITS];

  kelvin_describe_limits (machine, limits);
  g_assert_cmpstr (limits[0].name, ==, "Memory");
  g_assert_cmpint (limits[0].standing, ==, KELVIN_STANDING_APPROXIMATED);
  g_assert_cmpstr (limits[1].mechanism, ==, "cgroup-v1");
  g_assert_cmpint (limits[1].standing, ==, KELVIN_STANDING_ENFORCED);
}

static void
test_mechanisms_are_words (void)
{
  g_autofree char *known = kelvin_describe_mechanism ("cgroup-v1");
  g_autofree char *unknown = kelvin_describe_mechanism ("something-new");
  g_autofree char *none = kelvin_describe_mechanism ("not enforced");

  g_assert_cmpstr (known, ==, "by control groups (cgroup-v1)");
  g_assert_cmpstr (unknown, ==, "something-new");
  g_assert_cmpstr (none, ==, "nothing here can");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/machine-words/figure-counts-what-is-enforced",
                   test_figure_counts_what_is_enforced);
  g_test_add_func ("/ui/machine-words/limits-have-their-mechanism",
                   test_limits_have_their_mechanism);
  g_test_add_func ("/ui/machine-words/mechanisms-are-words", test_mechanisms_are_words);
  return g_test_run ();
}
