#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

typedef gboolean (*KelvinFieldRead) (KelvinFunction *function, JsonNode *value, GError **error);

/* One field of function.json. Tables of them end with a name of NULL. */
typedef struct {
  const char *name;
  KelvinFieldRead read; /* NULL: a field of the service that is kept, and does nothing here */
} KelvinField;

/* Reads the members of an object by its table, and warns about those that aren't in it; @prefix
 * stands before their names in messages. A field that is null counts as absent, as it does at the
 * service. */
gboolean kelvin_field_read_members (KelvinFunction *function, const char *prefix,
                                    JsonObject *object, const KelvinField *fields, GError **error);
/* Likewise, for the value of the field @name; @rule says what it should have been. */
gboolean kelvin_field_read_object (KelvinFunction *function, const char *name, JsonNode *value,
                                   const KelvinField *fields, const char *rule, GError **error);

/* @high G_MAXINT32: no upper end */
gboolean kelvin_field_read_whole (KelvinFunction *function, const char *field, JsonNode *value,
                                  gint64 low, gint64 high, guint *out_number, GError **error);
/* (transfer none): NULL with an error where it isn't a string */
const char *kelvin_field_read_string (KelvinFunction *function, const char *field, JsonNode *value,
                                      const char *rule, GError **error);
gboolean kelvin_field_read_choice (KelvinFunction *function, const char *field, JsonNode *value,
                                   const char *const *choices, const char *rule, GError **error);

/* Warns about a field that is understood and kept, but that nothing heeds yet. */
void kelvin_field_warn_unheeded (KelvinFunction *function, const char *field);

/* "FILE: FIELD is VALUE; it must be RULE"; returns FALSE. */
gboolean kelvin_field_refuse (KelvinFunction *function, const char *field, JsonNode *value,
                              const char *rule, GError **error);

G_END_DECLS
