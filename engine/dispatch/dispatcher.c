#include "engine/dispatch/dispatcher.h"

#include <string.h>

#include "engine/dispatch/quota.h"
#include "engine/environment/fault.h"

/* An environment and what the dispatcher knows of it. */
typedef struct {
  KelvinDispatcher *dispatcher;
  KelvinEnvironment *environment;
  char *run_id;          /* of the call under way or last: its transitions are that run's */
  KelvinCall *call;      /* NULL while idle */
  KelvinCall *last_call; /* settled, but told only when the environment is dead */
  KelvinTimer *idle;     /* retires it; NULL while busy */
  const char *retire_as; /* why it ends after the call under way; NULL: it stays */
  gboolean answered; /* the call's caller has its answer; only the end of the attempt is awaited */
  KelvinCall *waiting; /* a call that takes it next; NULL: none does */
  gboolean provisioned;
} Member;

struct _KelvinCall {
  KelvinDispatcher *dispatcher;
  Member *member;     /* NULL while it is being refused */
  KelvinTimer *timer; /* of its refusal, or of its patience with a member that isn't done */
  KelvinTarget *target;
  char *run_id;
  KelvinDelivery *delivery;
  KelvinCallFlags flags;
  KelvinAdmissionRules rules;
  KelvinQuotaFunction *quota; /* of its function */
  gboolean has_place;         /* in it */
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
  KelvinQuota *quota;
  KelvinFreeMemory *memory;
  gint64 idle_ns;
  guint n_provisioned;
  guint n_answered; /* members whose caller has its answer while the attempt goes on */
  guint64 last_number;
  void (*closed) (gpointer);
  gpointer closed_data;
};

/* The service promises no idle time; ten minutes were measured (reference, section 9). */
#define IDLE_NS (G_GINT64_CONSTANT (600) * 1000000000)
/* Provisioned ones stay until they are retired: fifty years. */
#define NEVER_NS (G_GINT64_CONSTANT (50) * 365 * 86400 * 1000000000)
/* A caller that sends its next event right after an answer finds the environment still asking for
 * it: that takes microseconds, and a cold start for it would be absurd. One that takes longer (work
 * after the response) is not waited for. */
#define PATIENCE_NS (G_GINT64_CONSTANT (5) * 1000000)

static void admit (KelvinCall *call);

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
  g_assert (call->timer == NULL);
  kelvin_delivery_free (call->delivery);
  kelvin_target_unref (call->target);
  g_free (call->run_id);
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
      kelvin_clock_add (self->host->clock, KELVIN_TIME_VIRTUAL,
                        member->provisioned ? NEVER_NS : self->idle_ns, idle_too_long_cb, member);
}

/* One whose caller has been answered, and which nobody waits for yet. */
static Member *
find_nearly_idle (KelvinDispatcher *self, const char *hash)
{
  GHashTableIter iter;
  gpointer key;

  if (self->n_answered == 0)
    return NULL;
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Member *member = key;

      if (member->answered && member->waiting == NULL && member->retire_as == NULL &&
          strcmp (version_hash (member), hash) == 0)
        return member;
    }
  return NULL;
}

/* The most recently used; provisioned ones before those on demand. */
static Member *
find_idle (KelvinDispatcher *self, const char *hash)
{
  Member *found = NULL;

  for (guint i = self->idle->len; i > 0; i--)
    {
      Member *member = g_ptr_array_index (self->idle, i - 1);

      /* Idle ones come to their end by themselves too, and are dead only later. */
      if (kelvin_environment_get_state (member->environment) != KELVIN_STATE_IDLE ||
          strcmp (version_hash (member), hash) != 0)
        continue;
      if (member->provisioned || self->n_provisioned == 0)
        return member;
      if (found == NULL)
        found = member;
    }
  return found;
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

  member->answered = TRUE;
  member->dispatcher->n_answered++;
  call->events.responded (call, delivery, call->user_data);
  note_answered (member->dispatcher, delivery);
}

static void
give_place_back (KelvinCall *call)
{
  if (!call->has_place)
    return;
  call->has_place = FALSE;
  kelvin_quota_give_back (call->quota);
  if (call->events.released != NULL)
    call->events.released (call, call->user_data);
}

static void
end_call (KelvinCall *call, guint64 environment)
{
  call->events.settled (call, call->delivery, environment, call->user_data);
  call_free (call);
}

/* The call that waited for @member gets it, or where that has ended, another. */
static void
hand_to_waiting (Member *member)
{
  KelvinCall *call = g_steal_pointer (&member->waiting);

  if (call == NULL)
    return;
  g_clear_pointer (&call->timer, kelvin_timer_cancel);
  call->member = NULL;
  admit (call);
}

static void
settled_cb (KelvinEnvironment *environment, KelvinDelivery *delivery, gpointer user_data)
{
  Member *member = user_data;
  KelvinCall *call = g_steal_pointer (&member->call);
  gboolean idle = kelvin_environment_get_state (environment) == KELVIN_STATE_IDLE;

  give_place_back (call);
  if (member->answered)
    member->dispatcher->n_answered--;
  member->answered = FALSE;
  if (idle && member->retire_as != NULL)
    kelvin_environment_stop (environment, member->retire_as);
  else if (idle)
    put_to_idle (member);
  hand_to_waiting (member);
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
  if (member->provisioned)
    self->n_provisioned--;
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
add_member (KelvinDispatcher *self, const KelvinCall *call)
{
  Member *member = g_new0 (Member, 1);

  member->dispatcher = self;
  member->run_id = g_strdup (call->run_id);
  member->environment = kelvin_environment_new (self->host, call->target, ++self->last_number,
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

  call->timer = NULL;
  g_hash_table_remove (call->dispatcher->refusals, call);
  delivery->responded_ns = kelvin_clock_now_ns (call->dispatcher->host->clock);
  delivery->phases.us[KELVIN_PHASE_QUEUE] = (delivery->responded_ns - delivery->arrived_ns) / 1000;
  call->events.responded (call, delivery, call->user_data);
  end_call (call, 0);
}

/* In a turn of its own: no event comes from inside a call. */
static void
refuse (KelvinCall *call, KelvinThrottle throttle)
{
  KelvinDispatcher *self = call->dispatcher;
  const char *reason = kelvin_throttle_get_reason (throttle);
  g_autofree char *body = g_strdup_printf (
      "{\"Reason\":\"%s\",\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}", reason);

  call->delivery->status = KELVIN_STATUS_THROTTLED;
  call->delivery->throttle = throttle;
  call->delivery->error_type = g_strdup (reason);
  call->delivery->payload = g_bytes_new (body, strlen (body));
  g_hash_table_add (self->refusals, call);
  call->timer = kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC, 0, refused_cb, call);
}

static void
serve_call (Member *member, KelvinCall *call)
{
  call->member = member;
  member->call = call;
  g_free (member->run_id);
  member->run_id = g_strdup (call->run_id);
  if (call->flags & KELVIN_CALL_LAST)
    member->retire_as = "not needed any more";
  if (call->flags & KELVIN_CALL_PROVISION)
    {
      call->delivery->provisions = TRUE;
      member->provisioned = TRUE;
      member->dispatcher->n_provisioned++;
    }
  kelvin_environment_serve (member->environment, call->delivery);
  if (member->provisioned && call->delivery->start == KELVIN_START_WARM)
    call->delivery->start = KELVIN_START_PROVISIONED;
}

/* Idle environments take memory, so the one that was unused for longest makes room. */
static void
make_room (KelvinDispatcher *self)
{
  if (g_hash_table_size (self->members) < KELVIN_ACCOUNT_CONCURRENCY || self->idle->len == 0)
    return;

  Member *oldest = g_ptr_array_index (self->idle, 0);

  take_from_idle (oldest);
  kelvin_environment_stop (oldest->environment, "its place was needed");
}

/* Concurrency is what is busy; idle environments use none of it. */
static gboolean
take_place (KelvinCall *call, KelvinQuotaNeed need)
{
  KelvinClock *clock = call->dispatcher->host->clock;
  KelvinThrottle throttle =
      kelvin_quota_take (call->quota, &call->rules, need, kelvin_clock_virtual_ns (clock));

  call->has_place = throttle == KELVIN_THROTTLE_NONE;
  if (!call->has_place)
    refuse (call, throttle);
  else if (call->events.admitted != NULL)
    call->events.admitted (call, call->user_data);
  return call->has_place;
}

/* What runs is kept: the machine's memory ends before its processes are killed for it. */
static gboolean
has_memory (KelvinCall *call)
{
  KelvinDispatcher *self = call->dispatcher;

  if (kelvin_free_memory_has_room (self->memory, kelvin_clock_now_ns (self->host->clock)))
    return TRUE;
  refuse (call, KELVIN_THROTTLE_MACHINE_MEMORY);
  return FALSE;
}

static void
start_new (KelvinCall *call)
{
  KelvinDispatcher *self = call->dispatcher;

  if (!has_memory (call) || !take_place (call, KELVIN_QUOTA_NEW_ENVIRONMENT))
    return;
  make_room (self);
  serve_call (add_member (self, call), call);
}

static void
patience_over_cb (gpointer user_data)
{
  KelvinCall *call = user_data;

  call->timer = NULL;
  call->member->waiting = NULL;
  call->member = NULL;
  start_new (call);
}

static void
wait_for (Member *member, KelvinCall *call)
{
  KelvinClock *clock = call->dispatcher->host->clock;

  member->waiting = call;
  call->member = member;
  call->timer =
      kelvin_clock_add (clock, KELVIN_TIME_MONOTONIC, PATIENCE_NS, patience_over_cb, call);
}

/* An idle environment, else one that is about to be, else a new one. */
static void
admit (KelvinCall *call)
{
  KelvinDispatcher *self = call->dispatcher;
  const char *hash = kelvin_version_get_hash (call->target->version);
  gboolean may_reuse = (call->flags & (KELVIN_CALL_COLD | KELVIN_CALL_PROVISION)) == 0;
  Member *idle = may_reuse ? find_idle (self, hash) : NULL;
  Member *nearly = may_reuse && idle == NULL ? find_nearly_idle (self, hash) : NULL;

  if (idle != NULL)
    {
      if (!take_place (call, KELVIN_QUOTA_IDLE_ENVIRONMENT))
        return;
      take_from_idle (idle);
      serve_call (idle, call);
    }
  else if (nearly != NULL)
    {
      wait_for (nearly, call);
    }
  else
    {
      start_new (call);
    }
}

static void
set_rules (KelvinCall *call, const KelvinCallRequest *request)
{
  KelvinFunction *function = kelvin_version_get_function (call->target->version);

  call->quota =
      kelvin_quota_get_function (call->dispatcher->quota, kelvin_function_get_dir (function));
  if (request->rules != NULL)
    call->rules = *request->rules;
  else
    call->rules.reserved = kelvin_function_get_reserved_concurrency (function);
}

KelvinCall *
kelvin_dispatcher_invoke (KelvinDispatcher *self, const KelvinCallRequest *request,
                          const KelvinCallEvents *events, gpointer user_data)
{
  KelvinCall *call = g_new0 (KelvinCall, 1);

  call->dispatcher = self;
  call->target = kelvin_target_ref (request->target);
  call->run_id = g_strdup (request->run_id);
  call->flags = request->flags;
  set_rules (call, request);
  call->events = *events;
  call->user_data = user_data;
  call->delivery = kelvin_delivery_new (request->event, kelvin_clock_now_ns (self->host->clock));
  if (request->due_ns > 0)
    call->delivery->arrived_ns = MIN (request->due_ns, call->delivery->arrived_ns);
  call->delivery->client_context = g_strdup (request->client_context);
  call->delivery->recording = request->recording;
  if (request->trace_id != NULL)
    {
      g_free (call->delivery->trace_id);
      call->delivery->trace_id = g_strdup (request->trace_id);
    }
  admit (call);

  return call;
}

/* It waits for a member, or is being refused: no environment has it. */
static void
give_up (KelvinCall *call)
{
  g_clear_pointer (&call->timer, kelvin_timer_cancel);
  if (call->member != NULL)
    call->member->waiting = NULL;
  g_hash_table_remove (call->dispatcher->refusals, call);
  call->delivery->status = KELVIN_STATUS_CANCELLED;
  end_call (call, 0);
}

void
kelvin_call_cancel (KelvinCall *call)
{
  if (call->timer != NULL)
    give_up (call);
  else
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

guint
kelvin_dispatcher_count_of (KelvinDispatcher *self, const char *dir)
{
  GHashTableIter iter;
  gpointer key;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    count += strcmp (function_dir (key), dir) == 0;
  return count;
}

/* --- provisioned environments --- */

static void
nobody_asked_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static void
provisioned_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
                gpointer user_data)
{
}

static const KelvinCallEvents provision_events = { .responded = nobody_asked_cb,
                                                   .settled = provisioned_cb };

static guint
count_provisioned (KelvinDispatcher *self, const char *hash)
{
  GHashTableIter iter;
  gpointer key;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    count += ((Member *) key)->provisioned && strcmp (version_hash (key), hash) == 0;
  return count;
}

void
kelvin_dispatcher_provision (KelvinDispatcher *self, KelvinTarget *target, const char *run_id,
                             guint n)
{
  static const KelvinAdmissionRules unlimited = { .admission = KELVIN_ADMISSION_FREE,
                                                  .reserved = -1 };
  g_autoptr (GBytes) nothing = g_bytes_new_static ("{}", 2);
  KelvinCallRequest request = {
    .target = target,
    .run_id = run_id,
    .event = nothing,
    .flags = KELVIN_CALL_PROVISION,
    .rules = &unlimited,
  };

  for (guint have = count_provisioned (self, kelvin_version_get_hash (target->version)); have < n;
       have++)
    kelvin_dispatcher_invoke (self, &request, &provision_events, NULL);
}

gboolean
kelvin_dispatcher_is_provisioning (KelvinDispatcher *self, const char *dir)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Member *member = key;

      if (member->call != NULL && (member->call->flags & KELVIN_CALL_PROVISION) &&
          strcmp (function_dir (member), dir) == 0)
        return TRUE;
    }
  return FALSE;
}

void
kelvin_dispatcher_end_provisioned (KelvinDispatcher *self, const char *dir)
{
  g_autoptr (GList) members = g_hash_table_get_keys (self->members);

  for (GList *at = members; at != NULL; at = at->next)
    {
      Member *member = at->data;

      if (member->provisioned && strcmp (function_dir (member), dir) == 0)
        retire_member (member, "provisioned no more");
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

      if (member->waiting != NULL)
        give_up (member->waiting);
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
  self->quota = kelvin_quota_new ();
  self->memory = kelvin_free_memory_new (NULL, NULL);
  self->idle_ns = IDLE_NS;
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
  kelvin_quota_free (self->quota);
  kelvin_free_memory_free (self->memory);
  g_ptr_array_unref (self->idle);
  g_free (self);
}

void
kelvin_dispatcher_set_memory_func (KelvinDispatcher *self, KelvinMemoryFunc func,
                                   gpointer user_data)
{
  kelvin_free_memory_free (self->memory);
  self->memory = kelvin_free_memory_new (func, user_data);
}

void
kelvin_dispatcher_set_idle_ns (KelvinDispatcher *self, gint64 idle_ns)
{
  self->idle_ns = idle_ns;
}

guint
kelvin_dispatcher_count_environments (KelvinDispatcher *self)
{
  return g_hash_table_size (self->members);
}
