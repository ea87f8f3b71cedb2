#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name of the package that a line of requirements.txt asks for, as it stands there. NULL for
 * empty lines, comments, options, bare addresses and paths, and for what is asked for under a
 * condition alone
 * ("; python_version < …"). (transfer full) */
char *kelvin_requirement_name (const char *line);

/* Package names are equal when their normal forms are (PEP 503): "Zope.Interface" is
 * "zope-interface". (transfer full) */
char *kelvin_requirement_normalize (const char *name);

G_END_DECLS
