#include "engine/model/function.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/fd.h"
#include "engine/model/function-private.h"
#include "engine/model/json-text.h"

#define LARGEST_DOCUMENT (1024 * 1024)
#define DEEPEST_DOCUMENT 64

G_DEFINE_FINAL_TYPE (KelvinFunction, kelvin_function, G_TYPE_OBJECT)
G_DEFINE_QUARK (kelvin_function_error, kelvin_function_error)

static void
kelvin_function_finalize (GObject *object)
{
  KelvinFunction *self = KELVIN_FUNCTION (object);

  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->runtime, g_free);
  g_clear_pointer (&self->handler, g_free);
  g_clear_pointer (&self->description, g_free);
  g_clear_pointer (&self->architecture, g_free);
  g_clear_pointer (&self->network, g_free);
  g_clear_pointer (&self->doors, g_ptr_array_unref);
  g_clear_pointer (&self->variables, g_hash_table_unref);
  g_clear_pointer (&self->layers, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);

  G_OBJECT_CLASS (kelvin_function_parent_class)->finalize (object);
}

static void
kelvin_function_class_init (KelvinFunctionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_function_finalize;
}

static void
kelvin_function_init (KelvinFunction *self)
{
  self->memory_size_mb = 128;
  self->timeout_s = 3;
  self->reserved_concurrency = -1;
  self->ephemeral_storage_mb = 512;
  self->network = g_strdup ("none");
  self->doors = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_door_free);
  self->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->layers = g_ptr_array_new_with_free_func (g_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
}

static char *
resolve (const char *dir)
{
  char *resolved = realpath (dir, NULL);
  if (resolved == NULL)
    return g_canonicalize_filename (dir, NULL);

  char *copy = g_strdup (resolved);
  free (resolved);
  return copy;
}

static KelvinFunction *
new_in (const char *dir)
{
  KelvinFunction *self = g_object_new (KELVIN_TYPE_FUNCTION, NULL);

  self->dir = resolve (dir);
  self->file = g_build_filename (self->dir, "function.json", NULL);
  return self;
}

static void
set_not_found (const KelvinFunction *self, GError **error)
{
  const char *named = self->file;
  const char *what = "there is no such file; a function is a folder with a function.json";

  if (!g_file_test (self->dir, G_FILE_TEST_EXISTS))
    {
      named = self->dir;
      what = "there is no such folder";
    }
  else if (!g_file_test (self->dir, G_FILE_TEST_IS_DIR))
    {
      named = self->dir;
      what = "not a folder; a function is a folder with a function.json";
    }

  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_NOT_FOUND, "%s: %s", named,
               what);
}

static void
set_unreadable (const KelvinFunction *self, int saved_errno, GError **error)
{
  if (saved_errno == ENOENT || saved_errno == ENOTDIR)
    set_not_found (self, error);
  else
    g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNREADABLE,
                 "%s: cannot be read: %s", self->file, g_strerror (saved_errno));
}

/* Not g_file_get_contents: a pipe or an endless file in its place must not hold the caller up. */
static GString *
read_file (const KelvinFunction *self, GError **error)
{
  g_auto (KelvinFd) fd = open (self->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info;
  if (fd < 0 || fstat (fd, &info) != 0)
    {
      set_unreadable (self, errno, error);
      return NULL;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNREADABLE,
                   "%s: not a regular file", self->file);
      return NULL;
    }

  g_autoptr (GString) text = g_string_sized_new ((gsize) MIN (info.st_size, LARGEST_DOCUMENT) + 1);
  char buffer[4096];
  gssize n;
  while ((n = read (fd, buffer, sizeof buffer)) != 0 && text->len <= LARGEST_DOCUMENT)
    {
      if (n > 0)
        g_string_append_len (text, buffer, n);
      else if (errno != EINTR)
        {
          set_unreadable (self, errno, error);
          return NULL;
        }
    }

  return g_steal_pointer (&text);
}

static JsonNode *
parse_document (const KelvinFunction *self, const char *json, gsize length, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (length > LARGEST_DOCUMENT)
    {
      g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED,
                   "%s: larger than 1 MB, which no function.json needs to be", self->file);
      return NULL;
    }

  g_autoptr (JsonNode) node = kelvin_json_parse (json, length, DEEPEST_DOCUMENT, &problem);
  if (node == NULL)
    {
      g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED, "%s: %s",
                   self->file, problem->message);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_MALFORMED,
                   "%s: line 1, column 1: it must be an object: { … }", self->file);
      return NULL;
    }

  return g_steal_pointer (&node);
}

static gboolean
fill (KelvinFunction *self, const char *json, gsize length, GError **error)
{
  g_autoptr (JsonNode) node = parse_document (self, json, length, error);

  if (node == NULL || !kelvin_function_read_document (self, json_node_get_object (node), error))
    return FALSE;

  if (self->description == NULL)
    self->description = g_strdup ("");
  if (self->architecture == NULL)
    self->architecture = g_strdup ("x86_64");
  g_ptr_array_add (self->layers, NULL);
  g_ptr_array_add (self->warnings, NULL);
  self->text = kelvin_json_to_text (node, KELVIN_JSON_PRETTY);
  return TRUE;
}

KelvinFunction *
kelvin_function_load (const char *dir, GError **error)
{
  g_return_val_if_fail (dir != NULL, NULL);

  g_autoptr (KelvinFunction) self = new_in (dir);
  g_autoptr (GString) json = read_file (self, error);

  if (json == NULL || !fill (self, json->str, json->len, error))
    return NULL;

  return g_steal_pointer (&self);
}

KelvinFunction *
kelvin_function_parse (const char *dir, const char *json, gssize length, GError **error)
{
  g_return_val_if_fail (dir != NULL && json != NULL, NULL);

  g_autoptr (KelvinFunction) self = new_in (dir);
  gsize bytes = length >= 0 ? (gsize) length : strlen (json);

  return fill (self, json, bytes, error) ? g_steal_pointer (&self) : NULL;
}

const char *
kelvin_function_get_dir (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->dir;
}

const char *
kelvin_function_get_name (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->name;
}

const char *
kelvin_function_get_runtime (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->runtime;
}

KelvinRuntimeFamily
kelvin_function_get_runtime_family (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), KELVIN_RUNTIME_PROVIDED);

  return self->family;
}

const char *
kelvin_function_get_handler (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->handler;
}

const char *
kelvin_function_get_description (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->description;
}

const char *
kelvin_function_get_architecture (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->architecture;
}

guint
kelvin_function_get_memory_size_mb (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), 0);

  return self->memory_size_mb;
}

guint
kelvin_function_get_timeout_s (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), 0);

  return self->timeout_s;
}

guint
kelvin_function_get_ephemeral_storage_mb (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), 0);

  return self->ephemeral_storage_mb;
}

gboolean
kelvin_function_get_system_packages (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), FALSE);

  return self->system_packages;
}

guint
kelvin_function_get_provisioned_concurrency (KelvinFunction *self)
{
  return self->provisioned_concurrency;
}

int
kelvin_function_get_reserved_concurrency (KelvinFunction *self)
{
  return self->reserved_concurrency;
}

const char *
kelvin_function_get_network (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->network;
}

GPtrArray *
kelvin_function_get_doors (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->doors;
}

GHashTable *
kelvin_function_get_variables (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return self->variables;
}

const char *const *
kelvin_function_get_layers (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return (const char *const *) self->layers->pdata;
}

const char *const *
kelvin_function_get_warnings (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return (const char *const *) self->warnings->pdata;
}

JsonNode *
kelvin_function_to_json (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return kelvin_json_parse (self->text, strlen (self->text), DEEPEST_DOCUMENT, NULL);
}

char *
kelvin_function_to_text (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  return g_strdup (self->text);
}
