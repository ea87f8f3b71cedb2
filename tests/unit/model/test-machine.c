#include "engine/model/machine.h"

static KelvinMachine *
create_machine (void)
{
  KelvinMachine *machine = kelvin_machine_new ();

  machine->ok = machine->user_namespaces = machine->seccomp = TRUE;
  machine->memory = g_strdup ("approximated");
  machine->cpu = g_strdup ("not enforced");
  machine->processes = g_strdup ("rlimit");
  machine->ephemeral_storage = g_strdup ("tmpfs");
  machine->freeze = g_strdup ("signals");
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
                   "  ephemeral storage  tmpfs\n"
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
  g_test_add_func ("/model/machine/mechanisms-have-a-standing", test_mechanisms_have_a_standing);
  return g_test_run ();
}
