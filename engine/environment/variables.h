#pragma once

#include "engine/environment/delivery.h"
#include "engine/environment/target.h"

G_BEGIN_DECLS

#define KELVIN_ACCOUNT_ID "000000000000"
#define KELVIN_RUNTIME_API_ADDRESS "127.0.0.1:9001"

/* The region of ARNs and of AWS_REGION: the caller's $AWS_REGION, else us-east-1. Static. */
const char *kelvin_region (void);
/* arn:aws:lambda:REGION:ACCOUNT:function:NAME */
char *kelvin_function_arn (KelvinFunction *function);
/* YYYY/MM/DD/[$LATEST]<32 hex>: one for each environment (reference, section 7) */
char *kelvin_log_stream_name (gint64 real_us);

/* The complete environment variables of a runtime process, "NAME=value" (reference, section 3.1).
 * What the service sets but doesn't reserve gives way to the person's; credentials, which are made
 * up, and reserved names don't. No variable of the machine is inherited. (transfer full) */
char **kelvin_variables_new (const KelvinTarget *target, const char *log_stream,
                             KelvinRecording recording, const char *initialisation);

G_END_DECLS
