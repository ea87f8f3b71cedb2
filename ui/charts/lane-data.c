#include "config.h"

#include "ui/charts/lane-data.h"

/* How much longer the axis becomes when the run outlasts it. */
#define GROWTH 1.25
#define LEAST_END_NS 100000000

static void
clear_lane (gpointer data)
{
  g_array_unref (((KelvinLane *) data)->bars);
}

KelvinLaneData *
kelvin_lane_data_new (void)
{
  KelvinLaneData *self = g_new0 (KelvinLaneData, 1);

  self->lanes = g_array_new (FALSE, TRUE, sizeof (KelvinLane));
  g_array_set_clear_func (self->lanes, clear_lane);
  self->bars = g_array_new (FALSE, FALSE, sizeof (KelvinLaneBar));
  self->due_ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->throttles = g_array_new (FALSE, FALSE, sizeof (KelvinLaneThrottle));
  self->doors = g_array_new (FALSE, FALSE, sizeof (KelvinLaneDoor));
  self->door_open = g_array_new (FALSE, TRUE, sizeof (guint));
  self->by_environment = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
kelvin_lane_data_free (KelvinLaneData *self)
{
  g_array_unref (self->lanes);
  g_array_unref (self->bars);
  g_array_unref (self->due_ns);
  g_array_unref (self->throttles);
  g_array_unref (self->doors);
  g_array_unref (self->door_open);
  g_hash_table_unref (self->by_environment);
  g_free (self);
}

void
kelvin_lane_data_clear (KelvinLaneData *self)
{
  g_array_set_size (self->lanes, 0);
  g_array_set_size (self->bars, 0);
  g_array_set_size (self->due_ns, 0);
  g_array_set_size (self->throttles, 0);
  g_array_set_size (self->doors, 0);
  g_array_set_size (self->door_open, 0);
  g_hash_table_remove_all (self->by_environment);
  self->most_open = self->failed = self->cold = 0;
  self->now_ns = self->planned_ns = 0;
}

static guint
ensure_lane (KelvinLaneData *self, guint64 environment, gint64 at_ns)
{
  gpointer found = g_hash_table_lookup (self->by_environment, &environment);

  if (found != NULL)
    return GPOINTER_TO_UINT (found) - 1;

  const KelvinLane lane = { .environment = environment,
                            .born_ns = at_ns,
                            .dead_ns = -1,
                            .state = KELVIN_STATE_IDLE,
                            .since_ns = at_ns,
                            .bars = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  g_array_append_val (self->lanes, lane);
  g_hash_table_insert (self->by_environment, g_memdup2 (&environment, sizeof environment),
                       GUINT_TO_POINTER (self->lanes->len));
  return self->lanes->len - 1;
}

gboolean
kelvin_lane_bar_is_failed (const KelvinLaneBar *bar)
{
  return bar->status != KELVIN_STATUS_OK && bar->status != KELVIN_STATUS_CANCELLED;
}

void
kelvin_lane_data_add_bar (KelvinLaneData *self, const KelvinLaneBar *bar)
{
  g_return_if_fail (bar->environment != 0);

  KelvinLaneBar added = *bar;
  guint32 index = self->bars->len;

  added.lane = ensure_lane (self, bar->environment, bar->start_ns);
  g_array_append_val (self->bars, added);
  KelvinLane *lane = &g_array_index (self->lanes, KelvinLane, added.lane);
  g_array_append_val (lane->bars, index);
  lane->born_ns = MIN (lane->born_ns, bar->start_ns);
  lane->busy_ns += bar->end_ns - bar->start_ns;
  lane->failed += kelvin_lane_bar_is_failed (bar) ? 1 : 0;
  self->failed += kelvin_lane_bar_is_failed (bar) ? 1 : 0;
  self->cold += bar->start == KELVIN_START_COLD ? 1 : 0;
}

void
kelvin_lane_data_add_step (KelvinLaneData *self, guint64 environment, KelvinState to, gint64 at_ns)
{
  /* The array may move: first the lane, then its place. */
  guint index = ensure_lane (self, environment, at_ns);
  KelvinLane *lane = &g_array_index (self->lanes, KelvinLane, index);

  lane->state = to;
  lane->since_ns = at_ns;
  if (to == KELVIN_STATE_DEAD)
    lane->dead_ns = at_ns;
}

void
kelvin_lane_data_add_due (KelvinLaneData *self, const gint64 *due_ns, guint n)
{
  if (n > 0)
    g_array_append_vals (self->due_ns, due_ns, n);
}

void
kelvin_lane_data_add_throttle (KelvinLaneData *self, guint64 event, gint64 at_ns)
{
  /* Answers may be told a little out of order; what is drawn by bisection must not be. */
  gint64 last =
      self->throttles->len > 0
          ? g_array_index (self->throttles, KelvinLaneThrottle, self->throttles->len - 1).at_ns
          : 0;
  const KelvinLaneThrottle throttle = { MAX (at_ns, last), event };

  g_array_append_val (self->throttles, throttle);
}

void
kelvin_lane_data_add_door (KelvinLaneData *self, guint door, guint open, gint64 at_ns)
{
  KelvinLaneDoor sum = { .at_ns = at_ns };

  if (door >= self->door_open->len)
    g_array_set_size (self->door_open, door + 1);
  g_array_index (self->door_open, guint, door) = open;
  for (guint i = 0; i < self->door_open->len; i++)
    sum.open += g_array_index (self->door_open, guint, i);
  g_array_append_val (self->doors, sum);
  self->most_open = MAX (self->most_open, sum.open);
}

guint
kelvin_lane_data_find_in_lane (const KelvinLaneData *self, const KelvinLane *lane, gint64 at_ns)
{
  guint low = 0;
  guint high = lane->bars->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      guint32 index = g_array_index (lane->bars, guint32, middle);

      if (kelvin_lane_data_get_bar (self, index)->end_ns > at_ns)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/* The first of the records, whose time stands first in each, that isn't before @at_ns. */
static guint
bisect (const GArray *records, gint64 at_ns)
{
  gsize size = g_array_get_element_size ((GArray *) records);
  guint low = 0;
  guint high = records->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const gint64 *time = (const gint64 *) (const void *) (records->data + middle * size);

      if (*time >= at_ns)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

guint
kelvin_lane_data_count_due (const KelvinLaneData *self, gint64 from_ns, gint64 to_ns)
{
  return bisect (self->due_ns, to_ns) - bisect (self->due_ns, from_ns);
}

guint
kelvin_lane_data_find_throttle (const KelvinLaneData *self, gint64 at_ns)
{
  return bisect (self->throttles, at_ns);
}

guint
kelvin_lane_data_count_open (const KelvinLaneData *self, gint64 at_ns)
{
  guint after = bisect (self->doors, at_ns + 1);

  return after > 0 ? g_array_index (self->doors, KelvinLaneDoor, after - 1).open : 0;
}

gint64
kelvin_lane_data_get_end_ns (const KelvinLaneData *self)
{
  gint64 end_ns = MAX (self->planned_ns, LEAST_END_NS);

  while (end_ns < self->now_ns)
    end_ns = (gint64) ((double) end_ns * GROWTH);
  return end_ns;
}
