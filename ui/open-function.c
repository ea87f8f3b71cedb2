#include "config.h"

#include "ui/open-function.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/environment/code-watch.h"
#include "ui/function-files.h"
#include "ui/last-run.h"

#define CONFIGURATION "function.json"
/* The watch tells of own changes too, a moment later. */
#define OWN_CHANGE_US (G_USEC_PER_SEC / 2)

struct _KelvinOpenFunction {
  GObject parent_instance;

  KelvinEngine *engine;
  char *dir;
  char *folder_name;
  char *drafts_dir;
  char *name;    /* of the function, as it was searched for in the history; nullable */
  char *handler; /* as its file was searched for; nullable */
  KelvinDocumentSet *code;
  KelvinDocumentSet *events;
  KelvinConfiguration *configuration; /* its document is one of code */
  KelvinDocument *event;              /* nullable; one of events */
  KelvinRunControl *run_control;
  KelvinLineCosts *line_costs;
  KelvinCodeWatch *watch;
  KelvinRun *last_run;   /* nullable: the newest in the history */
  GCancellable *finding; /* of the last run */
  gint64 saved_us;       /* monotonic: when own changes were written */
  gboolean listing;
  gboolean list_again;
  gboolean starting; /* saved first, then run */
};

enum {
  PROP_FUNCTION = 1,
  PROP_PROBLEM,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_MARK,
  PROP_MODIFIED,
  PROP_EVENT,
  PROP_LAST_RUN,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinOpenFunction, kelvin_open_function, G_TYPE_OBJECT)

static void list_files (KelvinOpenFunction *self);

static void
notify (KelvinOpenFunction *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}

static void
load_drafts (KelvinDocumentSet *set, char **drafts)
{
  guint n = kelvin_document_set_get_size (set);

  for (guint i = 0; i < n; i++)
    {
      KelvinDocument *document = kelvin_document_set_get (set, i);

      for (guint j = 0; drafts[j] != NULL; j++)
        if (g_str_has_suffix (kelvin_document_get_path (document), drafts[j]))
          kelvin_document_load (document);
    }
}

static void
choose_event (KelvinOpenFunction *self)
{
  if (kelvin_document_set_get_size (self->events) == 0)
    {
      kelvin_open_function_add_event (self, "event", "{}\n");
      /* nothing that a person made: nothing to be asked about */
      gtk_text_buffer_set_modified (GTK_TEXT_BUFFER (kelvin_document_get_buffer (self->event)),
                                    FALSE);
      return;
    }

  if (self->event == NULL ||
      kelvin_document_set_find (self->events, kelvin_document_get_title (self->event)) == NULL)
    kelvin_open_function_set_event (self, kelvin_document_set_get (self->events, 0));
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinOpenFunction) self = data;
  g_autoptr (KelvinFunctionFiles) files = kelvin_function_files_list_finish (result, NULL);
  g_autofree char *events_dir = g_build_filename (self->dir, "events", NULL);

  self->listing = FALSE;
  if (files == NULL)
    return;

  kelvin_document_set_arrange (self->code, self->dir, (const char *const *) files->code, "");
  /* the first event of a function that has none isn't a file yet */
  if (*files->events != NULL || kelvin_document_set_get_size (self->events) != 1)
    kelvin_document_set_arrange (self->events, events_dir, (const char *const *) files->events,
                                 ".json");
  load_drafts (self->code, files->drafts);
  load_drafts (self->events, files->drafts);
  choose_event (self);

  if (self->list_again)
    list_files (self);
}

static void
list_files (KelvinOpenFunction *self)
{
  self->list_again = self->listing;
  if (self->listing)
    return;

  self->listing = TRUE;
  kelvin_function_files_list_async (self->dir, kelvin_open_function_get_function (self),
                                    self->drafts_dir, NULL, listed_cb, g_object_ref (self));
}

static void
last_run_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinOpenFunction) self = data;
  g_autoptr (GError) error = NULL;
  KelvinRun *run = kelvin_last_run_find_finish (result, &error);

  if (error != NULL)
    return; /* another search has begun, or the window says what is wrong with the history */

  g_clear_pointer (&self->last_run, kelvin_run_unref);
  self->last_run = run;
  notify (self, PROP_LAST_RUN);
  notify (self, PROP_MARK);
}

static void
find_last_run (KelvinOpenFunction *self)
{
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  self->finding = g_cancellable_new ();
  kelvin_line_costs_load (self->line_costs, self->engine, kelvin_open_function_get_title (self));
  kelvin_last_run_find_async (self->engine, kelvin_open_function_get_title (self), self->finding,
                              last_run_found_cb, g_object_ref (self));
}

static gboolean
take_text (char **place, const char *text)
{
  if (g_strcmp0 (*place, text) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (text);
  return TRUE;
}

static void
function_changed_cb (KelvinOpenFunction *self)
{
  KelvinFunction *function = kelvin_open_function_get_function (self);

  notify (self, PROP_FUNCTION);
  notify (self, PROP_TITLE);
  notify (self, PROP_SUBTITLE);
  if (take_text (&self->name, kelvin_function_get_name (function)))
    find_last_run (self);
  if (take_text (&self->handler, kelvin_function_get_handler (function)))
    list_files (self);
}

static void
problem_changed_cb (KelvinOpenFunction *self)
{
  notify (self, PROP_PROBLEM);
  notify (self, PROP_SUBTITLE);
  notify (self, PROP_MARK);
  /* the files can be edited all the same */
  if (kelvin_open_function_get_function (self) == NULL)
    list_files (self);
}

static void
modified_cb (KelvinOpenFunction *self)
{
  notify (self, PROP_MODIFIED);
}

static void
running_changed_cb (KelvinOpenFunction *self)
{
  notify (self, PROP_MARK);
  if (!kelvin_run_control_is_running (self->run_control))
    find_last_run (self);
}

static void
files_changed_cb (KelvinOpenFunction *self)
{
  /* what was saved here was told then; telling it again would end the environment that runs it */
  if (g_get_monotonic_time () - self->saved_us > OWN_CHANGE_US)
    kelvin_engine_function_changed (self->engine, self->dir);
  kelvin_open_function_check_files (self);
}

static void
kelvin_open_function_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KelvinOpenFunction *self = KELVIN_OPEN_FUNCTION (object);

  switch (id)
    {
    case PROP_FUNCTION:
      g_value_set_object (value, kelvin_open_function_get_function (self));
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, kelvin_open_function_get_problem (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, kelvin_open_function_get_title (self));
      break;
    case PROP_SUBTITLE:
      g_value_take_string (value, kelvin_open_function_dup_subtitle (self));
      break;
    case PROP_MARK:
      g_value_set_uint (value, kelvin_open_function_get_mark (self));
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, kelvin_open_function_is_modified (self));
      break;
    case PROP_EVENT:
      g_value_set_object (value, self->event);
      break;
    case PROP_LAST_RUN:
      g_value_set_boxed (value, self->last_run);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kelvin_open_function_finalize (GObject *object)
{
  KelvinOpenFunction *self = KELVIN_OPEN_FUNCTION (object);

  g_clear_object (&self->finding);
  g_clear_pointer (&self->last_run, kelvin_run_unref);
  g_clear_object (&self->watch);
  g_clear_object (&self->run_control);
  g_clear_object (&self->line_costs);
  g_clear_object (&self->event);
  g_clear_object (&self->code);
  g_clear_object (&self->events);
  g_clear_object (&self->configuration);
  g_clear_object (&self->engine);
  g_free (self->dir);
  g_free (self->folder_name);
  g_free (self->drafts_dir);
  g_free (self->name);
  g_free (self->handler);

  G_OBJECT_CLASS (kelvin_open_function_parent_class)->finalize (object);
}

static GParamSpec *
string_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
kelvin_open_function_class_init (KelvinOpenFunctionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kelvin_open_function_get_property;
  object_class->finalize = kelvin_open_function_finalize;

  props[PROP_FUNCTION] = g_param_spec_object ("function", NULL, NULL, KELVIN_TYPE_FUNCTION, flags);
  props[PROP_PROBLEM] = string_property ("problem");
  props[PROP_TITLE] = string_property ("title");
  props[PROP_SUBTITLE] = string_property ("subtitle");
  props[PROP_MARK] = g_param_spec_uint ("mark", NULL, NULL, 0, KELVIN_MARK_CROSS, 0, flags);
  props[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, flags);
  props[PROP_LAST_RUN] = g_param_spec_boxed ("last-run", NULL, NULL, KELVIN_TYPE_RUN, flags);
  props[PROP_EVENT] = g_param_spec_object ("event", NULL, NULL, KELVIN_TYPE_DOCUMENT, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
kelvin_open_function_init (KelvinOpenFunction *self)
{
}

static KelvinDocumentSet *
create_set (KelvinOpenFunction *self)
{
  KelvinDocumentSet *set = kelvin_document_set_new (self->drafts_dir);

  g_signal_connect_object (set, "notify::modified", G_CALLBACK (modified_cb), self,
                           G_CONNECT_SWAPPED);
  return set;
}

static void
open_configuration (KelvinOpenFunction *self)
{
  g_autofree char *path = g_build_filename (self->dir, CONFIGURATION, NULL);
  KelvinDocument *document = kelvin_document_set_add (self->code, path, CONFIGURATION);

  self->configuration = kelvin_configuration_new (self->dir, document);
  g_signal_connect_object (self->configuration, "notify::function",
                           G_CALLBACK (function_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->configuration, "notify::problem", G_CALLBACK (problem_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

KelvinOpenFunction *
kelvin_open_function_new (KelvinEngine *engine, const char *dir, const char *drafts_dir)
{
  KelvinOpenFunction *self = g_object_new (KELVIN_TYPE_OPEN_FUNCTION, NULL);

  self->engine = g_object_ref (engine);
  self->dir = g_strdup (dir);
  self->folder_name = g_path_get_basename (dir);
  self->drafts_dir = g_strdup (drafts_dir);
  self->code = create_set (self);
  self->events = create_set (self);
  self->run_control = kelvin_run_control_new (engine, dir);
  self->line_costs = kelvin_line_costs_new ();
  g_signal_connect_object (self->run_control, "notify::running", G_CALLBACK (running_changed_cb),
                           self, G_CONNECT_SWAPPED);
  open_configuration (self);

  self->watch = kelvin_code_watch_new (dir);
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (files_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

const char *
kelvin_open_function_get_dir (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->dir;
}

const char *
kelvin_open_function_get_title (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->name != NULL ? self->name : self->folder_name;
}

char *
kelvin_open_function_dup_subtitle (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  KelvinFunction *function = kelvin_open_function_get_function (self);
  if (kelvin_open_function_get_problem (self) != NULL)
    return g_strdup (kelvin_configuration_is_empty (self->configuration)
                         ? _ ("no function.json")
                         : _ ("function.json is wrong"));
  if (function == NULL)
    return g_strdup ("");

  /* Translators: a runtime and a memory size: "python3.11 · 256 MB" */
  return g_strdup_printf (_ ("%s · %u MB"), kelvin_function_get_runtime (function),
                          kelvin_function_get_memory_size_mb (function));
}

static KelvinMark
get_mark_of (KelvinStatus status)
{
  if (status == KELVIN_STATUS_OK)
    return KELVIN_MARK_FILLED;
  if (status == KELVIN_STATUS_RUNNING || status == KELVIN_STATUS_CANCELLED)
    return KELVIN_MARK_HOLLOW;

  return KELVIN_MARK_CROSS;
}

KelvinMark
kelvin_open_function_get_mark (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), KELVIN_MARK_HOLLOW);

  KelvinInvocation *invocation = kelvin_run_control_get_invocation (self->run_control);
  if (kelvin_run_control_is_running (self->run_control))
    return KELVIN_MARK_TURNING;
  if (kelvin_open_function_get_problem (self) != NULL ||
      kelvin_run_control_get_problem (self->run_control) != NULL)
    return KELVIN_MARK_CROSS;
  if (invocation != NULL)
    return get_mark_of (invocation->status);

  return self->last_run != NULL ? get_mark_of (self->last_run->status) : KELVIN_MARK_HOLLOW;
}

KelvinRun *
kelvin_open_function_get_last_run (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->last_run;
}

KelvinFunction *
kelvin_open_function_get_function (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->configuration != NULL ? kelvin_configuration_get_function (self->configuration)
                                     : NULL;
}

const char *
kelvin_open_function_get_problem (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->configuration != NULL ? kelvin_configuration_get_problem (self->configuration)
                                     : NULL;
}

gboolean
kelvin_open_function_is_modified (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), FALSE);

  return kelvin_document_set_is_modified (self->code) ||
         kelvin_document_set_is_modified (self->events);
}

KelvinLineCosts *
kelvin_open_function_get_line_costs (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->line_costs;
}

KelvinRunControl *
kelvin_open_function_get_run_control (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->run_control;
}

KelvinDocumentSet *
kelvin_open_function_get_code (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->code;
}

KelvinDocumentSet *
kelvin_open_function_get_events (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->events;
}

KelvinConfiguration *
kelvin_open_function_get_configuration (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->configuration;
}

KelvinDocument *
kelvin_open_function_get_event (KelvinOpenFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_OPEN_FUNCTION (self), NULL);

  return self->event;
}

void
kelvin_open_function_set_event (KelvinOpenFunction *self, KelvinDocument *event)
{
  g_return_if_fail (KELVIN_IS_OPEN_FUNCTION (self));

  if (!g_set_object (&self->event, event))
    return;

  if (event != NULL)
    kelvin_document_load (event);
  notify (self, PROP_EVENT);
}

static char *
find_free_name (KelvinOpenFunction *self, const char *name)
{
  g_autofree char *candidate = g_strdup (name);

  for (guint i = 2; kelvin_document_set_find (self->events, candidate) != NULL; i++)
    {
      g_free (candidate);
      candidate = g_strdup_printf ("%s-%u", name, i);
    }

  return g_steal_pointer (&candidate);
}

void
kelvin_open_function_add_event (KelvinOpenFunction *self, const char *name, const char *text)
{
  g_return_if_fail (KELVIN_IS_OPEN_FUNCTION (self));

  g_autofree char *title = find_free_name (self, name);
  g_autofree char *path = g_strconcat (self->dir, "/events/", title, ".json", NULL);
  KelvinDocument *event = kelvin_document_set_add (self->events, path, title);

  kelvin_document_begin_with (event, text);
  kelvin_open_function_set_event (self, event);
}

static void
events_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  KelvinOpenFunction *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (kelvin_document_set_save_finish (self->events, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
code_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  KelvinOpenFunction *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!kelvin_document_set_save_finish (self->code, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* a new version: idle environments of the old one are of no use */
  if (g_task_get_task_data (task) != NULL)
    {
      self->saved_us = g_get_monotonic_time ();
      kelvin_engine_function_changed (self->engine, self->dir);
    }
  kelvin_document_set_save_async (self->events, events_saved_cb, g_steal_pointer (&task));
}

void
kelvin_open_function_save_async (KelvinOpenFunction *self, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_OPEN_FUNCTION (self));

  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, kelvin_open_function_save_async);
  g_task_set_task_data (task, GINT_TO_POINTER (kelvin_document_set_is_modified (self->code)), NULL);
  kelvin_document_set_save_async (self->code, code_saved_cb, task);
}

gboolean
kelvin_open_function_save_finish (KelvinOpenFunction *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kelvin_open_function_revert (KelvinOpenFunction *self)
{
  g_return_if_fail (KELVIN_IS_OPEN_FUNCTION (self));

  kelvin_document_set_revert (self->code);
  kelvin_document_set_revert (self->events);
}

void
kelvin_open_function_check_files (KelvinOpenFunction *self)
{
  g_return_if_fail (KELVIN_IS_OPEN_FUNCTION (self));

  kelvin_document_set_check_files (self->code);
  kelvin_document_set_check_files (self->events);
  list_files (self);
}

static void
saved_for_run_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KelvinOpenFunction *self = KELVIN_OPEN_FUNCTION (source);
  gboolean cold = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;

  self->starting = FALSE;
  if (!kelvin_open_function_save_finish (self, result, &error))
    {
      kelvin_run_control_refuse (self->run_control, error->message);
      return;
    }

  g_autofree char *text = kelvin_document_dup_text (self->event);
  g_autofree char *name =
      g_strdup_printf ("events/%s.json", kelvin_document_get_title (self->event));
  gsize length = strlen (text);
  g_autoptr (GBytes) event = g_bytes_new_take (g_steal_pointer (&text), length);
  kelvin_run_control_start (self->run_control, event, name, cold);
}

void
kelvin_open_function_run (KelvinOpenFunction *self, gboolean cold)
{
  g_return_if_fail (KELVIN_IS_OPEN_FUNCTION (self));

  if (self->starting || kelvin_run_control_is_running (self->run_control))
    return;
  if (self->event == NULL)
    choose_event (self);

  self->starting = TRUE;
  kelvin_open_function_save_async (self, saved_for_run_cb, GINT_TO_POINTER (cold));
}
