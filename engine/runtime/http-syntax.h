#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A part of a text that lives elsewhere. */
typedef struct {
  const char *text;
  gsize length;
} KelvinSlice;

/* The small words of HTTP's grammar (RFC 9110, section 5). */
gboolean kelvin_slice_is (KelvinSlice slice, const char *word); /* ASCII case doesn't matter */
gboolean kelvin_slice_is_token (KelvinSlice slice);
gboolean kelvin_slice_is_field_text (KelvinSlice slice);
gboolean kelvin_slice_is_target (KelvinSlice slice);
KelvinSlice kelvin_slice_trim (KelvinSlice slice); /* spaces and tabs */
/* At the first @separator; @out_rest is what stands behind it. FALSE where there is none. */
gboolean kelvin_slice_split (KelvinSlice slice, char separator, KelvinSlice *out_first,
                             KelvinSlice *out_rest);
/* "name: value", checked and trimmed */
gboolean kelvin_slice_split_field (KelvinSlice line, KelvinSlice *out_name, KelvinSlice *out_value);

G_END_DECLS
