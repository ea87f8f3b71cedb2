#include "engine/analysis/import-report.h"

#include <string.h>

#include "engine/model/json-text.h"

#define LONGEST_PATH 4096
#define LONGEST_NAME 512
#define MOST_DOCUMENTS 4
#define DEPTH 6
/* No start takes longer: init and handler have limits of minutes. */
#define LONGEST_NS (G_GINT64_CONSTANT (3600) * 1000000000)

G_DEFINE_QUARK (kelvin - import - error - quark, kelvin_import_error)

/* The places in the array that stands for an import, as the bootstraps write it. */
typedef enum {
  AT_NAME,
  AT_PARENT,
  AT_START,
  AT_END,
  AT_LOADED,
  AT_COMPILE,
  AT_KIND,
  AT_FILE,
  AT_SIZE,
  AT_IMPORTER,
  AT_LINE,
  AT_MEMORY,
  AT_FAILED,
  AT_IN_THREAD,
  N_PLACES,
} Place;

static void
import_clear (gpointer data)
{
  KelvinImport *import = data;

  g_free (import->name);
  g_free (import->file);
  g_free (import->importer);
  g_free (import->statement);
}

static KelvinImportReport *
report_new (void)
{
  KelvinImportReport *self = g_new0 (KelvinImportReport, 1);

  self->imports = g_array_new (FALSE, TRUE, sizeof (KelvinImport));
  g_array_set_clear_func (self->imports, import_clear);

  return self;
}

void
kelvin_import_report_free (KelvinImportReport *self)
{
  g_array_unref (self->imports);
  g_clear_pointer (&self->opened, g_ptr_array_unref);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, KELVIN_IMPORT_ERROR, KELVIN_IMPORT_ERROR_MALFORMED,
               "What the function told of its imports can't be read: %s", what);
  return FALSE;
}

/* --- values: what isn't of its type counts as unknown --- */

static gint64
get_int (JsonArray *array, guint index, gint64 unless)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : unless;
}

static gboolean
get_flag (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

/* NULL for what is no text, or too long. */
static char *
dup_text (JsonNode *node, gsize longest)
{
  const char *text =
      JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
          ? json_node_get_string (node)
          : NULL;

  return text != NULL && strlen (text) <= longest * 4 ? g_strdup (text) : NULL;
}

static const char *
intern_kind (JsonNode *node)
{
  static const char *const kinds[] = { "source",    "byte-code", "native", "built-in",
                                       "frozen",    "namespace", "other",  "commonjs",
                                       "es-module", "json",      "wasm" };
  g_autofree char *text = dup_text (node, LONGEST_NAME);

  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i], text) == 0)
      return kinds[i];
  return "other";
}

static KelvinImportFlags
read_flags (JsonArray *array)
{
  KelvinImportFlags flags = 0;

  if (get_flag (array, AT_FAILED))
    flags |= KELVIN_IMPORT_FAILED;
  if (get_flag (array, AT_IN_THREAD))
    flags |= KELVIN_IMPORT_IN_THREAD;
  if (get_int (array, AT_COMPILE, 0) > 0)
    flags |= KELVIN_IMPORT_COMPILED;
  return flags;
}

static KelvinImport
read_import (JsonArray *array)
{
  KelvinImport import = {
    .name = dup_text (json_array_get_element (array, AT_NAME), LONGEST_NAME),
    .parent = (int) CLAMP (get_int (array, AT_PARENT, -1), -1, G_MAXINT),
    .start_ns = CLAMP (get_int (array, AT_START, 0), 0, LONGEST_NS),
    .end_ns = CLAMP (get_int (array, AT_END, 0), 0, LONGEST_NS),
    .loaded_ns = CLAMP (get_int (array, AT_LOADED, 0), 0, LONGEST_NS),
    .compile_ns = CLAMP (get_int (array, AT_COMPILE, 0), 0, LONGEST_NS),
    .kind = intern_kind (json_array_get_element (array, AT_KIND)),
    .file = dup_text (json_array_get_element (array, AT_FILE), LONGEST_PATH),
    .size_bytes = MAX (get_int (array, AT_SIZE, -1), -1),
    .importer = dup_text (json_array_get_element (array, AT_IMPORTER), LONGEST_PATH),
    .line = (guint) CLAMP (get_int (array, AT_LINE, 0), 0, G_MAXINT),
    .memory_bytes = get_int (array, AT_MEMORY, G_MININT64),
    .flags = read_flags (array),
  };

  if (import.name == NULL)
    import.name = g_strdup ("?");
  return import;
}

/* --- the tree --- */

static KelvinImport *
get_import (KelvinImportReport *self, int index)
{
  return &g_array_index (self->imports, KelvinImport, index);
}

/* A module lies within the one that loaded it, whatever was told. */
static void
hold_within_parent (KelvinImportReport *self, KelvinImport *import)
{
  import->end_ns = MAX (import->end_ns, import->start_ns);
  if (import->parent >= 0)
    {
      const KelvinImport *parent = get_import (self, import->parent);

      import->start_ns = CLAMP (import->start_ns, parent->start_ns, parent->end_ns);
      import->end_ns = CLAMP (import->end_ns, import->start_ns, parent->end_ns);
    }
  if (import->loaded_ns > 0)
    import->loaded_ns = CLAMP (import->loaded_ns, import->start_ns, import->end_ns);
}

static gboolean
is_package_of (const KelvinImport *package, const KelvinImport *module)
{
  gsize length = strlen (package->name);

  return g_str_has_prefix (module->name, package->name) && module->name[length] == '.';
}

/* The import system loads the packages that a module is in from within the import of that module,
 * before it looks for the module itself. Whoever reads a tree means them to come before it. */
static void
put_packages_first (KelvinImportReport *self)
{
  for (guint i = 0; i < self->imports->len; i++)
    {
      KelvinImport *import = get_import (self, (int) i);
      KelvinImport *parent = import->parent >= 0 ? get_import (self, import->parent) : NULL;

      if (parent == NULL || !is_package_of (import, parent) ||
          (parent->loaded_ns > 0 && parent->loaded_ns < import->end_ns))
        continue;
      parent->start_ns = MAX (parent->start_ns, import->end_ns);
      if (parent->memory_bytes != G_MININT64 && import->memory_bytes != G_MININT64)
        parent->memory_bytes -= import->memory_bytes;
      import->parent = parent->parent;
    }
}

static void
compute_self_times (KelvinImportReport *self)
{
  for (guint i = 0; i < self->imports->len; i++)
    {
      KelvinImport *import = get_import (self, (int) i);

      import->self_ns = import->end_ns - import->start_ns;
      import->loading_ns = MAX (import->loaded_ns - import->start_ns, 0);
    }
  for (guint i = 0; i < self->imports->len; i++)
    {
      const KelvinImport *import = get_import (self, (int) i);

      if (import->parent < 0)
        continue;
      KelvinImport *parent = get_import (self, import->parent);
      parent->self_ns -= import->end_ns - import->start_ns;
      if (import->start_ns < parent->loaded_ns)
        parent->loading_ns -= import->end_ns - import->start_ns;
    }
  for (guint i = 0; i < self->imports->len; i++)
    {
      KelvinImport *import = get_import (self, (int) i);

      import->self_ns = MAX (import->self_ns, 0);
      import->loading_ns = CLAMP (import->loading_ns, 0, import->self_ns);
    }
}

static gboolean
check_depth (KelvinImportReport *self, GError **error)
{
  g_autofree guint *depths = g_new0 (guint, self->imports->len + 1);

  for (guint i = 0; i < self->imports->len; i++)
    {
      int parent = get_import (self, (int) i)->parent;

      depths[i] = parent < 0 ? 0 : depths[parent] + 1;
      if (depths[i] > KELVIN_DEEPEST_IMPORT)
        return refuse (error, "its imports are nested too deep");
    }
  return TRUE;
}

/* --- documents --- */

static gboolean
read_imports (KelvinImportReport *self, JsonArray *array, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonArray *places = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (self->imports->len == KELVIN_MOST_IMPORTS)
        {
          self->full = TRUE;
          return TRUE;
        }
      if (places == NULL || json_array_get_length (places) != N_PLACES)
        return refuse (error, "an import isn't told as it should be");

      KelvinImport import = read_import (places);
      if (import.parent >= (int) self->imports->len)
        {
          import_clear (&import);
          return refuse (error, "an import began before the one that it is part of");
        }
      hold_within_parent (self, &import);
      g_array_append_val (self->imports, import);
    }
  return TRUE;
}

static void
read_opened (KelvinImportReport *self, JsonArray *array)
{
  if (self->opened == NULL)
    self->opened = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < json_array_get_length (array) && self->opened->len < KELVIN_MOST_IMPORTS;
       i++)
    {
      char *path = dup_text (json_array_get_element (array, i), LONGEST_PATH);

      if (path != NULL)
        g_ptr_array_add (self->opened, path);
    }
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gint64
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : 0;
}

static gboolean
read_document (KelvinImportReport *self, const char *text, gsize length, guint number,
               GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (JsonNode) node = kelvin_json_parse (text, length, DEPTH, &problem);

  if (node == NULL)
    return refuse (error, problem->message);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "it is no object");

  JsonObject *object = json_node_get_object (node);
  JsonArray *imports = get_array (object, "imports");
  guint known = self->imports->len;

  if (imports == NULL)
    return refuse (error, "it has no list of imports");
  if (!read_imports (self, imports, error))
    return FALSE;
  /* The first document comes when init is over. */
  for (guint i = known; number > 0 && i < self->imports->len; i++)
    get_import (self, (int) i)->flags |= KELVIN_IMPORT_IN_HANDLER;
  if (get_array (object, "opened") != NULL)
    read_opened (self, get_array (object, "opened"));
  if (number == 0)
    self->cost_ns = CLAMP (get_number (object, "costNs"), 0, G_USEC_PER_SEC);
  return TRUE;
}

static gboolean
read_documents (KelvinImportReport *self, const guint8 *data, gsize length, GError **error)
{
  for (guint number = 0; length > 0; number++)
    {
      guint32 size = 0;

      if (number == MOST_DOCUMENTS || length < sizeof size)
        return refuse (error, "it doesn't end where it should");
      memcpy (&size, data, sizeof size);
      size = GUINT32_FROM_LE (size);
      if (size > length - sizeof size)
        /* The last one was cut off, as by the end of its process: what was whole counts. */
        return number > 0 || refuse (error, "it was cut off");
      if (!read_document (self, (const char *) data + sizeof size, size, number, error))
        return FALSE;
      data += sizeof size + size;
      length -= sizeof size + size;
    }
  return TRUE;
}

KelvinImportReport *
kelvin_import_report_parse (GBytes *bytes, GError **error)
{
  gsize length = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;
  g_autoptr (KelvinImportReport) self = report_new ();

  if (length == 0)
    {
      g_set_error_literal (error, KELVIN_IMPORT_ERROR, KELVIN_IMPORT_ERROR_NONE,
                           "The function ended before its imports could be told");
      return NULL;
    }
  if (!read_documents (self, data, length, error) || !check_depth (self, error))
    return NULL;
  put_packages_first (self);
  compute_self_times (self);
  return g_steal_pointer (&self);
}

gint64
kelvin_import_report_get_init_ns (KelvinImportReport *self)
{
  gint64 sum = 0;

  for (guint i = 0; i < self->imports->len; i++)
    {
      const KelvinImport *import = get_import (self, (int) i);

      if ((import->flags & (KELVIN_IMPORT_IN_THREAD | KELVIN_IMPORT_IN_HANDLER)) == 0)
        sum += import->self_ns;
    }
  return sum;
}
