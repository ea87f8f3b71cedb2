#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KELVIN_TEMPLATE_ERROR (kelvin_template_error_quark ())
typedef enum {
  KELVIN_TEMPLATE_ERROR_NOT_FOUND, /* no such template: the message lists those that there are */
  KELVIN_TEMPLATE_ERROR_WRONG_RUNTIME, /* unknown, or of another language than the template */
  KELVIN_TEMPLATE_ERROR_NOT_EMPTY,     /* something stands where the function would be made */
  KELVIN_TEMPLATE_ERROR_NOT_BUILT,     /* made, but it needs compiling: the message says how */
} KelvinTemplateError;
GQuark kelvin_template_error_quark (void);

/* Templates are folders with a function that runs as it is: data/templates/NAME. */

/* Their names, sorted. Blocking. */
char **kelvin_template_list (const char *templates_dir);
/* The folder of @name, or of the one that is usual for @runtime where @name is NULL. Blocking. */
char *kelvin_template_find (const char *templates_dir, const char *name, const char *runtime,
                            GError **error);
/* Makes a function of @runtime in @dir, which must be empty or not exist: copies the template,
 * names the function after the folder, and runs make where there is a Makefile. Nothing is left
 * behind on failure, except with NOT_BUILT. Blocking: a compiler may run. */
gboolean kelvin_template_create (const char *template_dir, const char *dir, const char *runtime,
                                 GError **error);

G_END_DECLS
