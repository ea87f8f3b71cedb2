#pragma once

#include "engine/runtime/http-syntax.h"

G_BEGIN_DECLS

/* What a request to the Runtime API asks for. */
typedef enum {
  KELVIN_RUNTIME_CALL_NEXT,
  KELVIN_RUNTIME_CALL_RESPONSE,
  KELVIN_RUNTIME_CALL_ERROR,
  KELVIN_RUNTIME_CALL_INIT_ERROR,
  KELVIN_RUNTIME_CALL_PING,
  KELVIN_RUNTIME_CALL_UNKNOWN,      /* no such path */
  KELVIN_RUNTIME_CALL_WRONG_METHOD, /* but another one is known there */
} KelvinRuntimeCall;

/* @out_request_id: of a response or error, a part of @target; else empty */
KelvinRuntimeCall kelvin_runtime_call_find (const char *method, const char *target,
                                            KelvinSlice *out_request_id);

G_END_DECLS
