/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include <aionet-version.h>

#include <provider/aionet-link.h>
#include <topology/aionet-route-pool.h>
#include <topology/aionet-route.h>
#include <value/aionet-nat.h>

G_BEGIN_DECLS

#define AIONET_TYPE_INTERFACE (aionet_interface_get_type ())

/**
 * AIONET_INTERFACE: (skip)
 * @object: an object
 *
 * Casts a pointer to one of an [class@Interface], with a warning if it is something else.
 *
 * Since: 0.1
 */
#define AIONET_INTERFACE(object)                                                                   \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), AIONET_TYPE_INTERFACE, AionetInterface))
/**
 * AIONET_IS_INTERFACE: (skip)
 * @object: (nullable): an object
 *
 * Checks whether an object is an [class@Interface].
 *
 * Since: 0.1
 */
#define AIONET_IS_INTERFACE(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), AIONET_TYPE_INTERFACE))

/* Not G_DECLARE_FINAL_TYPE: routes have named the type before, and C99 knows no second typedef. */
typedef struct
{
  GObjectClass parent_class;
} AionetInterfaceClass;

AIONET_AVAILABLE_IN_0_1
GType aionet_interface_get_type (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetInterface, g_object_unref)

AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_interface_new (const char *name);
AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_interface_new_default (void);
AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_interface_new_from_json (JsonNode *node, GError **error);
AIONET_AVAILABLE_IN_0_1
AionetInterface *aionet_interface_new_from_json_string (const char *text, GError **error);

AIONET_AVAILABLE_IN_0_1
void aionet_interface_load_async (AionetInterface    *self,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_load_finish (AionetInterface *self, GAsyncResult *result, GError **error);
AIONET_AVAILABLE_IN_0_1
void aionet_interface_load_nat_async (AionetInterface    *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
AIONET_AVAILABLE_IN_0_1
AionetNat *
aionet_interface_load_nat_finish (AionetInterface *self, GAsyncResult *result, GError **error);

AIONET_AVAILABLE_IN_0_1
const char *aionet_interface_get_name (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_interface_get_index (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
const char *aionet_interface_get_hardware_address (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_interface_get_mtu (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
AionetLinkKind aionet_interface_get_kind (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_get_is_up (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_get_usable (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_get_loaded (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_get_confirmed (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_is_default (AionetInterface *self, GSocketFamily family);
AIONET_AVAILABLE_IN_0_1
GSocketFamily *aionet_interface_get_families (AionetInterface *self, gsize *n_families);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_supports (AionetInterface *self, GSocketFamily family);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_interface_get_addresses (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
GListModel *aionet_interface_get_link_locals (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
AionetNat *aionet_interface_get_nat (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
AionetRoutePool *aionet_interface_get_route_pool (AionetInterface *self, GSocketFamily family);
AIONET_AVAILABLE_IN_0_1
AionetRoute *
aionet_interface_get_route (AionetInterface *self, GSocketFamily family, GError **error);
AIONET_AVAILABLE_IN_0_1
char **aionet_interface_get_unreachable (AionetInterface *self);

AIONET_AVAILABLE_IN_0_1
JsonNode *aionet_interface_to_json (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
char *aionet_interface_to_json_string (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
char *aionet_interface_to_string (AionetInterface *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_interface_equal (AionetInterface *self, AionetInterface *other);

G_END_DECLS
