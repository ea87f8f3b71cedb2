#include "engine/model/machine.h"

#include <string.h>

static KelvinMachine *
create_machine (void)
{
  KelvinMachine *machine = kelvin_machine_new ();

  machine->ok = machine->user_namespaces = machine->seccomp = TRUE;
  machine->limits.by[KELVIN_LIMIT_MEMORY] = "approximated";
  machine->limits.by[KELVIN_LIMIT_CPU] = "not enforced";
  machine->limits.by[KELVIN_LIMIT_PROCESSES] = "rlimit";
  machine->limits.by[KELVIN_LIMIT_EPHEMERAL_STORAGE] = "tmpfs";
  machine->limits.by[KELVIN_LIMIT_FREEZE] = "signals";
  machine->limits.by[KELVIN_LIMIT_DESCRIPTORS] = "rlimit";
  machine->limits.by[KELVIN_LIMIT_TIMEOUT] = "timer";
  machine->limits.by[KELVIN_LIMIT_PAYLOAD] = "runtime-api";
  kelvin_machine_add_runtime (machine, "python3.11", "/usr/bin/python3.11", "3.11.2");
  return machine;
}

static void
test_text_names_everything (void)
{
  g_autoptr (KelvinMachine) machine = create_machine ();
  g_autofree char *text = kelvin_machine_to_text (machine);

  g_assert_cmpstr (text, ==,
                   "Functions can be run here, each in a sandbox.\n"
                   "\nIsolation\n"
                   "  user namespaces  yes\n"
                   "  seccomp          yes\n"
                   "\nWhat enforces each limit\n"
                   "  memory             approximated\n"
                   "  CPU                not enforced\n"
                   "  processes          rlimit\n"
                   "  open files         rlimit\n"
                   "  ephemeral storage  tmpfs\n"
                   "  timeout            timer\n"
                   "  payload            runtime-api\n"
                   "  freezing           signals\n"
                   "\nRuntimes\n"
                   "  python3.11  3.11.2  /usr/bin/python3.11\n"
                   "  provided.*          an executable file named bootstrap\n");
}

static void
test_text_ends_with_what_is_missing (void)
{
  g_autoptr (KelvinMachine) machine = create_machine ();

  machine->ok = FALSE;
  kelvin_machine_add_problem (machine, "No Node.js was found", "sudo apt install nodejs");
  g_autofree char *text = kelvin_machine_to_text (machine);

  g_assert_true (g_str_has_prefix (text, "Functions can't be run here.\n"));
  g_assert_true (g_str_has_suffix (text, "\nWhat is missing, and how to get it\n"
                                         "  No Node.js was found\n"
                                         "    → sudo apt install nodejs\n"));
}

static void
test_text_says_what_would_make_a_limit_hold (void)
{
  g_autoptr (KelvinMachine) machine = create_machine ();

  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_CPU, "All cores", "get groups");
  g_autofree char *text = kelvin_machine_to_text (machine);

  g_assert_nonnull (strstr (text, "\n  CPU                not enforced  All cores\n"));
  g_assert_nonnull (strstr (text, "\n  CPU\n    → get groups\n"));
}

static void
test_mechanisms_have_a_standing (void)
{
  g_assert_cmpint (kelvin_standing_from_mechanism ("cgroup-v1"), ==, KELVIN_STANDING_ENFORCED);
  g_assert_cmpint (kelvin_standing_from_mechanism ("tmpfs"), ==, KELVIN_STANDING_ENFORCED);
  g_assert_cmpint (kelvin_standing_from_mechanism ("approximated"), ==,
                   KELVIN_STANDING_APPROXIMATED);
  g_assert_cmpint (kelvin_standing_from_mechanism ("not enforced"), ==,
                   KELVIN_STANDING_NOT_ENFORCED);
  g_assert_cmpint (kelvin_standing_from_mechanism (NULL), ==, KELVIN_STANDING_NOT_ENFORCED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/machine/text-names-everything", test_text_names_everything);
  g_test_add_func ("/model/machine/text-ends-with-what-is-missing",
                   test_text_ends_with_what_is_missing);
  g_test_add_func ("/model/machine/text-says-what-would-make-a-limit-hold",
                   test_text_says_what_would_make_a_limit_hold);
  g_test_add_func ("/model/machine/mechanisms-have-a-standing", test_mechanisms_have_a_standing);
  return g_test_run ();
}
