#include "engine/analysis/package-use.h"

#include <string.h>

#include "engine/analysis/import-profile.h"
#include "engine/model/json-member.h"

#define MOST_UNOPENED 1000
#define CACHE_FOLDER "__pycache__/"

/* A folder or file in which nothing was opened. */
typedef struct {
  char *path;
  guint files;
  gint64 bytes;
} Unopened;

KelvinPackageFile *
kelvin_package_file_new (const char *path, gint64 bytes)
{
  KelvinPackageFile *self = g_new0 (KelvinPackageFile, 1);

  self->path = g_strdup (path);
  self->bytes = bytes;
  return self;
}

void
kelvin_package_file_free (KelvinPackageFile *self)
{
  g_free (self->path);
  g_free (self);
}

static void
unopened_free (gpointer data)
{
  Unopened *self = data;

  g_free (self->path);
  g_free (self);
}

/* "a/__pycache__/b.cpython-311.pyc" and "a/b.py" are the same module. */
static char *
get_source_path (const char *path)
{
  const char *cache = strstr (path, CACHE_FOLDER);

  if (cache == NULL || !g_str_has_suffix (path, ".pyc"))
    return g_strdup (path);

  const char *name = cache + strlen (CACHE_FOLDER);
  return g_strdup_printf ("%.*s%.*s.py", (int) (cache - path), path, (int) strcspn (name, "."),
                          name);
}

/* All folders above a path, and itself. */
static void
add_with_folders (GHashTable *set, const char *path)
{
  for (const char *slash = strchr (path, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    g_hash_table_add (set, g_strndup (path, slash - path));
  g_hash_table_add (set, g_strdup (path));
}

static GHashTable *
collect_opened (GPtrArray *opened)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < opened->len; i++)
    {
      const char *inside = kelvin_file_in_function (opened->pdata[i]);
      g_autofree char *source = get_source_path (inside);

      if (inside != opened->pdata[i])
        add_with_folders (set, source);
    }
  return set;
}

/* The highest folder of @path in which nothing was opened; @path itself in the last resort. */
static char *
find_unopened (GHashTable *opened, const char *path)
{
  for (const char *slash = strchr (path, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      g_autofree char *folder = g_strndup (path, slash - path);

      if (!g_hash_table_contains (opened, folder))
        return g_steal_pointer (&folder);
    }
  return g_strdup (path);
}

static int
compare_bytes (gconstpointer a, gconstpointer b)
{
  const Unopened *first = *(const Unopened *const *) a;
  const Unopened *second = *(const Unopened *const *) b;

  return (second->bytes > first->bytes) - (second->bytes < first->bytes);
}

static JsonArray *
describe_unopened (GPtrArray *unopened)
{
  JsonArray *array = json_array_new ();

  g_ptr_array_sort (unopened, compare_bytes);
  for (guint i = 0; i < MIN (unopened->len, MOST_UNOPENED); i++)
    {
      const Unopened *one = unopened->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "path", one->path);
      json_object_set_int_member (object, "files", one->files);
      json_object_set_int_member (object, "bytes", one->bytes);
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
add_unopened (GPtrArray *list, GHashTable *by_path, char *path, gint64 bytes)
{
  Unopened *one = g_hash_table_lookup (by_path, path);

  if (one == NULL)
    {
      one = g_new0 (Unopened, 1);
      one->path = g_strdup (path);
      g_ptr_array_add (list, one);
      g_hash_table_insert (by_path, one->path, one);
    }
  one->files++;
  one->bytes += bytes;
}

JsonNode *
kelvin_package_use_to_json (GPtrArray *files, GPtrArray *opened)
{
  g_autoptr (GHashTable) set = collect_opened (opened);
  g_autoptr (GPtrArray) unopened = g_ptr_array_new_with_free_func (unopened_free);
  g_autoptr (GHashTable) by_path = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 bytes = 0, opened_bytes = 0;
  guint n_opened = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const KelvinPackageFile *file = files->pdata[i];
      g_autofree char *source = get_source_path (file->path);

      bytes += file->bytes;
      if (g_hash_table_contains (set, source))
        {
          n_opened++;
          opened_bytes += file->bytes;
          continue;
        }
      g_autofree char *place = find_unopened (set, file->path);
      add_unopened (unopened, by_path, place, file->bytes);
    }

  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "files", files->len);
  json_object_set_int_member (object, "bytes", bytes);
  json_object_set_int_member (object, "openedFiles", n_opened);
  json_object_set_int_member (object, "openedBytes", opened_bytes);
  json_object_set_array_member (object, "unopened", describe_unopened (unopened));
  return kelvin_json_take_object (object);
}
