#pragma once

#include "engine/model/status.h"
#include "engine/model/transition.h"

G_BEGIN_DECLS

/* What lanes show: plain records in arrays, nanoseconds from the beginning of a run. Records come
 * in the order of time within an environment; those of different environments may be mixed. */

/* One attempt that an environment served. */
typedef struct {
  guint64 event;       /* the invocation's number in the run */
  guint64 environment; /* its number in the engine; 0: none was reached */
  guint attempt;       /* from 1 */
  KelvinStart start;
  KelvinStatus status;
  gint64 due_ns;
  gint64 start_ns;   /* the environment was taken or asked for */
  gint64 init_ns;    /* sandbox and runtime are there; start_ns unless cold */
  gint64 handler_ns; /* the event was delivered */
  gint64 end_ns;
  guint lane; /* set by kelvin_lane_data_add_bar */
} KelvinLaneBar;

typedef struct {
  guint64 environment;
  gint64 born_ns;
  gint64 dead_ns; /* -1: it lives */
  KelvinState state;
  gint64 since_ns; /* of the state */
  gint64 busy_ns;  /* of its bars */
  guint failed;
  GArray *bars; /* of guint32: indices of its bars, in order of time */
} KelvinLane;

typedef struct {
  gint64 at_ns;
  guint64 event;
} KelvinLaneThrottle;

typedef struct {
  gint64 at_ns;
  guint open;
} KelvinLaneDoor;

typedef struct {
  GArray *lanes;     /* of KelvinLane, in the order in which they were born */
  GArray *bars;      /* of KelvinLaneBar, as they came */
  GArray *due_ns;    /* of gint64, in order */
  GArray *throttles; /* of KelvinLaneThrottle, in order */
  GArray *doors;     /* of KelvinLaneDoor: the connections of all doors together */
  GArray *door_open; /* of guint, by door */
  GHashTable *by_environment;
  guint most_open;
  guint failed; /* bars */
  guint cold;   /* bars of a cold start */
  gint64 now_ns;
  gint64 planned_ns; /* when the last event is due */
} KelvinLaneData;

KelvinLaneData *kelvin_lane_data_new (void);
void kelvin_lane_data_free (KelvinLaneData *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinLaneData, kelvin_lane_data_free)
void kelvin_lane_data_clear (KelvinLaneData *self);

void kelvin_lane_data_add_bar (KelvinLaneData *self, const KelvinLaneBar *bar);
void kelvin_lane_data_add_step (KelvinLaneData *self, guint64 environment, KelvinState to,
                                gint64 at_ns);
void kelvin_lane_data_add_due (KelvinLaneData *self, const gint64 *due_ns, guint n);
void kelvin_lane_data_add_throttle (KelvinLaneData *self, guint64 event, gint64 at_ns);
void kelvin_lane_data_add_door (KelvinLaneData *self, guint door, guint open, gint64 at_ns);

static inline const KelvinLane *
kelvin_lane_data_get_lane (const KelvinLaneData *self, guint index)
{
  return &g_array_index (self->lanes, KelvinLane, index);
}

static inline const KelvinLaneBar *
kelvin_lane_data_get_bar (const KelvinLaneData *self, guint index)
{
  return &g_array_index (self->bars, KelvinLaneBar, index);
}

gboolean kelvin_lane_bar_is_failed (const KelvinLaneBar *bar);

/* The position among a lane's bars of the first that ends after @at_ns; the number of bars where
 * none does. */
guint kelvin_lane_data_find_in_lane (const KelvinLaneData *self, const KelvinLane *lane,
                                     gint64 at_ns);
/* How many events were due in [@from_ns, @to_ns). */
guint kelvin_lane_data_count_due (const KelvinLaneData *self, gint64 from_ns, gint64 to_ns);
/* Index of the first throttle at or after @at_ns. */
guint kelvin_lane_data_find_throttle (const KelvinLaneData *self, gint64 at_ns);
/* Connections open at @at_ns. */
guint kelvin_lane_data_count_open (const KelvinLaneData *self, gint64 at_ns);
/* Until when the picture goes: a round length that holds plan and present, so that the axis stands
 * still while events come in. */
gint64 kelvin_lane_data_get_end_ns (const KelvinLaneData *self);

G_END_DECLS
