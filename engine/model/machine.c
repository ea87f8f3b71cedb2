#include "engine/model/machine.h"

#include "engine/model/json-member.h"

static void
runtime_free (gpointer data)
{
  KelvinMachineRuntime *runtime = data;

  g_free (runtime->name);
  g_free (runtime->path);
  g_free (runtime->version);
  g_free (runtime);
}

static void
problem_free (gpointer data)
{
  KelvinMachineProblem *problem = data;

  g_free (problem->what);
  g_free (problem->fix);
  g_free (problem);
}

KelvinMachine *
kelvin_machine_new (void)
{
  KelvinMachine *self = g_new0 (KelvinMachine, 1);

  self->runtimes = g_ptr_array_new_with_free_func (runtime_free);
  self->problems = g_ptr_array_new_with_free_func (problem_free);
  self->lost = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
kelvin_machine_free (KelvinMachine *self)
{
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    {
      g_free (self->details[i].how);
      g_free (self->details[i].fix);
    }
  g_ptr_array_unref (self->lost);
  g_ptr_array_unref (self->runtimes);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

void
kelvin_machine_add_runtime (KelvinMachine *self, const char *name, const char *path,
                            const char *version)
{
  KelvinMachineRuntime *runtime = g_new0 (KelvinMachineRuntime, 1);

  runtime->name = g_strdup (name);
  runtime->path = g_strdup (path);
  runtime->version = g_strdup (version);
  g_ptr_array_add (self->runtimes, runtime);
}

void
kelvin_machine_add_problem (KelvinMachine *self, const char *what, const char *fix)
{
  KelvinMachineProblem *problem = g_new0 (KelvinMachineProblem, 1);

  problem->what = g_strdup (what);
  problem->fix = g_strdup (fix);
  g_ptr_array_add (self->problems, problem);
}

void
kelvin_machine_describe_limit (KelvinMachine *self, KelvinLimit limit, const char *how,
                               const char *fix)
{
  g_return_if_fail (limit < KELVIN_N_LIMITS);

  g_free (self->details[limit].how);
  self->details[limit].how = g_strdup (how);
  g_free (self->details[limit].fix);
  self->details[limit].fix = g_strdup (fix);
}

static void
add_isolation (JsonBuilder *builder, const KelvinMachine *self)
{
  json_builder_set_member_name (builder, "isolation");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "userNamespaces");
  json_builder_add_boolean_value (builder, self->user_namespaces);
  json_builder_set_member_name (builder, "seccomp");
  json_builder_add_boolean_value (builder, self->seccomp);
  json_builder_end_object (builder);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_node (JsonBuilder *builder, const char *name, JsonNode *node)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, node);
}

static JsonNode *
enforcement_to_json (const KelvinLimits *limits)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    json_object_set_string_member (
        object, kelvin_limit_get_name (i),
        kelvin_standing_to_string (kelvin_limits_get_standing (limits, i)));
  return kelvin_json_take_object (object);
}

static void
add_details (JsonBuilder *builder, const KelvinMachine *self)
{
  json_builder_set_member_name (builder, "limitDetails");
  json_builder_begin_object (builder);
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    {
      json_builder_set_member_name (builder, kelvin_limit_get_name (i));
      json_builder_begin_object (builder);
      add_string (builder, "how", self->details[i].how);
      add_string (builder, "fix", self->details[i].fix);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_limits (JsonBuilder *builder, const KelvinMachine *self)
{
  add_node (builder, "limits", kelvin_limits_to_json (&self->limits));
  add_node (builder, "enforcement", enforcement_to_json (&self->limits));
  add_details (builder, self);
}

static void
add_process_isolation (JsonBuilder *builder, const KelvinMachine *self)
{
  json_builder_set_member_name (builder, "processIsolation");
  json_builder_begin_object (builder);
  add_node (builder, "limits", kelvin_limits_to_json (&self->process_limits));
  add_node (builder, "enforcement", enforcement_to_json (&self->process_limits));
  json_builder_set_member_name (builder, "lost");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->lost->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (self->lost, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_runtimes (JsonBuilder *builder, const KelvinMachine *self)
{
  json_builder_set_member_name (builder, "runtimes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->runtimes->len; i++)
    {
      const KelvinMachineRuntime *runtime = g_ptr_array_index (self->runtimes, i);

      json_builder_begin_object (builder);
      add_string (builder, "name", runtime->name);
      add_string (builder, "path", runtime->path);
      add_string (builder, "version", runtime->version);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_problems (JsonBuilder *builder, const KelvinMachine *self)
{
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->problems->len; i++)
    {
      const KelvinMachineProblem *problem = g_ptr_array_index (self->problems, i);

      json_builder_begin_object (builder);
      add_string (builder, "what", problem->what);
      add_string (builder, "fix", problem->fix);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

JsonNode *
kelvin_machine_to_json (KelvinMachine *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, self->ok);
  add_isolation (builder, self);
  add_limits (builder, self);
  add_process_isolation (builder, self);
  add_runtimes (builder, self);
  add_problems (builder, self);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
