#include "app/function-operand.h"

#include "app/output.h"

KelvinFunction *
kelvin_function_operand_load (const char *dir, GError **error)
{
  g_autoptr (KelvinFunction) function = kelvin_function_load (dir, error);

  if (function == NULL)
    return NULL;
  const char *const *warnings = kelvin_function_get_warnings (function);
  for (gsize i = 0; warnings[i] != NULL; i++)
    kelvin_say_warning ("%s", warnings[i]);
  return g_steal_pointer (&function);
}
