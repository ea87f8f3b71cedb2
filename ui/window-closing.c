#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/compat-dialogs.h"
#include "ui/window-private.h"
#include "ui/window-state.h"

/* What is asked about: one function, or all of them when the window closes. */
typedef struct {
  KelvinWindow *window;
  KelvinOpenFunction *open_function; /* NULL: all, and the window closes */
  guint pending;
  gboolean failed;
  gboolean saves; /* else it gives up */
} Question;

static void
question_free (Question *question)
{
  g_clear_object (&question->open_function);
  g_object_unref (question->window);
  g_free (question);
}

static GPtrArray *
list_modified (Question *question)
{
  GListModel *functions = G_LIST_MODEL (question->window->functions);
  GPtrArray *modified = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (functions);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KelvinOpenFunction) open_function = g_list_model_get_item (functions, i);

      if ((question->open_function == NULL || question->open_function == open_function) &&
          kelvin_open_function_is_modified (open_function))
        g_ptr_array_add (modified, g_steal_pointer (&open_function));
    }

  return modified;
}

static void
remove_function (KelvinWindow *self, KelvinOpenFunction *open_function)
{
  guint position;

  if (!g_list_store_find (self->functions, open_function, &position))
    return;

  kelvin_run_control_cancel (kelvin_open_function_get_run_control (open_function));
  kelvin_window_select (self, NULL);
  g_list_store_remove (self->functions, position);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->functions));
  g_autoptr (KelvinOpenFunction) next =
      g_list_model_get_item (G_LIST_MODEL (self->functions), MIN (position, n > 0 ? n - 1 : 0));
  kelvin_window_select (self, next);
  kelvin_window_remember (self);
}

static void
go_on (Question *question)
{
  KelvinWindow *self = question->window;

  if (question->open_function != NULL)
    {
      remove_function (self, question->open_function);
      return;
    }

  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
end_one_saving (Question *question)
{
  if (--question->pending > 0)
    return;

  if (!question->failed)
    go_on (question);
  question_free (question);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_open_function_save_finish (KELVIN_OPEN_FUNCTION (source), result, &error))
    {
      question->failed = TRUE;
      kelvin_window_show_toast (question->window, error->message);
    }
  end_one_saving (question);
}

static void
save_all (Question *question)
{
  g_autoptr (GPtrArray) modified = list_modified (question);

  question->pending = 1;
  for (guint i = 0; i < modified->len; i++)
    {
      question->pending++;
      kelvin_open_function_save_async (g_ptr_array_index (modified, i), saved_cb, question);
    }
  end_one_saving (question);
}

static void
give_up_all (Question *question)
{
  g_autoptr (GPtrArray) modified = list_modified (question);

  for (guint i = 0; i < modified->len; i++)
    kelvin_open_function_revert (g_ptr_array_index (modified, i));
  go_on (question);
  question_free (question);
}

/* The question is gone by then: it must not outlive the window that it stands on. */
static gboolean
act_cb (gpointer data)
{
  Question *question = data;

  if (question->saves)
    save_all (question);
  else
    give_up_all (question);
  return G_SOURCE_REMOVE;
}

static void
answered_cb (GObject *dialog, const char *answer, gpointer data)
{
  Question *question = data;

  question->saves = g_str_equal (answer, "save");
  if (question->saves || g_str_equal (answer, "discard"))
    g_idle_add (act_cb, question);
  else
    question_free (question);
}

static char *
name_functions (GPtrArray *functions)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < functions->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            kelvin_open_function_get_title (g_ptr_array_index (functions, i)));

  return g_strdup (names->str);
}

static void
ask (Question *question, GPtrArray *modified)
{
  const KelvinAnswer answers[] = {
    { "cancel", _ ("Cancel"), ADW_RESPONSE_DEFAULT },
    { "discard", _ ("Discard"), ADW_RESPONSE_DESTRUCTIVE },
    { "save", _ ("Save"), ADW_RESPONSE_SUGGESTED },
  };
  g_autofree char *names = name_functions (modified);
  /* Translators: %s is a function, or several with commas between */
  g_autofree char *body =
      g_strdup_printf (_ ("There are changes to %s. Those that aren’t saved are lost."), names);

  kelvin_ask (GTK_WIDGET (question->window), _ ("Save changes?"), body, answers,
              G_N_ELEMENTS (answers), answered_cb, question);
}

static Question *
question_new (KelvinWindow *self, KelvinOpenFunction *open_function)
{
  Question *question = g_new0 (Question, 1);

  question->window = g_object_ref (self);
  g_set_object (&question->open_function, open_function);
  return question;
}

gboolean
kelvin_window_ask_before_close (KelvinWindow *self)
{
  Question *question = question_new (self, NULL);
  g_autoptr (GPtrArray) modified = list_modified (question);

  if (self->may_close || modified->len == 0)
    {
      question_free (question);
      return FALSE;
    }

  ask (question, modified);
  return TRUE;
}

void
kelvin_window_close_function (KelvinWindow *self, KelvinOpenFunction *open_function)
{
  Question *question = question_new (self, open_function);
  g_autoptr (GPtrArray) modified = list_modified (question);

  if (modified->len > 0)
    {
      ask (question, modified);
      return;
    }

  go_on (question);
  question_free (question);
}

void
kelvin_window_remember (KelvinWindow *self)
{
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->functions));
  g_autoptr (KelvinWindowState) state = g_new0 (KelvinWindowState, 1);
  g_autoptr (GError) error = NULL;

  state->functions = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KelvinOpenFunction) open_function =
          g_list_model_get_item (G_LIST_MODEL (self->functions), i);

      state->functions[i] = g_strdup (kelvin_open_function_get_dir (open_function));
    }
  if (selected != NULL)
    state->selected = g_strdup (kelvin_open_function_get_dir (selected));
  state->maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  gtk_window_get_default_size (GTK_WINDOW (self), &state->width, &state->height);

  if (!kelvin_window_state_write (state, self->data_dir, &error))
    g_warning ("%s", error->message);
}
