#include "app/await.h"

void
kelvin_await_cb (GObject *source, GAsyncResult *result, gpointer result_address)
{
  GAsyncResult **out_result = result_address;

  *out_result = g_object_ref (result);
}

void
kelvin_await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}
