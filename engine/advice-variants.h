#pragma once

#include "engine/analysis/advice.h"
#include "engine/analysis/import-profile.h"
#include "engine/analysis/cost.h"
#include "engine/environment/target.h"

G_BEGIN_DECLS

/* An advice, and a version of the function that follows it. */
typedef struct {
  KelvinAdvice *advice; /* whoever takes it leaves NULL */
  KelvinTarget *target; /* nullable: there is nothing to try */
} KelvinVariant;

typedef struct {
  char *folder;        /* where their code lies; removed with them */
  GPtrArray *variants; /* of KelvinVariant */
} KelvinVariants;

/* What could help, by what was recorded of @target's init; in a worker thread. @price_table: for
 * provisioned environments; outlives the call. Variants lie below @data_dir. */
void kelvin_variants_make_async (KelvinTarget *target, KelvinImportProfile *imports,
                                 KelvinPriceTable *price_table, const char *data_dir,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
KelvinVariants *kelvin_variants_make_finish (GAsyncResult *result, GError **error);
/* Blocking: removes what was made. */
void kelvin_variants_free (KelvinVariants *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinVariants, kelvin_variants_free)

G_END_DECLS
