#include "app/import-report.h"

#include <math.h>

#include "app/output.h"
#include "app/table.h"

/* The table names what is worth looking at; the tree leaves out what nobody would see. */
#define MOST_ROWS 15
#define MOST_TREE_ROWS 60
#define LEAST_TREE_SHARE 0.01
#define DEEPEST_INDENT 12

typedef struct {
  JsonObject *object;
  int index;
} Row;

static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static gboolean
get_flag (JsonObject *object, const char *name)
{
  return json_object_get_boolean_member_with_default (object, name, FALSE);
}

static gboolean
is_counted (JsonObject *import)
{
  return !get_flag (import, "inHandler") && !get_flag (import, "inThread");
}

static int
compare_self (gconstpointer a, gconstpointer b)
{
  double first = get_number (((const Row *) a)->object, "selfMs");
  double second = get_number (((const Row *) b)->object, "selfMs");

  return (second > first) - (second < first);
}

static int
compare_start (gconstpointer a, gconstpointer b)
{
  double first = get_number (((const Row *) a)->object, "startMs");
  double second = get_number (((const Row *) b)->object, "startMs");

  return (first > second) - (first < second);
}

static GArray *
collect_rows (JsonArray *imports, int (*compare) (gconstpointer, gconstpointer))
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint i = 0; i < json_array_get_length (imports); i++)
    {
      Row row = { json_array_get_object_element (imports, i), (int) i };

      if (is_counted (row.object))
        g_array_append_val (rows, row);
    }
  g_array_sort (rows, compare);
  return rows;
}

/* "yours, app.py line 3", "json/decoder.py line 5" */
static char *
format_importer (JsonObject *import)
{
  const char *importer = get_text (import, "importedBy");
  double line = get_number (import, "line");

  if (importer == NULL || g_strcmp0 (get_text (import, "importedByWhose"), "runtime") == 0)
    return g_strdup ("the handler");
  return g_strdup_printf ("%s%s line %.0f",
                          g_strcmp0 (get_text (import, "importedByWhose"), "own") == 0 ? "yours, "
                                                                                       : "",
                          importer, isnan (line) ? 0 : line);
}

/* What of a module is worth a word. */
static char *
format_remark (JsonObject *import)
{
  if (get_flag (import, "failed"))
    return g_strdup ("failed");
  if (get_flag (import, "compiled"))
    return g_strdup_printf ("compiled, %.2f ms", get_number (import, "compileMs"));
  return g_strdup (get_text (import, "kind"));
}

static char *
format_memory (JsonObject *import)
{
  double bytes = get_number (import, "memoryBytes");

  return isnan (bytes) ? g_strdup ("–") : g_strdup_printf ("%.1f", bytes / (1024 * 1024));
}

static void
print_table (JsonArray *imports)
{
  g_autoptr (GArray) rows = collect_rows (imports, compare_self);
  g_autoptr (KelvinTable) table = kelvin_table_new ("lrrrlll");

  kelvin_table_add (table, "module", "self ms", "with its own", "MB ~", "whose", "imported by",
                    "code", NULL);
  for (guint i = 0; i < MIN (rows->len, MOST_ROWS); i++)
    {
      JsonObject *import = g_array_index (rows, Row, i).object;
      g_autofree char *self_ms = g_strdup_printf ("%.2f", get_number (import, "selfMs"));
      g_autofree char *all_ms = g_strdup_printf ("%.2f", get_number (import, "cumulativeMs"));
      g_autofree char *memory = format_memory (import);
      g_autofree char *importer = format_importer (import);
      g_autofree char *remark = format_remark (import);

      kelvin_table_add (table, get_text (import, "name"), self_ms, all_ms, memory,
                        get_text (import, "whose"), importer, remark, NULL);
    }
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  if (rows->len > MOST_ROWS)
    kelvin_print ("and %u more\n", rows->len - MOST_ROWS);
}

static guint
get_depth (JsonArray *imports, int index)
{
  guint depth = 0;

  while ((index = (int) json_object_get_int_member (json_array_get_object_element (imports, index),
                                                    "parentIndex")) >= 0)
    depth++;
  return depth;
}

static guint
print_children (JsonArray *imports, GArray *rows, int parent, double least_ms, guint left)
{
  for (guint i = 0; i < rows->len && left > 0; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      guint indent = MIN (get_depth (imports, row->index), DEEPEST_INDENT) * 2;

      if (json_object_get_int_member (row->object, "parentIndex") != parent ||
          get_number (row->object, "cumulativeMs") < least_ms)
        continue;
      kelvin_print ("%9.2f %9.2f  %*s%s\n", get_number (row->object, "cumulativeMs"),
                    get_number (row->object, "selfMs"), (int) indent, "",
                    get_text (row->object, "name"));
      left = print_children (imports, rows, row->index, least_ms, left - 1);
    }
  return left;
}

static void
print_tree (JsonArray *imports, double all_ms)
{
  g_autoptr (GArray) rows = collect_rows (imports, compare_start);
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, "  with own      self  in order");

  kelvin_print ("\n%s\n", title);
  if (print_children (imports, rows, -1, all_ms * LEAST_TREE_SHARE, MOST_TREE_ROWS) == 0)
    kelvin_print ("                     …\n");
}

static void
print_package (JsonObject *package)
{
  JsonArray *unopened = json_object_get_array_member (package, "unopened");
  double bytes = get_number (package, "bytes");
  double opened = get_number (package, "openedBytes");

  kelvin_print ("\nnever opened  %.2f of %.2f MB, in init and one event", (bytes - opened) / 1e6,
                bytes / 1e6);
  for (guint i = 0; i < MIN (json_array_get_length (unopened), 5); i++)
    {
      JsonObject *one = json_array_get_object_element (unopened, i);

      kelvin_print ("%s%s %.2f MB", i == 0 ? ": " : ", ", get_text (one, "path"),
                    get_number (one, "bytes") / 1e6);
    }
  kelvin_print ("\n");
}

static void
print_top_level (JsonObject *summary)
{
  JsonArray *stretches = json_object_get_array_member (summary, "topLevel");
  double sum_ms = 0;

  for (guint i = 0; i < json_array_get_length (stretches); i++)
    sum_ms += get_number (json_array_get_object_element (stretches, i), "selfMs");
  kelvin_print ("\nown top-level code  %.2f ms, part of the modules' self times\n", sum_ms);
}

static void
print_head (JsonObject *summary)
{
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, "init code, by import");
  double starts = get_number (summary, "starts");
  double percent = get_number (summary, "hookCostPercent");

  kelvin_print ("\n%s  one of %.0f recorded cold starts, which aren't counted above: %.0f modules, "
                "%.1f ms; recording cost %.1f %%\n",
                title, starts, get_number (summary, "modules"), get_number (summary, "accountedMs"),
                isnan (percent) ? 0 : percent);
}

void
kelvin_import_report_print (JsonObject *profile)
{
  if (!json_object_has_member (profile, "imports"))
    return;

  JsonArray *imports = json_object_get_array_member (profile, "imports");
  JsonObject *summary = json_object_get_object_member (profile, "importProfile");
  const char *problem = get_text (summary, "problem");

  if (json_array_get_length (imports) > 0)
    {
      print_head (summary);
      print_table (imports);
      print_top_level (summary);
      print_tree (imports, get_number (summary, "accountedMs"));
    }
  if (json_object_has_member (summary, "package"))
    print_package (json_object_get_object_member (summary, "package"));
  if (problem != NULL)
    kelvin_print ("\nimports    %s\n", problem);
}
