#pragma once

#include "engine/analysis/import-profile.h"
#include "engine/environment/delivery.h"
#include "engine/environment/target.h"

G_BEGIN_DECLS

/* What the starts of a run recorded of their imports, on its way to an import profile. Engine
 * thread. */
typedef struct {
  guint imports_left; /* starts that are to record, still to come */
  guint files_left;   /* likewise, those that look at files and memory too */
  guint total;        /* of both */
  GArray *starts;     /* of KelvinRecordedStart */
  GBytes *files;      /* nullable: the report with files and memory */
} KelvinImportMeasurement;

/* For a profile of @n_cold cold starts. */
KelvinImportMeasurement *kelvin_import_measurement_new (guint n_cold);
void kelvin_import_measurement_free (KelvinImportMeasurement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinImportMeasurement, kelvin_import_measurement_free)

/* What the next start is to record; NOTHING when all are done. */
KelvinRecording kelvin_import_measurement_next (KelvinImportMeasurement *self);
/* Records nothing: a runtime of the function's own tells nothing. */
void kelvin_import_measurement_skip (KelvinImportMeasurement *self);
guint kelvin_import_measurement_count_left (KelvinImportMeasurement *self);
void kelvin_import_measurement_add (KelvinImportMeasurement *self, const KelvinDelivery *delivery);

/* Is it time for one, after @n_cold of @total cold starts that count? They are spread evenly. */
gboolean kelvin_import_measurement_is_due (KelvinImportMeasurement *self, guint n_cold,
                                           guint total);

/* @usual_init_ms: as kelvin_import_profile_new. Reads the reports and looks at the files of
 * @target's package, in a worker thread. */
void kelvin_import_measurement_evaluate_async (KelvinImportMeasurement *self, KelvinTarget *target,
                                               double usual_init_ms, GAsyncReadyCallback callback,
                                               gpointer user_data);
KelvinImportProfile *kelvin_import_measurement_evaluate_finish (GAsyncResult *result,
                                                                GError **error);

G_END_DECLS
