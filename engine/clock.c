#include "engine/clock.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>

#include "engine/fd.h"

/* Timers of one time, a binary heap in a GPtrArray: the next one to fall due is element 0. */
typedef struct {
  GPtrArray *timers;
} Heap;

struct _KelvinTimer {
  KelvinClock *clock;
  KelvinTime time;
  gint64 due_ns;  /* in its own time */
  guint64 serial; /* timers due at one instant are called in the order of their making */
  guint index;    /* in its heap */
  KelvinTimerFunc func;
  gpointer user_data;
};

struct _KelvinClock {
  KelvinClockKind kind;
  gint64 manual_ns;         /* what a manual clock shows */
  double speed;             /* of virtual time */
  gint64 virtual_base_ns;   /* virtual time was this … */
  gint64 monotonic_base_ns; /* … at this monotonic time */
  guint64 serial;
  Heap heaps[2]; /* by KelvinTime */
  GSource *source;
  int timer_fd;
  gint64 armed_ns; /* monotonic; G_MAXINT64 when disarmed */
};

typedef struct {
  GSource source;
  KelvinClock *clock;
} ClockSource;

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)

static gboolean
timer_before (const KelvinTimer *a, const KelvinTimer *b)
{
  return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->serial < b->serial;
}

static void
heap_put (Heap *heap, guint index, KelvinTimer *timer)
{
  g_ptr_array_index (heap->timers, index) = timer;
  timer->index = index;
}

static void
heap_sift_up (Heap *heap, KelvinTimer *timer)
{
  guint index = timer->index;

  while (index > 0)
    {
      KelvinTimer *parent = g_ptr_array_index (heap->timers, (index - 1) / 2);

      if (!timer_before (timer, parent))
        break;
      heap_put (heap, index, parent);
      index = (index - 1) / 2;
    }
  heap_put (heap, index, timer);
}

static void
heap_sift_down (Heap *heap, KelvinTimer *timer)
{
  guint index = timer->index;

  for (guint child = 2 * index + 1; child < heap->timers->len; child = 2 * index + 1)
    {
      if (child + 1 < heap->timers->len &&
          timer_before (g_ptr_array_index (heap->timers, child + 1),
                        g_ptr_array_index (heap->timers, child)))
        child++;

      KelvinTimer *smaller = g_ptr_array_index (heap->timers, child);

      if (!timer_before (smaller, timer))
        break;
      heap_put (heap, index, smaller);
      index = child;
    }
  heap_put (heap, index, timer);
}

static void
heap_add (Heap *heap, KelvinTimer *timer)
{
  timer->index = heap->timers->len;
  g_ptr_array_add (heap->timers, timer);
  heap_sift_up (heap, timer);
}

static void
heap_remove (Heap *heap, KelvinTimer *timer)
{
  guint index = timer->index;
  KelvinTimer *last = g_ptr_array_index (heap->timers, heap->timers->len - 1);

  g_ptr_array_set_size (heap->timers, heap->timers->len - 1);
  if (last == timer)
    return;
  heap_put (heap, index, last);
  heap_sift_up (heap, last);
  heap_sift_down (heap, last);
}

static KelvinTimer *
heap_peek (const Heap *heap)
{
  return heap->timers->len > 0 ? g_ptr_array_index (heap->timers, 0) : NULL;
}

gint64
kelvin_clock_now_ns (KelvinClock *self)
{
  if (self->kind == KELVIN_CLOCK_MANUAL)
    return self->manual_ns;

  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

gint64
kelvin_clock_thread_cpu_ns (void)
{
  struct timespec used;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &used);
  return used.tv_sec * NS_PER_SECOND + used.tv_nsec;
}

gint64
kelvin_clock_virtual_ns (KelvinClock *self)
{
  gint64 passed = kelvin_clock_now_ns (self) - self->monotonic_base_ns;

  if (self->speed == 1.0)
    return self->virtual_base_ns + passed;
  return self->virtual_base_ns + (gint64) ((double) passed * self->speed);
}

gint64
kelvin_clock_real_us (KelvinClock *self)
{
  return self->kind == KELVIN_CLOCK_MANUAL ? self->manual_ns / 1000 : g_get_real_time ();
}

static gint64
time_now (KelvinClock *self, KelvinTime time)
{
  return time == KELVIN_TIME_MONOTONIC ? kelvin_clock_now_ns (self)
                                       : kelvin_clock_virtual_ns (self);
}

/* When, in monotonic time, a timer falls due; G_MAXINT64 while its time stands still. */
static gint64
monotonic_due_ns (KelvinClock *self, const KelvinTimer *timer)
{
  if (timer->time == KELVIN_TIME_MONOTONIC)
    return timer->due_ns;
  if (self->speed == 0.0)
    return timer->due_ns <= self->virtual_base_ns ? self->monotonic_base_ns : G_MAXINT64;

  double wait = (double) (timer->due_ns - self->virtual_base_ns) / self->speed;

  return wait >= (double) (G_MAXINT64 / 2) ? G_MAXINT64 : self->monotonic_base_ns + (gint64) wait;
}

static KelvinTimer *
next_timer (KelvinClock *self, gint64 *out_due_ns)
{
  KelvinTimer *next = NULL;

  *out_due_ns = G_MAXINT64;
  for (guint i = 0; i < G_N_ELEMENTS (self->heaps); i++)
    {
      KelvinTimer *first = heap_peek (&self->heaps[i]);
      gint64 due_ns = first != NULL ? monotonic_due_ns (self, first) : G_MAXINT64;

      if (first == NULL || due_ns >= *out_due_ns)
        continue;
      *out_due_ns = due_ns;
      next = first;
    }
  return next;
}

static void
arm (KelvinClock *self, gint64 due_ns)
{
  struct itimerspec at = { 0 };

  self->armed_ns = due_ns;
  at.it_value.tv_sec = due_ns / NS_PER_SECOND;
  at.it_value.tv_nsec = due_ns % NS_PER_SECOND;
  if (timerfd_settime (self->timer_fd, TFD_TIMER_ABSTIME, &at, NULL) < 0)
    g_error ("timerfd_settime: %s", g_strerror (errno));
}

static void
call_timer (KelvinTimer *timer)
{
  heap_remove (&timer->clock->heaps[timer->time], timer);
  timer->func (timer->user_data);
  g_free (timer);
}

static gboolean
clock_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  KelvinClock *self = ((ClockSource *) source)->clock;
  gint64 now_ns = kelvin_clock_now_ns (self);
  guint64 newest = self->serial; /* timers made by callbacks wait for the next turn */
  guint64 expirations;
  gint64 due_ns;

  /* The counter is of no interest; reading it makes the descriptor quiet. */
  if (read (self->timer_fd, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
    g_error ("reading a timerfd: %s", g_strerror (errno));
  if (self->armed_ns <= now_ns)
    self->armed_ns = G_MAXINT64;
  for (KelvinTimer *timer = next_timer (self, &due_ns);
       timer != NULL && due_ns <= now_ns && timer->serial <= newest;
       timer = next_timer (self, &due_ns))
    call_timer (timer);

  return G_SOURCE_CONTINUE;
}

/* Once before each wait, whatever was added and cancelled in the turn, and never for a later time
 * than is armed already: setting a timer costs more than waking up once for nothing (two fifths of
 * an engine with 200 busy environments on a virtual machine, where each setting leaves the guest).
 */
static gboolean
clock_source_prepare (GSource *source, int *timeout_ms)
{
  KelvinClock *self = ((ClockSource *) source)->clock;
  gint64 due_ns;

  *timeout_ms = -1;
  if (next_timer (self, &due_ns) == NULL || due_ns >= self->armed_ns)
    return FALSE;
  if (due_ns <= kelvin_clock_now_ns (self))
    return TRUE;
  arm (self, due_ns);
  return FALSE;
}

static GSourceFuncs clock_source_funcs = {
  .prepare = clock_source_prepare,
  .dispatch = clock_source_dispatch,
};

static void
attach (KelvinClock *self, GMainContext *context)
{
  self->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->timer_fd < 0)
    g_error ("timerfd_create: %s", g_strerror (errno));
  self->source = g_source_new (&clock_source_funcs, sizeof (ClockSource));
  ((ClockSource *) self->source)->clock = self;
  g_source_set_static_name (self->source, "kelvin-clock");
  g_source_add_unix_fd (self->source, self->timer_fd, G_IO_IN);
  g_source_attach (self->source, context);
}

KelvinClock *
kelvin_clock_new (GMainContext *context, KelvinClockKind kind)
{
  KelvinClock *self = g_new0 (KelvinClock, 1);

  self->kind = kind;
  self->speed = 1.0;
  self->armed_ns = G_MAXINT64;
  self->timer_fd = -1;
  for (guint i = 0; i < G_N_ELEMENTS (self->heaps); i++)
    self->heaps[i].timers = g_ptr_array_new ();
  if (kind == KELVIN_CLOCK_REAL)
    attach (self, context);

  return self;
}

void
kelvin_clock_free (KelvinClock *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->heaps); i++)
    {
      g_ptr_array_foreach (self->heaps[i].timers, (GFunc) (void *) g_free, NULL);
      g_ptr_array_unref (self->heaps[i].timers);
    }
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  kelvin_fd_clear (&self->timer_fd);
  g_free (self);
}

void
kelvin_clock_set_speed (KelvinClock *self, double factor)
{
  g_return_if_fail (factor >= 0.0);

  gint64 now_ns = kelvin_clock_now_ns (self);

  self->virtual_base_ns = kelvin_clock_virtual_ns (self);
  self->monotonic_base_ns = now_ns;
  self->speed = factor;
}

void
kelvin_clock_step (KelvinClock *self, gint64 ns)
{
  g_return_if_fail (ns >= 0);

  gint64 now_ns = kelvin_clock_now_ns (self);

  self->virtual_base_ns = kelvin_clock_virtual_ns (self) + ns;
  self->monotonic_base_ns = now_ns;
}

KelvinTimer *
kelvin_clock_add (KelvinClock *self, KelvinTime time, gint64 delay_ns, KelvinTimerFunc func,
                  gpointer user_data)
{
  g_return_val_if_fail (func != NULL, NULL);

  KelvinTimer *timer = g_new0 (KelvinTimer, 1);

  timer->clock = self;
  timer->time = time;
  timer->due_ns = time_now (self, time) + MAX (delay_ns, 0);
  timer->serial = ++self->serial;
  timer->func = func;
  timer->user_data = user_data;
  heap_add (&self->heaps[time], timer);

  return timer;
}

void
kelvin_timer_cancel (KelvinTimer *timer)
{
  if (timer == NULL)
    return;

  KelvinClock *clock = timer->clock;

  heap_remove (&clock->heaps[timer->time], timer);
  g_free (timer);
}

void
kelvin_clock_advance (KelvinClock *self, gint64 ns)
{
  g_return_if_fail (self->kind == KELVIN_CLOCK_MANUAL);
  g_return_if_fail (ns >= 0);

  gint64 end_ns = self->manual_ns + ns;
  gint64 due_ns;

  for (KelvinTimer *timer = next_timer (self, &due_ns); timer != NULL && due_ns <= end_ns;
       timer = next_timer (self, &due_ns))
    {
      self->manual_ns = MAX (self->manual_ns, due_ns);
      call_timer (timer);
    }
  self->manual_ns = end_ns;
}
