#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The time, and all timers: one heap, one timerfd. Nothing else in engine/ asks what time it is.
 * Two times: monotonic time (nanoseconds of CLOCK_MONOTONIC: phases, timeouts, deadlines) and
 * virtual time (schedules, queues, retries, idle retirement), which may be scaled or stepped.
 * Used on the thread of its context alone, except kelvin_clock_now_ns and kelvin_clock_real_us. */
typedef struct _KelvinClock KelvinClock;
typedef struct _KelvinTimer KelvinTimer;

typedef enum {
  KELVIN_CLOCK_REAL,   /* virtual time runs with monotonic time */
  KELVIN_CLOCK_MANUAL, /* for tests: both times move only by kelvin_clock_advance */
} KelvinClockKind;

typedef enum {
  KELVIN_TIME_MONOTONIC, /* function timeouts, init limit */
  KELVIN_TIME_VIRTUAL,   /* idle retirement, back-off, schedules */
} KelvinTime;

typedef void (*KelvinTimerFunc) (gpointer user_data);

KelvinClock *kelvin_clock_new (GMainContext *context, KelvinClockKind kind);
void kelvin_clock_free (KelvinClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinClock, kelvin_clock_free)

gint64 kelvin_clock_now_ns (KelvinClock *self);     /* monotonic */
gint64 kelvin_clock_virtual_ns (KelvinClock *self); /* virtual */
/* CPU time of the calling thread, whatever the clock. */
gint64 kelvin_clock_thread_cpu_ns (void);
gint64 kelvin_clock_real_us (KelvinClock *self); /* wall clock, Unix epoch, microseconds */

/* Virtual time passes @factor times as fast as real time from now on; 0 pauses it. */
void kelvin_clock_set_speed (KelvinClock *self, double factor);

/* Virtual time jumps on by @ns at once; what falls due is called in the next turn. */
void kelvin_clock_step (KelvinClock *self, gint64 ns);

/* Calls @func once, @delay_ns from now by the time asked for. The timer is freed after its call. */
KelvinTimer *kelvin_clock_add (KelvinClock *self, KelvinTime time, gint64 delay_ns,
                               KelvinTimerFunc func, gpointer user_data);
void kelvin_timer_cancel (KelvinTimer *timer); /* before its call alone; NULL is allowed */

/* For a manual clock: moves both times on and calls what falls due, in order of time. */
void kelvin_clock_advance (KelvinClock *self, gint64 ns);

G_END_DECLS
