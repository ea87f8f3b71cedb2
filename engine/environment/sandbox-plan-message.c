/* A plan as text for people, and as the message of launcher/protocol.h. */

#include "engine/environment/sandbox-plan-private.h"

#include <sys/resource.h>

static const char *
limit_name (guint32 resource)
{
  static const char *const names[RLIMIT_NLIMITS] = {
    [RLIMIT_CORE] = "core",     [RLIMIT_MEMLOCK] = "memlock", [RLIMIT_MSGQUEUE] = "msgqueue",
    [RLIMIT_NICE] = "nice",     [RLIMIT_NOFILE] = "nofile",   [RLIMIT_NPROC] = "nproc",
    [RLIMIT_RTPRIO] = "rtprio", [RLIMIT_STACK] = "stack",     [RLIMIT_FSIZE] = "fsize",
  };

  g_assert (resource < G_N_ELEMENTS (names) && names[resource] != NULL);
  return names[resource];
}

static char *
describe (const KelvinPlanStep *step)
{
  switch (step->kind)
    {
    case KELVIN_OPERATION_ROOT:
      return g_strdup ("root");
    case KELVIN_OPERATION_PROC:
      return g_strdup ("proc /proc");
    case KELVIN_OPERATION_PIVOT:
      return g_strdup ("pivot");
    case KELVIN_OPERATION_FOLDER:
      return g_strdup_printf ("folder %s %04o", step->target, step->mode);
    case KELVIN_OPERATION_LINK:
      return g_strdup_printf ("link %s -> %s", step->target, step->source);
    case KELVIN_OPERATION_FILE:
      return g_strdup_printf ("file %s %" G_GSIZE_FORMAT " bytes", step->target,
                              strlen (step->source));
    case KELVIN_OPERATION_BIND:
      return g_strdup_printf ((step->flags & KELVIN_BIND_DEVICE) != 0 ? "device %s at %s"
                                                                      : "bind %s at %s",
                              step->source, step->target);
    case KELVIN_OPERATION_MASK:
      return g_strdup_printf ("mask %s", step->target);
    case KELVIN_OPERATION_MEMORY:
      return g_strdup_printf ("memory %s %u MB %" G_GUINT64_FORMAT " inodes %04o", step->target,
                              step->number, step->value, step->mode);
    case KELVIN_OPERATION_SEAL:
      return g_strdup_printf ("seal %s", step->target);
    case KELVIN_OPERATION_WRITE:
      return g_strdup_printf ("write %s to %s", step->source, step->target);
    case KELVIN_OPERATION_HOSTNAME:
      return g_strdup_printf ("hostname %s", step->source);
    case KELVIN_OPERATION_LOOPBACK:
      return g_strdup ("loopback");
    case KELVIN_OPERATION_NETWORK:
      return g_strdup_printf ("network by %s within %u ms", step->source, step->number);
    case KELVIN_OPERATION_LISTEN:
      return g_strdup_printf ((step->flags & KELVIN_LISTEN_DATAGRAM) != 0 ? "listen %s:%u datagram"
                                                                          : "listen %s:%u",
                              step->source, step->number);
    case KELVIN_OPERATION_LIMIT:
      return g_strdup_printf ((step->flags & KELVIN_LIMIT_ON_TOP) != 0
                                  ? "limit %s %" G_GUINT64_FORMAT " more"
                                  : "limit %s %" G_GUINT64_FORMAT,
                              limit_name (step->number), step->value);
    case KELVIN_OPERATION_COPY:
      return g_strdup_printf ("copy %s to %s", step->source, step->target);
    case KELVIN_N_OPERATIONS:
    default:
      g_assert_not_reached ();
    }
}

char *
kelvin_sandbox_plan_describe_step (KelvinSandboxPlan *self, guint index)
{
  if (index >= self->steps->len)
    return NULL;
  return describe (&g_array_index (self->steps, KelvinPlanStep, index));
}

char *
kelvin_sandbox_plan_to_text (KelvinSandboxPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->steps->len; i++)
    {
      g_autofree char *line = kelvin_sandbox_plan_describe_step (self, i);
      g_string_append_printf (text, "%s\n", line);
    }
  g_string_append (text, "execute");
  for (guint i = 0; i < self->arguments->len; i++)
    g_string_append_printf (text, " %s", (char *) self->arguments->pdata[i]);
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

/* The kernel charges a function with the files that it writes in /tmp, which the service doesn't
 * count. So this is the last resort: at the memory size the engine ends it. */
static guint64
memory_bytes (KelvinSandboxPlan *self)
{
  return ((guint64) self->memory_mb + self->temporary_mb) * 1024 * 1024;
}

static void
append_string (GByteArray *message, const char *string)
{
  g_byte_array_append (message, (const guint8 *) string, strlen (string) + 1);
}

static void
append_step (GByteArray *message, const KelvinPlanStep *step)
{
  KelvinOperationHead head = { .kind = step->kind,
                               .flags = step->flags,
                               .mode = step->mode,
                               .number = step->number,
                               .value = step->value };

  g_byte_array_append (message, (const guint8 *) &head, sizeof head);
  append_string (message, step->source);
  append_string (message, step->target);
}

static guint32
flags_of (KelvinSandboxPlan *self)
{
  return (self->shows_network ? KELVIN_CREATE_SHOWS_NETWORK : 0) |
         (self->has_marks ? KELVIN_CREATE_HAS_MARKS : 0) |
         (kelvin_sandbox_plan_is_process (self) ? KELVIN_CREATE_PROCESS : 0);
}

GBytes *
kelvin_sandbox_plan_encode (KelvinSandboxPlan *self, guint64 id)
{
  g_return_val_if_fail (self != NULL, NULL);

  GByteArray *message = g_byte_array_sized_new (8192);
  KelvinCreate create = { .head = { .type = KELVIN_MESSAGE_CREATE, .id = id },
                          .flags = flags_of (self),
                          .uid = KELVIN_SANDBOX_USER,
                          .gid = KELVIN_SANDBOX_GROUP,
                          .n_operations = self->steps->len,
                          .n_arguments = self->arguments->len,
                          .n_variables = g_strv_length (self->variables),
                          .memory_bytes = memory_bytes (self),
                          .n_processes = KELVIN_SANDBOX_MOST_PROCESSES };

  g_byte_array_append (message, (const guint8 *) &create, sizeof create);
  for (guint i = 0; i < self->steps->len; i++)
    append_step (message, &g_array_index (self->steps, KelvinPlanStep, i));
  append_string (message, self->folder);
  for (guint i = 0; i < self->arguments->len; i++)
    append_string (message, self->arguments->pdata[i]);
  for (guint i = 0; self->variables[i] != NULL; i++)
    append_string (message, self->variables[i]);
  return g_byte_array_free_to_bytes (message);
}
