#pragma once

#include "engine/model/admission.h"
#include "engine/model/throttle.h"

G_BEGIN_DECLS

/* What an account and its functions use of their limits (reference, section 9): counts and rates
 * alone, no clock and no environment. Times are virtual, in nanoseconds. */
typedef struct _KelvinQuota KelvinQuota;
typedef struct _KelvinQuotaFunction KelvinQuotaFunction;

KelvinQuota *kelvin_quota_new (void);
void kelvin_quota_free (KelvinQuota *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinQuota, kelvin_quota_free)

/* What is counted for one function; it lives as long as @self. */
KelvinQuotaFunction *kelvin_quota_get_function (KelvinQuota *self, const char *dir);

typedef enum { KELVIN_QUOTA_IDLE_ENVIRONMENT, KELVIN_QUOTA_NEW_ENVIRONMENT } KelvinQuotaNeed;

/* Takes a place for one event, or says which limit is in the way, in the service's order: reserved
 * concurrency, account, requests a second, scaling rate. Each place taken is given back once. */
KelvinThrottle kelvin_quota_take (KelvinQuotaFunction *function, const KelvinAdmissionRules *rules,
                                  KelvinQuotaNeed need, gint64 now_ns);
void kelvin_quota_give_back (KelvinQuotaFunction *function);

guint kelvin_quota_get_in_use (KelvinQuotaFunction *function);

G_END_DECLS
