#include "engine/runtime/http-syntax.h"

#include <string.h>

gboolean
kelvin_slice_is (KelvinSlice slice, const char *word)
{
  return slice.length == strlen (word) && g_ascii_strncasecmp (slice.text, word, slice.length) == 0;
}

static gboolean
is_token_character (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

gboolean
kelvin_slice_is_token (KelvinSlice slice)
{
  for (gsize i = 0; i < slice.length; i++)
    if (!is_token_character (slice.text[i]))
      return FALSE;

  return slice.length > 0;
}

/* No control character but the tab: above all no NUL, and no CR of its own. */
gboolean
kelvin_slice_is_field_text (KelvinSlice slice)
{
  for (gsize i = 0; i < slice.length; i++)
    if (g_ascii_iscntrl (slice.text[i]) && slice.text[i] != '\t')
      return FALSE;

  return TRUE;
}

gboolean
kelvin_slice_is_target (KelvinSlice slice)
{
  for (gsize i = 0; i < slice.length; i++)
    if (!g_ascii_isgraph (slice.text[i]))
      return FALSE;

  return slice.length > 0;
}

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

KelvinSlice
kelvin_slice_trim (KelvinSlice slice)
{
  while (slice.length > 0 && is_blank (slice.text[0]))
    {
      slice.text++;
      slice.length--;
    }
  while (slice.length > 0 && is_blank (slice.text[slice.length - 1]))
    slice.length--;

  return slice;
}

gboolean
kelvin_slice_split (KelvinSlice slice, char separator, KelvinSlice *out_first,
                    KelvinSlice *out_rest)
{
  const char *at = memchr (slice.text, separator, slice.length);

  if (at == NULL)
    return FALSE;

  gsize length = (gsize) (at - slice.text);

  *out_first = (KelvinSlice){ slice.text, length };
  *out_rest = (KelvinSlice){ at + 1, slice.length - length - 1 };

  return TRUE;
}

gboolean
kelvin_slice_split_field (KelvinSlice line, KelvinSlice *out_name, KelvinSlice *out_value)
{
  KelvinSlice name;
  KelvinSlice value;

  if (!kelvin_slice_split (line, ':', &name, &value) || !kelvin_slice_is_token (name) ||
      !kelvin_slice_is_field_text (value))
    return FALSE;
  *out_name = name;
  *out_value = kelvin_slice_trim (value);

  return TRUE;
}
