#include "engine/dispatch/dispatcher.h"

#include <string.h>

#include "engine/environment/fault.h"

/* An environment and what the dispatcher knows of it. */
typedef struct {
  KelvinDispatcher *dispatcher;
  KelvinEnvironment *environment;
  char *run_id;
  KelvinCall *call;      /* NULL while idle */
  KelvinCall *last_call; /* settled, but told only when the environment is dead */
  KelvinTimer *idle;     /* retires it; NULL while busy */
  const char *retire_as; /* why it ends after the call under way; NULL: it stays */
} Member;

struct _KelvinCall {
  KelvinDispatcher *dispatcher;
  Member *member; /* NULL while it is being refused */
  KelvinTimer *refusal;
  KelvinDelivery *delivery;
  KelvinCallFlags flags;
  KelvinCallEvents events;
  gpointer user_data;
};

struct _KelvinDispatcher {
  const KelvinEnvironmentHost *host;
  KelvinTransitionFunc moved;
  gpointer user_data;

  GHashTable *members;  /* Member, a set */
  GPtrArray *idle;      /* of Member: the most recently used last */
  GHashTable *refusals; /* KelvinCall, a set */
  guint64 last_number;
  void (*closed) (gpointer);
  gpointer closed_data;
};

/* The service promises no idle time; ten minutes were measured (reference, section 9). */
#define IDLE_NS (G_GINT64_CONSTANT (600) * 1000000000)

static const char *
version_hash (const Member *member)
{
  return kelvin_version_get_hash (kelvin_environment_get_target (member->environment)->version);
}

static const char *
function_dir (const Member *member)
{
  KelvinTarget *target = kelvin_environment_get_target (member->environment);

  return kelvin_function_get_dir (kelvin_version_get_function (target->version));
}

static void
member_free (Member *member)
{
  g_assert (member->call == NULL);
  g_clear_pointer (&member->idle, kelvin_timer_cancel);
  kelvin_environment_free (member->environment);
  g_free (member->run_id);
  g_free (member);
}

static void
call_free (KelvinCall *call)
{
  kelvin_delivery_free (call->delivery);
  g_free (call);
}

/* --- idle environments --- */

static void
take_from_idle (Member *member)
{
  g_clear_pointer (&member->idle, kelvin_timer_cancel);
  g_ptr_array_remove (member->dispatcher->idle, member);
}

static void
idle_too_long_cb (gpointer user_data)
{
  Member *member = user_data;

  member->idle = NULL;
  take_from_idle (member);
  kelvin_environment_stop (member->environment, "idle too long");
}

static void
put_to_idle (Member *member)
{
  KelvinDispatcher *self = member->dispatcher;

  g_ptr_array_add (self->idle, member);
  member->idle =
      kelvin_clock_add (self->host->clock, KELVIN_TIME_VIRTUAL, IDLE_NS, idle_too_long_cb, member);
}

static Member *
find_idle (KelvinDispatcher *self, const char *hash)
{
  for (guint i = self->idle->len; i > 0; i--)
    {
      Member *member = g_ptr_array_index (self->idle, i - 1);

      if (strcmp (version_hash (member), hash) == 0)
        return member;
    }
  return NULL;
}

/* --- what environments tell --- */

static void
moved_cb (KelvinEnvironment *environment, const KelvinTransition *transition, gpointer user_data)
{
  Member *member = user_data;

  member->dispatcher->moved (member->run_id, transition, member->dispatcher->user_data);
}

/* The caller has its answer: `responded` has handed it over. */
static void
note_answered (KelvinDispatcher *self, KelvinDelivery *delivery)
{
  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);

  delivery->phases.us[KELVIN_PHASE_RESPONSE] = MAX (now_ns - delivery->responded_ns, 0) / 1000;
}

static void
responded_cb (KelvinEnvironment *environment, KelvinDelivery *delivery, gpointer user_data)
{
  Member *member = user_data;
  KelvinCall *call = member->call;

  call->events.responded (call, delivery, call->user_data);
  note_answered (member->dispatcher, delivery);
}

static void
end_call (KelvinCall *call, guint64 environment)
{
  call->events.settled (call, call->delivery, environment, call->user_data);
  call_free (call);
}

static void
settled_cb (KelvinEnvironment *environment, KelvinDelivery *delivery, gpointer user_data)
{
  Member *member = user_data;
  KelvinCall *call = g_steal_pointer (&member->call);
  gboolean idle = kelvin_environment_get_state (environment) == KELVIN_STATE_IDLE;

  if (idle && member->retire_as != NULL)
    kelvin_environment_stop (environment, member->retire_as);
  else if (idle)
    put_to_idle (member);
  if (call->flags & KELVIN_CALL_LAST)
    member->last_call = call;
  else
    end_call (call, kelvin_environment_get_number (environment));
}

static void
report_closed (KelvinDispatcher *self)
{
  if (self->closed != NULL && g_hash_table_size (self->members) == 0)
    self->closed (self->closed_data);
}

static void
dead_cb (KelvinEnvironment *environment, gpointer user_data)
{
  Member *member = user_data;
  KelvinDispatcher *self = member->dispatcher;

  if (member->idle != NULL)
    take_from_idle (member);
  if (member->last_call != NULL)
    end_call (g_steal_pointer (&member->last_call), kelvin_environment_get_number (environment));
  g_hash_table_remove (self->members, member);
  report_closed (self);
}

static const KelvinEnvironmentEvents environment_events = {
  .moved = moved_cb,
  .responded = responded_cb,
  .settled = settled_cb,
  .dead = dead_cb,
};

static Member *
add_member (KelvinDispatcher *self, const KelvinCallRequest *request)
{
  Member *member = g_new0 (Member, 1);

  member->dispatcher = self;
  member->run_id = g_strdup (request->run_id);
  member->environment = kelvin_environment_new (self->host, request->target, ++self->last_number,
                                                &environment_events, member);
  g_hash_table_add (self->members, member);

  return member;
}

/* --- admission --- */

static void
refused_cb (gpointer user_data)
{
  KelvinCall *call = user_data;
  KelvinDelivery *delivery = call->delivery;

  call->refusal = NULL;
  g_hash_table_remove (call->dispatcher->refusals, call);
  delivery->responded_ns = kelvin_clock_now_ns (call->dispatcher->host->clock);
  delivery->phases.us[KELVIN_PHASE_QUEUE] = (delivery->responded_ns - delivery->arrived_ns) / 1000;
  call->events.responded (call, delivery, call->user_data);
  end_call (call, 0);
}

/* In a turn of its own: no event comes from inside a call. */
static void
refuse (KelvinCall *call, const char *reason)
{
  KelvinDispatcher *self = call->dispatcher;
  g_autofree char *body = g_strdup_printf (
      "{\"Reason\":\"%s\",\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}", reason);

  call->delivery->status = KELVIN_STATUS_THROTTLED;
  call->delivery->error_type = g_strdup (reason);
  call->delivery->payload = g_bytes_new (body, strlen (body));
  g_hash_table_add (self->refusals, call);
  call->refusal = kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC, 0, refused_cb, call);
}

static Member *
choose (KelvinDispatcher *self, const KelvinCallRequest *request)
{
  Member *member = NULL;

  if ((request->flags & KELVIN_CALL_COLD) == 0)
    member = find_idle (self, kelvin_version_get_hash (request->target->version));
  if (member != NULL)
    take_from_idle (member);
  else if (g_hash_table_size (self->members) < KELVIN_ACCOUNT_CONCURRENCY)
    member = add_member (self, request);
  return member;
}

KelvinCall *
kelvin_dispatcher_invoke (KelvinDispatcher *self, const KelvinCallRequest *request,
                          const KelvinCallEvents *events, gpointer user_data)
{
  KelvinCall *call = g_new0 (KelvinCall, 1);

  call->dispatcher = self;
  call->flags = request->flags;
  call->events = *events;
  call->user_data = user_data;
  call->delivery = kelvin_delivery_new (request->event, kelvin_clock_now_ns (self->host->clock));
  call->delivery->client_context = g_strdup (request->client_context);
  if (request->trace_id != NULL)
    {
      g_free (call->delivery->trace_id);
      call->delivery->trace_id = g_strdup (request->trace_id);
    }

  call->member = choose (self, request);
  if (call->member == NULL)
    {
      refuse (call, "ConcurrentInvocationLimitExceeded");
      return call;
    }
  call->member->call = call;
  if (request->flags & KELVIN_CALL_LAST)
    call->member->retire_as = "not needed any more";
  kelvin_environment_serve (call->member->environment, call->delivery);

  return call;
}

void
kelvin_call_cancel (KelvinCall *call)
{
  if (call->member != NULL)
    kelvin_environment_stop (call->member->environment, "cancelled");
}

/* --- retiring and closing --- */

static void
retire_member (Member *member, const char *reason)
{
  if (member->call != NULL)
    {
      member->retire_as = reason;
      return;
    }
  if (member->idle != NULL)
    take_from_idle (member);
  kelvin_environment_stop (member->environment, reason);
}

void
kelvin_dispatcher_retire (KelvinDispatcher *self, const char *dir, const char *keep_hash,
                          const char *reason)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Member *member = key;

      if (strcmp (function_dir (member), dir) != 0)
        continue;
      if (keep_hash != NULL && strcmp (version_hash (member), keep_hash) == 0)
        continue;
      retire_member (member, reason);
    }
}

static void
closed_empty_cb (gpointer user_data)
{
  report_closed (user_data);
}

void
kelvin_dispatcher_close (KelvinDispatcher *self, void (*closed) (gpointer), gpointer user_data)
{
  g_autoptr (GList) members = g_hash_table_get_keys (self->members);

  self->closed = closed;
  self->closed_data = user_data;
  if (members == NULL)
    kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC, 0, closed_empty_cb, self);
  for (GList *at = members; at != NULL; at = at->next)
    {
      Member *member = at->data;

      if (member->idle != NULL)
        take_from_idle (member);
      kelvin_environment_stop (member->environment, "closing");
    }
}

KelvinDispatcher *
kelvin_dispatcher_new (const KelvinEnvironmentHost *host, KelvinTransitionFunc moved,
                       gpointer user_data)
{
  KelvinDispatcher *self = g_new0 (KelvinDispatcher, 1);

  self->host = host;
  self->moved = moved;
  self->user_data = user_data;
  self->members = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) member_free, NULL);
  self->idle = g_ptr_array_new ();
  self->refusals = g_hash_table_new (NULL, NULL);

  return self;
}

void
kelvin_dispatcher_free (KelvinDispatcher *self)
{
  g_return_if_fail (g_hash_table_size (self->members) == 0);
  g_return_if_fail (g_hash_table_size (self->refusals) == 0);

  g_hash_table_unref (self->members);
  g_hash_table_unref (self->refusals);
  g_ptr_array_unref (self->idle);
  g_free (self);
}

guint
kelvin_dispatcher_count_environments (KelvinDispatcher *self)
{
  return g_hash_table_size (self->members);
}
