#include "engine/model/machine.h"

static const char *const limit_names[KELVIN_N_LIMITS] = {
  [KELVIN_LIMIT_MEMORY] = "memory",
  [KELVIN_LIMIT_CPU] = "CPU",
  [KELVIN_LIMIT_PROCESSES] = "processes",
  [KELVIN_LIMIT_DESCRIPTORS] = "open files",
  [KELVIN_LIMIT_EPHEMERAL_STORAGE] = "ephemeral storage",
  [KELVIN_LIMIT_TIMEOUT] = "timeout",
  [KELVIN_LIMIT_PAYLOAD] = "payload",
  [KELVIN_LIMIT_FREEZE] = "freezing",
};
/* Lines of cells, as wide as the widest of their column. */
typedef struct {
  const char *cells[3]; /* nullable at the end */
} Line;

static gsize
find_width (const Line *lines, guint n, guint column)
{
  gsize width = 0;

  for (guint i = 0; i < n; i++)
    if (lines[i].cells[column] != NULL)
      width = MAX (width, (gsize) g_utf8_strlen (lines[i].cells[column], -1));
  return width;
}

static void
append_lines (GString *text, const char *title, const Line *lines, guint n)
{
  const gsize widths[] = { find_width (lines, n, 0), find_width (lines, n, 1) };

  g_string_append_printf (text, "\n%s\n", title);
  for (guint i = 0; i < n; i++)
    {
      g_string_append (text, "  ");
      for (guint column = 0; column < 3 && lines[i].cells[column] != NULL; column++)
        {
          gboolean last = column == 2 || lines[i].cells[column + 1] == NULL;
          int padding = last ? 0 : (int) widths[column];

          g_string_append_printf (text, "%-*s%s", padding, lines[i].cells[column],
                                  last ? "\n" : "  ");
        }
    }
}

static void
append_isolation (GString *text, const KelvinMachine *self)
{
  const Line lines[] = { { { "user namespaces", self->user_namespaces ? "yes" : "no" } },
                         { { "seccomp", self->seccomp ? "yes" : "no" } } };

  append_lines (text, "Isolation", lines, G_N_ELEMENTS (lines));
}

static void
append_limits (GString *text, const KelvinMachine *self)
{
  Line lines[KELVIN_N_LIMITS];

  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    lines[i] =
        (Line){ { limit_names[i], self->limits.by[i] != NULL ? self->limits.by[i] : "unknown",
                  self->details[i].how } };
  append_lines (text, "What enforces each limit", lines, KELVIN_N_LIMITS);
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    if (self->details[i].fix != NULL)
      g_string_append_printf (text, "  %s\n    → %s\n", limit_names[i], self->details[i].fix);
}

static void
append_runtimes (GString *text, const KelvinMachine *self)
{
  g_autofree Line *lines = g_new0 (Line, self->runtimes->len + 1);

  for (guint i = 0; i < self->runtimes->len; i++)
    {
      const KelvinMachineRuntime *runtime = self->runtimes->pdata[i];

      lines[i] = (Line){ { runtime->name, runtime->version, runtime->path } };
    }
  lines[self->runtimes->len] = (Line){ { "provided.*", "", "an executable file named bootstrap" } };
  append_lines (text, "Runtimes", lines, self->runtimes->len + 1);
}

static void
append_problems (GString *text, const KelvinMachine *self)
{
  if (self->problems->len == 0)
    return;

  g_string_append (text, "\nWhat is missing, and how to get it\n");
  for (guint i = 0; i < self->problems->len; i++)
    {
      const KelvinMachineProblem *problem = self->problems->pdata[i];

      g_string_append_printf (text, "  %s\n    → %s\n", problem->what, problem->fix);
    }
}

static void
append_lost (GString *text, const KelvinMachine *self)
{
  if (self->lost->len == 0)
    return;

  g_string_append (text, "\nWhat is lost with --isolation process\n");
  for (guint i = 0; i < self->lost->len; i++)
    g_string_append_printf (text, "  %s\n", (const char *) self->lost->pdata[i]);
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    if (kelvin_limits_get_standing (&self->process_limits, i) != KELVIN_STANDING_ENFORCED)
      g_string_append_printf (text, "  The limit of %s is %s\n", limit_names[i],
                              self->process_limits.by[i]);
}

const char *
kelvin_machine_get_verdict (const KelvinMachine *self)
{
  return self->ok ? "Functions can be run here, each in a sandbox."
                  : "Functions can't be run here.";
}

char *
kelvin_machine_to_text (const KelvinMachine *self)
{
  GString *text = g_string_new (kelvin_machine_get_verdict (self));

  g_string_append_c (text, '\n');
  append_isolation (text, self);
  append_limits (text, self);
  append_runtimes (text, self);
  append_problems (text, self);
  append_lost (text, self);
  return g_string_free (text, FALSE);
}
