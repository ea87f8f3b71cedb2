#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name of a function as callers write it (reference, section 5.1): NAME, NAME:QUALIFIER,
 * ACCOUNT:function:NAME[:QUALIFIER] or the whole ARN. FALSE where it is none of them. Both
 * (transfer full); *out_qualifier NULL where none is given. */
gboolean kelvin_function_name_parse (const char *text, char **out_name, char **out_qualifier);

G_END_DECLS
