/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-backend.h"

#include "aionet-netlink-dump.h"
#include "aionet-netlink-links.h"
#include "aionet-netlink-socket.h"
#include "aionet-netlink-watch.h"

/* Each request has a dump of its own, with its own socket, in the main context it was made in. The
 * watch begins with the first request, before its dump, so that no change falls between the two;
 * it lives in the context that was thread-default when the backend was made, and while nothing
 * changes costs a file descriptor and no wake-up. */

struct _AionetNetlinkBackend
{
  AionetAddressBackend parent_instance;

  GMainContext        *context;
  AionetNetlinkWatch  *watch; /* (nullable): not yet, or refused */
};

G_DEFINE_FINAL_TYPE (AionetNetlinkBackend, aionet_netlink_backend, AIONET_TYPE_ADDRESS_BACKEND)

static void
on_changed (gpointer user_data)
{
  g_autoptr (AionetNetlinkBackend) self = g_object_ref (user_data);

  aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (self));
}

static void
ensure_watch (AionetNetlinkBackend *self)
{
  g_autoptr (GError) error = NULL;

  if (self->watch != NULL)
    return;
  self->watch = aionet_netlink_watch_new (self->context, on_changed, self, &error);
  if (self->watch == NULL)
    g_debug ("Changes will not be noticed: %s", error->message);
}

static void
on_dumped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AionetRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetNetlinkTables) tables = aionet_netlink_dump_finish (result, &error);
  g_autoptr (GListModel) links = NULL;

  if (aionet_request_is_done (request))
    return;
  if (tables == NULL)
    {
      aionet_request_fail (request, error);
      return;
    }
  links = aionet_netlink_tables_build_links (tables);
  aionet_request_complete (request, G_OBJECT (links));
}

static void
aionet_netlink_backend_begin (AionetAddressBackend *backend, AionetRequest *request)
{
  ensure_watch (AIONET_NETLINK_BACKEND (backend));
  aionet_netlink_dump_async (aionet_request_get_cancellable (request), on_dumped,
                             g_object_ref (request));
}

static gboolean
aionet_netlink_backend_can_watch (AionetAddressBackend *backend)
{
  AionetNetlinkBackend *self = AIONET_NETLINK_BACKEND (backend);

  ensure_watch (self);
  return self->watch != NULL;
}

static gboolean
aionet_netlink_backend_is_supported (AionetProvider *provider, GError **error)
{
  g_autoptr (AionetNetlinkSocket) nl_socket = aionet_netlink_socket_new (0, error);

  return nl_socket != NULL;
}

static void
aionet_netlink_backend_dispose (GObject *object)
{
  AionetNetlinkBackend *self = AIONET_NETLINK_BACKEND (object);

  g_clear_pointer (&self->watch, aionet_netlink_watch_free);

  G_OBJECT_CLASS (aionet_netlink_backend_parent_class)->dispose (object);
}

static void
aionet_netlink_backend_finalize (GObject *object)
{
  AionetNetlinkBackend *self = AIONET_NETLINK_BACKEND (object);

  g_main_context_unref (self->context);

  G_OBJECT_CLASS (aionet_netlink_backend_parent_class)->finalize (object);
}

static void
aionet_netlink_backend_class_init (AionetNetlinkBackendClass *klass)
{
  GObjectClass              *object_class = G_OBJECT_CLASS (klass);
  AionetProviderClass       *provider_class = AIONET_PROVIDER_CLASS (klass);
  AionetAddressBackendClass *backend_class = AIONET_ADDRESS_BACKEND_CLASS (klass);

  object_class->dispose = aionet_netlink_backend_dispose;
  object_class->finalize = aionet_netlink_backend_finalize;
  provider_class->is_supported = aionet_netlink_backend_is_supported;
  backend_class->begin = aionet_netlink_backend_begin;
  backend_class->can_watch = aionet_netlink_backend_can_watch;
}

static void
aionet_netlink_backend_init (AionetNetlinkBackend *self)
{
  self->context = g_main_context_ref_thread_default ();
}

static const AionetPluginProvider providers[] = {
  { aionet_netlink_backend_get_type, 50 },
  { NULL, 0 },
};

AIONET_PLUGIN_DEFINE (netlink,
                      "netlink",
                      AIONET_VERSION_TEXT,
                      "Links, addresses and gateways from the Linux kernel, watched for changes",
                      "LGPL-2.1-or-later",
                      providers)
