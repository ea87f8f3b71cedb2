#include "config.h"

#include "ui/line-costs.h"

#include <string.h>

#include "engine/model/json-text.h"

#define DETAILS_DEPTH 20

struct _KelvinLineCosts {
  GObject parent_instance;

  GArray *costs; /* of KelvinCostOfLine */
  gboolean known;
  char *function_name; /* nullable: what was asked for */
};

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinLineCosts, kelvin_line_costs, G_TYPE_OBJECT)

static void
clear_cost (gpointer data)
{
  KelvinCostOfLine *cost = data;

  g_free (cost->file);
  g_free (cost->statement);
}

static void
kelvin_line_costs_finalize (GObject *object)
{
  KelvinLineCosts *self = KELVIN_LINE_COSTS (object);

  g_array_unref (self->costs);
  g_free (self->function_name);

  G_OBJECT_CLASS (kelvin_line_costs_parent_class)->finalize (object);
}

static void
kelvin_line_costs_class_init (KelvinLineCostsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_line_costs_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kelvin_line_costs_init (KelvinLineCosts *self)
{
  self->costs = g_array_new (FALSE, FALSE, sizeof (KelvinCostOfLine));
  g_array_set_clear_func (self->costs, clear_cost);
}

KelvinLineCosts *
kelvin_line_costs_new (void)
{
  return g_object_new (KELVIN_TYPE_LINE_COSTS, NULL);
}

static void
take_costs (KelvinLineCosts *self, const KelvinInitCode *code)
{
  g_autoptr (GArray) costs = kelvin_init_code_get_line_costs (code);

  for (guint i = 0; i < costs->len; i++)
    {
      const KelvinLineCost *from = &g_array_index (costs, KelvinLineCost, i);
      KelvinCostOfLine cost = { g_strdup (from->file), g_strdup (from->statement), from->line,
                                from->ms };

      g_array_append_val (self->costs, cost);
    }
}

void
kelvin_line_costs_set_init_code (KelvinLineCosts *self, const KelvinInitCode *code)
{
  g_return_if_fail (KELVIN_IS_LINE_COSTS (self));

  self->known = TRUE;
  g_array_set_size (self->costs, 0);
  if (code != NULL)
    take_costs (self, code);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

GArray *
kelvin_line_costs_get (KelvinLineCosts *self)
{
  g_return_val_if_fail (KELVIN_IS_LINE_COSTS (self), NULL);

  return self->costs;
}

/* --- from the history; what fails there, the pages that show it say --- */

static void
run_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLineCosts) self = user_data;
  g_autoptr (KelvinRun) run = kelvin_store_get_run_finish (KELVIN_STORE (source), result, NULL);
  const char *text = run != NULL ? run->details_json : NULL;

  if (text == NULL || self->known)
    return;

  g_autoptr (JsonNode) node = kelvin_json_parse (text, strlen (text), DETAILS_DEPTH, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  g_autoptr (KelvinInitCode) code = kelvin_init_code_new (json_node_get_object (node));
  if (code != NULL)
    kelvin_line_costs_set_init_code (self, code);
}

static void
runs_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLineCosts) self = user_data;
  KelvinStore *store = KELVIN_STORE (source);
  g_autoptr (GPtrArray) runs = kelvin_store_list_runs_finish (store, result, NULL, NULL);

  if (runs != NULL && runs->len > 0)
    kelvin_store_get_run_async (store, ((KelvinRun *) runs->pdata[0])->id, NULL, run_loaded_cb,
                                g_object_ref (self));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLineCosts) self = user_data;
  KelvinEngine *engine = KELVIN_ENGINE (source);

  if (!kelvin_engine_wait_open_finish (engine, result, NULL))
    return;

  KelvinRunFilter filter = { .function_name = self->function_name,
                             .kinds = "profile",
                             .since_us = -1,
                             .until_us = -1,
                             .limit = 1 };
  kelvin_store_list_runs_async (kelvin_engine_get_store (engine), &filter, NULL, runs_listed_cb,
                                g_object_ref (self));
}

void
kelvin_line_costs_load (KelvinLineCosts *self, KelvinEngine *engine, const char *function_name)
{
  g_return_if_fail (KELVIN_IS_LINE_COSTS (self));

  if (self->known || self->function_name != NULL)
    return;
  self->function_name = g_strdup (function_name);
  kelvin_engine_wait_open_async (engine, opened_cb, g_object_ref (self));
}
