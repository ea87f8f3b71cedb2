#include "config.h"

#include "ui/init-code.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MOST_UNOPENED 5

/* An import of the document on its way to be a part. */
typedef struct {
  JsonObject *object;
  GArray *children;  /* of int, indices of imports, in order of time */
  GArray *stretches; /* of JsonObject * */
} Node;

static void
clear_part (gpointer data)
{
  KelvinInitPart *part = data;

  g_free (part->name);
  g_free (part->file);
  g_free (part->statement);
}

static void
clear_node (gpointer data)
{
  Node *node = data;

  g_array_unref (node->children);
  g_array_unref (node->stretches);
}

static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static double
get_number_or_zero (JsonObject *object, const char *name)
{
  double number = get_number (object, name);

  return isnan (number) ? 0 : number;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
is_counted (JsonObject *import)
{
  return !json_object_get_boolean_member_with_default (import, "inHandler", FALSE) &&
         !json_object_get_boolean_member_with_default (import, "inThread", FALSE);
}

/* --- the tree of the document --- */

static int
compare_starts (gconstpointer a, gconstpointer b, gpointer user_data)
{
  GArray *nodes = user_data;
  double first = get_number (g_array_index (nodes, Node, *(const int *) a).object, "startMs");
  double second = get_number (g_array_index (nodes, Node, *(const int *) b).object, "startMs");

  return (first > second) - (first < second);
}

static void
add_stretches (GArray *nodes, JsonArray *stretches)
{
  for (guint i = 0; stretches != NULL && i < json_array_get_length (stretches); i++)
    {
      JsonObject *stretch = json_array_get_object_element (stretches, i);
      gint64 module = json_object_get_int_member_with_default (stretch, "moduleIndex", -1);

      if (module >= 0 && module < nodes->len)
        g_array_append_val (g_array_index (nodes, Node, module).stretches, stretch);
    }
}

/* @roots: gets the imports that are part of none. */
static GArray *
make_nodes (JsonArray *imports, JsonArray *stretches, GArray *roots)
{
  GArray *nodes = g_array_new (FALSE, TRUE, sizeof (Node));

  g_array_set_clear_func (nodes, clear_node);
  for (guint i = 0; i < json_array_get_length (imports); i++)
    {
      Node node = { json_array_get_object_element (imports, i),
                    g_array_new (FALSE, FALSE, sizeof (int)),
                    g_array_new (FALSE, FALSE, sizeof (JsonObject *)) };

      g_array_append_val (nodes, node);
    }
  for (int i = 0; i < (int) nodes->len; i++)
    {
      JsonObject *object = g_array_index (nodes, Node, i).object;
      gint64 parent = json_object_get_int_member_with_default (object, "parentIndex", -1);

      if (!is_counted (object))
        continue;
      if (parent >= 0 && parent < i)
        g_array_append_val (g_array_index (nodes, Node, parent).children, i);
      else
        g_array_append_val (roots, i);
    }
  for (guint i = 0; i < nodes->len; i++)
    g_array_sort_with_data (g_array_index (nodes, Node, i).children, compare_starts, nodes);
  g_array_sort_with_data (roots, compare_starts, nodes);
  add_stretches (nodes, stretches);
  return nodes;
}

/* --- parts --- */

static void
set_origin (KelvinInitPart *part, JsonObject *import)
{
  gboolean own = g_strcmp0 (get_text (import, "importedByWhose"), "own") == 0;

  part->memory_mb = get_number (import, "memoryBytes") / (1024 * 1024);
  part->size_kb = get_number (import, "sizeBytes") / 1024;
  part->compiled = json_object_get_boolean_member_with_default (import, "compiled", FALSE);
  part->failed = json_object_get_boolean_member_with_default (import, "failed", FALSE);
  part->is_native = g_strcmp0 (get_text (import, "kind"), "native") == 0;
  if (own)
    {
      part->file = g_strdup (get_text (import, "importedBy"));
      part->line = (guint) get_number_or_zero (import, "line");
      part->statement = g_strdup (get_text (import, "statement"));
    }
  else if (g_strcmp0 (get_text (import, "whose"), "own") == 0)
    {
      part->file = g_strdup (get_text (import, "file"));
      part->line = 1;
    }
}

static int
add_module (KelvinInitCode *self, const Node *node, int parent, guint depth)
{
  JsonObject *import = node->object;
  double start_ms = get_number_or_zero (import, "startMs");
  KelvinInitPart part = {
    .kind = KELVIN_INIT_PART_MODULE,
    .name = g_strdup (get_text (import, "name")),
    .parent = parent,
    .depth = depth,
    .start_ms = start_ms,
    .end_ms = start_ms + get_number_or_zero (import, "cumulativeMs"),
    .self_ms = get_number_or_zero (import, "selfMs"),
  };

  for (guint i = 0; i < node->stretches->len; i++)
    part.self_ms -= get_number_or_zero (g_array_index (node->stretches, JsonObject *, i), "selfMs");
  part.self_ms = MAX (part.self_ms, 0);
  set_origin (&part, import);
  g_array_append_val (self->parts, part);
  return (int) self->parts->len - 1;
}

static void
add_own_code (KelvinInitCode *self, JsonObject *stretch, int parent, guint depth)
{
  double start_ms = get_number_or_zero (stretch, "startMs");
  double self_ms = get_number_or_zero (stretch, "selfMs");
  KelvinInitPart part = {
    .kind = KELVIN_INIT_PART_OWN_CODE,
    /* Translators: the file that it stands in */
    .name = g_strdup_printf (_ ("own top-level code, %s"), get_text (stretch, "file")),
    .parent = parent,
    .depth = depth,
    .start_ms = start_ms,
    .end_ms = start_ms + self_ms,
    .self_ms = self_ms,
    .memory_mb = NAN,
    .size_kb = NAN,
    .file = g_strdup (get_text (stretch, "file")),
    .line = MAX ((guint) get_number_or_zero (stretch, "fromLine"), 1),
    .last_line = (guint) get_number_or_zero (stretch, "toLine"),
  };

  g_array_append_val (self->parts, part);
}

static void add_tree (KelvinInitCode *self, GArray *nodes, int index, int parent, guint depth);

/* Modules and own code between them, in order of time. */
static void
add_children (KelvinInitCode *self, GArray *nodes, const Node *node, int parent, guint depth)
{
  guint stretch = 0;

  for (guint i = 0; i < node->children->len; i++)
    {
      int child = g_array_index (node->children, int, i);
      double start_ms = get_number (g_array_index (nodes, Node, child).object, "startMs");

      for (; stretch < node->stretches->len; stretch++)
        {
          JsonObject *object = g_array_index (node->stretches, JsonObject *, stretch);

          if (get_number (object, "startMs") >= start_ms)
            break;
          add_own_code (self, object, parent, depth);
        }
      add_tree (self, nodes, child, parent, depth);
    }
  for (; stretch < node->stretches->len; stretch++)
    add_own_code (self, g_array_index (node->stretches, JsonObject *, stretch), parent, depth);
}

/* The engine refuses trees that are nested deeper than this goes. */
static void
add_tree (KelvinInitCode *self, GArray *nodes, int index, int parent, guint depth)
{
  const Node *node = &g_array_index (nodes, Node, index);
  int part = add_module (self, node, parent, depth);

  if (depth < 500)
    add_children (self, nodes, node, part, depth + 1);
}

/* What a person didn't import themselves came with something that they did. */
static void
find_insides (KelvinInitCode *self)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      KelvinInitPart *part = &g_array_index (self->parts, KelvinInitPart, i);

      if (part->parent < 0 || part->file != NULL)
        continue;
      const KelvinInitPart *parent = &g_array_index (self->parts, KelvinInitPart, part->parent);
      part->inside = parent->inside != NULL ? parent->inside : parent->name;
    }
}

static void
read_package (KelvinInitCode *self, JsonObject *package)
{
  JsonArray *unopened = package != NULL ? get_array (package, "unopened") : NULL;

  if (package == NULL)
    return;
  self->package_bytes = (guint64) get_number_or_zero (package, "bytes");
  self->opened_bytes = (guint64) get_number_or_zero (package, "openedBytes");
  for (guint i = 0; unopened != NULL && i < MIN (json_array_get_length (unopened), MOST_UNOPENED);
       i++)
    {
      JsonObject *one = json_array_get_object_element (unopened, i);
      g_autofree char *size = g_format_size ((guint64) get_number_or_zero (one, "bytes"));

      g_ptr_array_add (self->unopened, g_strdup_printf ("%s %s", get_text (one, "path"), size));
    }
}

static void
read_summary (KelvinInitCode *self, JsonObject *summary)
{
  self->n_modules = (guint) get_number_or_zero (summary, "modules");
  self->n_starts = (guint) get_number_or_zero (summary, "starts");
  self->accounted_ms = get_number_or_zero (summary, "accountedMs");
  self->hook_percent = get_number (summary, "hookCostPercent");
  self->problem = g_strdup (get_text (summary, "problem"));
  read_package (self, get_object (summary, "package"));
}

KelvinInitCode *
kelvin_init_code_new (JsonObject *profile)
{
  JsonArray *imports = get_array (profile, "imports");
  JsonObject *summary = get_object (profile, "importProfile");

  if (imports == NULL || summary == NULL)
    return NULL;

  KelvinInitCode *self = g_new0 (KelvinInitCode, 1);
  g_autoptr (GArray) roots = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) nodes = make_nodes (imports, get_array (summary, "topLevel"), roots);
  self->parts = g_array_new (FALSE, TRUE, sizeof (KelvinInitPart));
  g_array_set_clear_func (self->parts, clear_part);
  self->unopened = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < roots->len; i++)
    add_tree (self, nodes, g_array_index (roots, int, i), -1, 0);
  find_insides (self);
  read_summary (self, summary);
  return self;
}

void
kelvin_init_code_free (KelvinInitCode *self)
{
  g_array_unref (self->parts);
  g_ptr_array_unref (self->unopened);
  g_free (self->problem);
  g_free (self);
}

static KelvinLineCost *
find_cost (GArray *costs, const char *file, guint line)
{
  for (guint i = 0; i < costs->len; i++)
    if (g_array_index (costs, KelvinLineCost, i).line == line &&
        g_strcmp0 (g_array_index (costs, KelvinLineCost, i).file, file) == 0)
      return &g_array_index (costs, KelvinLineCost, i);
  return NULL;
}

GArray *
kelvin_init_code_get_line_costs (const KelvinInitCode *self)
{
  GArray *costs = g_array_new (FALSE, FALSE, sizeof (KelvinLineCost));

  for (guint i = 0; i < self->parts->len; i++)
    {
      const KelvinInitPart *part = &g_array_index (self->parts, KelvinInitPart, i);
      KelvinLineCost cost = { part->file, part->statement, part->line,
                              part->end_ms - part->start_ms };

      if (part->statement == NULL || part->file == NULL)
        continue;
      KelvinLineCost *known = find_cost (costs, part->file, part->line);
      if (known != NULL)
        known->ms += cost.ms;
      else
        g_array_append_val (costs, cost);
    }
  return costs;
}
