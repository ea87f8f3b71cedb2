#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The small service that a drill stands behind a door in place of a database: listens on loopback,
 * keeps each connection open, and answers each request that it reads: HTTP requests by HTTP,
 * everything else by the line "OK". Used on the thread whose default context it was made with. */
typedef struct _KelvinFakeService KelvinFakeService;

KelvinFakeService *kelvin_fake_service_new (GError **error);
/* Closes what is open. */
void kelvin_fake_service_free (KelvinFakeService *self);
guint16 kelvin_fake_service_get_port (KelvinFakeService *self);

G_END_DECLS
