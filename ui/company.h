#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* The starts that a result is shown beside: the last warm one before it, and the median one of the
 * last cold starts, both of the same version. */
typedef struct {
  KelvinInvocation *last_warm;   /* nullable */
  KelvinInvocation *median_cold; /* nullable: a real start, nearest to the median */
  guint n_cold;                  /* that it is the median of */
} KelvinCompany;

void kelvin_company_free (KelvinCompany *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinCompany, kelvin_company_free)

void kelvin_company_find_async (KelvinStore *store, KelvinInvocation *invocation,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
KelvinCompany *kelvin_company_find_finish (GAsyncResult *result, GError **error);

/* Of @starts (element-type KelvinInvocation) the one nearest to the median; NULL if empty. */
KelvinInvocation *kelvin_company_find_median (GPtrArray *starts);

G_END_DECLS
