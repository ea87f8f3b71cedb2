#include "engine/advice-variants.h"

#include <string.h>
#include <sys/stat.h>

#include "engine/environment/code-copy.h"
#include "engine/variant-code.h"

/* So many single imports are tried; all that can be are tried together. */
#define MOST_SINGLE 4
#define LEAST_MS 0.3
#define LEAST_ALL_MS 0.05
#define LEAST_COMPILE_MS 0.3
#define LEAST_UNOPENED_BYTES 4096
#define LONGEST_TRIAL_S (24 * 60 * 60)

/* An import statement of the person's own, and what it loads. */
typedef struct {
  char *file;
  guint line;
  char *name; /* of what it loads first */
  double ms;
} Statement;

typedef struct {
  KelvinTarget *target;
  KelvinImportProfile *imports; /* the caller's, which waits */
  KelvinPriceTable *price_table;
  char *data_dir;

  KelvinVariants *made;
  GArray *statements;        /* of Statement, the costliest first */
  KelvinAdvice *all_imports; /* nullable; of made */
} Making;

static void
clear_statement (gpointer data)
{
  Statement *statement = data;

  g_free (statement->file);
  g_free (statement->name);
}

static void
making_free (gpointer data)
{
  Making *self = data;

  kelvin_target_unref (self->target);
  g_clear_pointer (&self->made, kelvin_variants_free);
  g_array_unref (self->statements);
  g_free (self->data_dir);
  g_free (self);
}

static void
variant_free (gpointer data)
{
  KelvinVariant *variant = data;

  g_clear_pointer (&variant->advice, kelvin_advice_free);
  g_clear_pointer (&variant->target, kelvin_target_unref);
  g_free (variant);
}

void
kelvin_variants_free (KelvinVariants *self)
{
  g_ptr_array_unref (self->variants);
  if (self->folder != NULL)
    kelvin_code_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self);
}

static KelvinVariant *
add_variant (Making *self, KelvinAdvice *advice)
{
  KelvinVariant *variant = g_new0 (KelvinVariant, 1);

  variant->advice = advice;
  g_ptr_array_add (self->made->variants, variant);
  return variant;
}

static char *
get_code_folder (Making *self)
{
  return g_strdup_printf ("%s/%u", self->made->folder, self->made->variants->len);
}

/* What can't be made isn't tried, and says why. */
static void
set_target (Making *self, KelvinVariant *variant, const char *folder, GError *problem)
{
  if (problem == NULL)
    variant->target =
        kelvin_target_new_variant (self->target, NULL, folder, self->made->variants->len);
  else if (variant->advice->remark == NULL)
    variant->advice->remark = g_strdup (problem->message);
  g_clear_error (&problem);
}

/* --- imports that can wait --- */

static Statement *
find_statement (GArray *statements, const char *file, guint line)
{
  for (guint i = 0; i < statements->len; i++)
    {
      Statement *statement = &g_array_index (statements, Statement, i);

      if (statement->line == line && strcmp (statement->file, file) == 0)
        return statement;
    }
  return NULL;
}

static int
compare_statements (gconstpointer a, gconstpointer b)
{
  double first = ((const Statement *) a)->ms, second = ((const Statement *) b)->ms;

  return (second > first) - (second < first);
}

static void
add_statement (Making *self, const KelvinImport *import)
{
  const char *file = kelvin_file_in_function (import->importer);
  double ms = (double) (import->end_ns - import->start_ns) / 1e6;
  Statement *known = find_statement (self->statements, file, import->line);
  Statement statement = { NULL, import->line, NULL, ms };

  if (known != NULL)
    {
      known->ms += ms;
      return;
    }
  statement.file = g_strdup (file);
  statement.name = g_strdup (import->name);
  g_array_append_val (self->statements, statement);
}

static void
collect_statements (Making *self)
{
  GArray *imports = self->imports->start->imports;
  KelvinImportFlags others =
      KELVIN_IMPORT_IN_THREAD | KELVIN_IMPORT_IN_HANDLER | KELVIN_IMPORT_FAILED;

  for (guint i = 0; i < imports->len; i++)
    {
      const KelvinImport *import = &g_array_index (imports, KelvinImport, i);

      if (import->statement != NULL && (import->flags & others) == 0 &&
          g_str_has_suffix (import->importer, ".py"))
        add_statement (self, import);
    }
  g_array_sort (self->statements, compare_statements);
}

/* (nullable): who applies a patch knows by it whether the file is still the same */
static char *
digest_file (Making *self, const char *file)
{
  g_autofree char *path =
      g_build_filename (kelvin_version_get_code_dir (self->target->version), file, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
}

static void
add_deferred (Making *self, const Statement *statement, const char *source)
{
  g_autofree char *title = g_strdup_printf ("Import %s where it is needed", statement->name);
  KelvinAdvice *advice = kelvin_advice_new (KELVIN_ADVICE_DEFER_IMPORT, title);
  KelvinVariant *variant = add_variant (self, advice);
  g_autofree char *folder = get_code_folder (self);
  GError *problem = NULL;

  advice->file = g_strdup (statement->file);
  advice->line = statement->line;
  g_autofree char *digest = digest_file (self, statement->file);
  kelvin_advice_add_patch (advice, statement->file, digest, source);
  kelvin_variant_copy_code (self->target, folder, advice, &problem);
  set_target (self, variant, folder, problem);
}

static void
add_kept (Making *self, const Statement *statement, const char *reason)
{
  g_autofree char *title = g_strdup_printf ("Import %s where it is needed", statement->name);
  KelvinAdvice *advice = kelvin_advice_new (KELVIN_ADVICE_DEFER_IMPORT, title);

  advice->file = g_strdup (statement->file);
  advice->line = statement->line;
  advice->remark = g_strdup_printf ("not tried: %s", reason);
  add_variant (self, advice);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* The answers for the statements of one file; @left: how many single ones may still be tried. */
static guint
take_answers (Making *self, const char *file, JsonObject *answers, guint left)
{
  JsonNode *node = json_object_get_member (answers, "lines");
  JsonObject *lines =
      node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *together = get_text (answers, "together");

  for (guint i = 0; lines != NULL && i < self->statements->len && left > 0; i++)
    {
      const Statement *statement = &g_array_index (self->statements, Statement, i);
      g_autofree char *line = g_strdup_printf ("%u", statement->line);
      JsonNode *one = json_object_get_member (lines, line);

      if (strcmp (statement->file, file) != 0 || statement->ms < LEAST_MS || one == NULL ||
          !JSON_NODE_HOLDS_OBJECT (one))
        continue;
      JsonObject *answer = json_node_get_object (one);
      if (get_text (answer, "source") != NULL)
        add_deferred (self, statement, get_text (answer, "source"));
      else
        add_kept (self, statement, get_text (answer, "reason"));
      left--;
    }
  g_autofree char *digest = digest_file (self, file);
  if (together != NULL)
    kelvin_advice_add_patch (self->all_imports, file, digest, together);
  return left;
}

static GArray *
get_lines (Making *self, const char *file)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->statements->len; i++)
    {
      const Statement *statement = &g_array_index (self->statements, Statement, i);

      if (strcmp (statement->file, file) == 0 && statement->ms >= LEAST_ALL_MS)
        g_array_append_val (lines, statement->line);
    }
  return lines;
}

static void
add_all_deferred (Making *self)
{
  guint n = self->made->variants->len;
  guint n_tried = 0;

  for (guint i = 0; i < n; i++)
    n_tried += ((KelvinVariant *) self->made->variants->pdata[i])->target != NULL;
  if (self->all_imports->patches->len == 0 || n_tried < 2)
    {
      g_clear_pointer (&self->all_imports, kelvin_advice_free);
      return;
    }

  KelvinVariant *variant = add_variant (self, self->all_imports);
  g_autofree char *folder = get_code_folder (self);
  GError *problem = NULL;
  self->all_imports->file =
      g_strdup (g_array_index (self->all_imports->patches, KelvinPatch, 0).file);
  kelvin_variant_copy_code (self->target, folder, self->all_imports, &problem);
  set_target (self, variant, folder, problem);
}

static void
defer_imports (Making *self)
{
  g_autoptr (GHashTable) asked = g_hash_table_new (g_str_hash, g_str_equal);
  guint left = MOST_SINGLE;

  collect_statements (self);
  self->all_imports =
      kelvin_advice_new (KELVIN_ADVICE_DEFER_IMPORTS, "Import where it is needed, all that can be");
  for (guint i = 0; i < self->statements->len; i++)
    {
      const char *file = g_array_index (self->statements, Statement, i).file;

      if (!g_hash_table_add (asked, (char *) file))
        continue;
      g_autoptr (GArray) lines = get_lines (self, file);
      g_autoptr (JsonNode) answers =
          lines->len > 0 ? kelvin_variant_ask_to_defer (self->target, file, lines, NULL) : NULL;
      if (answers != NULL && JSON_NODE_HOLDS_OBJECT (answers))
        left = take_answers (self, file, json_node_get_object (answers), left);
    }
  add_all_deferred (self);
}

/* --- byte code --- */

static double
get_compile_ms (Making *self)
{
  GArray *imports = self->imports->start->imports;
  gint64 sum_ns = 0;

  for (guint i = 0; i < imports->len; i++)
    {
      const KelvinImport *import = &g_array_index (imports, KelvinImport, i);

      if ((import->flags & KELVIN_IMPORT_IN_HANDLER) == 0 &&
          kelvin_import_profile_get_owner (self->imports, import->file) == KELVIN_OWNER_FUNCTION)
        sum_ns += import->compile_ns;
    }
  return (double) sum_ns / 1e6;
}

static KelvinAdvice *
add_byte_code (Making *self)
{
  KelvinAdvice *advice;
  GError *problem = NULL;

  if (get_compile_ms (self) < LEAST_COMPILE_MS)
    return NULL;
  advice = kelvin_advice_new (KELVIN_ADVICE_BYTE_CODE, "Ship compiled byte code");
  advice->remedy = g_strdup (
      "python -m compileall --invalidation-mode unchecked-hash . before the package is made");
  advice->remark = g_strdup ("of the function's own code; what runs here leaves caches out of its "
                             "copy, so it shows where the package is deployed");
  KelvinVariant *variant = add_variant (self, advice);
  g_autofree char *folder = get_code_folder (self);
  if (kelvin_variant_copy_code (self->target, folder, NULL, &problem))
    kelvin_variant_compile (self->target, folder, &problem);
  set_target (self, variant, folder, problem);
  return advice;
}

/* --- what is never opened --- */

/* (transfer full): of the function's own folder, without what lies in its dependencies */
static char **
get_unopened (Making *self, gint64 *out_bytes)
{
  JsonObject *package =
      self->imports->package != NULL ? json_node_get_object (self->imports->package) : NULL;
  JsonArray *unopened = package != NULL ? json_object_get_array_member (package, "unopened") : NULL;
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; unopened != NULL && i < json_array_get_length (unopened); i++)
    {
      JsonObject *one = json_array_get_object_element (unopened, i);

      *out_bytes += json_object_get_int_member (one, "bytes");
      g_strv_builder_add (paths, json_object_get_string_member (one, "path"));
    }
  return g_strv_builder_end (paths);
}

static void
add_left_out (Making *self)
{
  gint64 bytes = 0;
  g_auto (GStrv) paths = get_unopened (self, &bytes);
  GError *problem = NULL;

  if (bytes < LEAST_UNOPENED_BYTES)
    return;

  g_autofree char *size = g_format_size ((guint64) bytes);
  g_autofree char *title = g_strdup_printf ("Leave out what is never opened, %s", size);
  KelvinAdvice *advice = kelvin_advice_new (KELVIN_ADVICE_LEAVE_OUT, title);
  KelvinVariant *variant = add_variant (self, advice);
  g_autofree char *folder = get_code_folder (self);
  advice->remark = g_strdup ("tried with the function's own files; here a package is mounted, not "
                             "fetched, so what a smaller one saves on the service isn't in it");
  if (kelvin_variant_copy_code (self->target, folder, NULL, &problem))
    kelvin_variant_leave_out (folder, (const char *const *) paths);
  set_target (self, variant, folder, problem);
}

/* --- the rest --- */

/* Deferred imports and byte code, whose savings overlap. */
static void
add_together (Making *self, KelvinAdvice *byte_code)
{
  const KelvinAdvice *deferred = self->all_imports;
  GError *problem = NULL;

  for (guint i = 0; deferred == NULL && i < self->made->variants->len; i++)
    {
      const KelvinVariant *variant = self->made->variants->pdata[i];

      if (variant->target != NULL && variant->advice->kind == KELVIN_ADVICE_DEFER_IMPORT)
        deferred = variant->advice;
    }
  if (deferred == NULL || byte_code == NULL)
    return;

  KelvinAdvice *advice = kelvin_advice_new (KELVIN_ADVICE_TOGETHER, "The two together");
  KelvinVariant *variant = add_variant (self, advice);
  g_autofree char *folder = get_code_folder (self);
  advice->file = g_strdup (deferred->file);
  for (guint i = 0; i < deferred->patches->len; i++)
    {
      const KelvinPatch *patch = &g_array_index (deferred->patches, KelvinPatch, i);

      kelvin_advice_add_patch (advice, patch->file, patch->of_digest, patch->text);
    }
  if (kelvin_variant_copy_code (self->target, folder, advice, &problem))
    kelvin_variant_compile (self->target, folder, &problem);
  set_target (self, variant, folder, problem);
}

static void
add_provisioned (Making *self)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  gint64 month = kelvin_price_table_provisioned_month (
      self->price_table, kelvin_function_get_memory_size_mb (function),
      kelvin_function_get_architecture (function));
  KelvinAdvice *advice;

  if (month < 0)
    return;
  advice = kelvin_advice_new (KELVIN_ADVICE_PROVISIONED, "One provisioned environment");
  advice->month_pico_usd = month;
  advice->remark = g_strdup ("no cold start for as many calls at once as are provisioned; on a "
                             "published version, not on $LATEST; nothing to try here");
  add_variant (self, advice);
}

static void
add_bundle (Making *self)
{
  KelvinAdvice *advice =
      kelvin_advice_new (KELVIN_ADVICE_BUNDLE, "Bundle the modules into one file");

  advice->remark =
      g_strdup ("not tried: bundling runs a bundler of the function's own, outside of a sandbox");
  add_variant (self, advice);
}

static void
add_snapshot (Making *self)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  const char *runtime = kelvin_function_get_runtime (function);
  KelvinAdvice *advice = kelvin_advice_new (KELVIN_ADVICE_SNAPSHOT, "A snapshot after init");
  gboolean python = g_str_has_prefix (runtime, "python3.");
  guint64 minor = python ? g_ascii_strtoull (runtime + strlen ("python3."), NULL, 10) : 0;

  if (minor < 12)
    advice->offered =
        g_strdup_printf ("the service offers it from python3.12 on, not for %s", runtime);
  advice->remark = g_strdup ("not tried");
  add_variant (self, advice);
}

/* What a program left behind that ended while it tried something. */
static void
remove_old (const char *parent)
{
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);
      struct stat info = { 0 };

      if (lstat (path, &info) == 0 && S_ISDIR (info.st_mode) &&
          now_s - info.st_mtime > LONGEST_TRIAL_S)
        kelvin_code_remove_folder (path);
    }
}

static void
make_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Making *self = task_data;
  g_autofree char *parent = g_build_filename (self->data_dir, "variants", NULL);
  g_autofree char *folder = g_build_filename (parent, "XXXXXX", NULL);
  KelvinFunction *function = kelvin_version_get_function (self->target->version);

  g_mkdir_with_parents (parent, 0700);
  remove_old (parent);
  if (g_mkdtemp (folder) == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                               "%s can't be made, so nothing can be tried", folder);
      return;
    }
  self->made->folder = g_steal_pointer (&folder);
  if (kelvin_function_get_runtime_family (function) == KELVIN_RUNTIME_PYTHON)
    {
      defer_imports (self);
      KelvinAdvice *byte_code = add_byte_code (self);
      add_together (self, byte_code);
    }
  else
    {
      add_bundle (self);
    }
  add_left_out (self);
  add_provisioned (self);
  add_snapshot (self);
  g_task_return_pointer (task, g_steal_pointer (&self->made),
                         (GDestroyNotify) kelvin_variants_free);
}

void
kelvin_variants_make_async (KelvinTarget *target, KelvinImportProfile *imports,
                            KelvinPriceTable *price_table, const char *data_dir,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Making *self = g_new0 (Making, 1);

  self->target = kelvin_target_ref (target);
  self->imports = imports;
  self->price_table = price_table;
  self->data_dir = g_strdup (data_dir);
  self->made = g_new0 (KelvinVariants, 1);
  self->made->variants = g_ptr_array_new_with_free_func (variant_free);
  self->statements = g_array_new (FALSE, FALSE, sizeof (Statement));
  g_array_set_clear_func (self->statements, clear_statement);
  g_task_set_source_tag (task, kelvin_variants_make_async);
  g_task_set_task_data (task, self, making_free);
  g_task_run_in_thread (task, make_in_thread);
}

KelvinVariants *
kelvin_variants_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
