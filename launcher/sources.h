#pragma once

#include "launcher/request.h"

/* What is shown of the host in a sandbox, taken hold of before the host goes out of sight: each
 * source is a copy of a mount that stands nowhere yet, read-only, with no set-user-id and no
 * devices.
 *
 * Host root takes hold before it becomes somebody else, since its files may be closed to others. An
 * ordinary user may only do it inside its own namespaces. */

/* May this process open sources itself, without namespaces of its own? */
bool sources_can_open (void);

/* 0, or -1 with errno and the index of the operation. */
int sources_open (Request *request, uint32_t *out_index);
void sources_close (Request *request);

/* One source, of the host or of the sandbox. */
int source_open (const char *path, bool is_device);
