#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

#define KELVIN_INTERPRETER_ERROR (kelvin_interpreter_error_quark ())
typedef enum {
  KELVIN_INTERPRETER_ERROR_NOT_FOUND, /* the message says how to get one */
  KELVIN_INTERPRETER_ERROR_BROKEN,    /* there, but it can't be run: the message has its output */
} KelvinInterpreterError;
GQuark kelvin_interpreter_error_quark (void);

/* A language interpreter of this machine: a real binary (shims of version managers resolved) and
 * its prefix. Found in /usr, on PATH, and under uv, pyenv, asdf, mise, nvm, fnm and volta. */
typedef struct {
  KelvinRuntimeFamily family;
  char *name;    /* "python3.11", "nodejs20.x" */
  char *version; /* "3.11.2" */
  char *path;    /* absolute, a real file: what the interpreter itself says (sys.executable,
                    process.execPath) */
  char *prefix; /* absolute: sys.base_prefix, or the folder above bin/; "/usr" needs no mount of its
                   own */
} KelvinInterpreter;

KelvinInterpreter *kelvin_interpreter_copy (const KelvinInterpreter *self);
void kelvin_interpreter_free (KelvinInterpreter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinInterpreter, kelvin_interpreter_free)

/* All of them, best first within a name. Blocking (runs each candidate once; known ones are
 * remembered by path, size and mtime for the life of the process): call it in a worker thread. */
GPtrArray *kelvin_interpreter_list (GCancellable *cancellable);

/* The one to run @runtime with: the exact minor version, else the nearest of the family, and then
 * *out_note says "measured on 3.11, asked for 3.13". Blocking. For provided.* NULL, no error. */
KelvinInterpreter *kelvin_interpreter_find (const char *runtime, GCancellable *cancellable,
                                            char **out_note, GError **error);

G_END_DECLS
