/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* Takes clients of TCP or UDP and joins each with a pipe of its own to the target. */

typedef struct
{
  GSocketProtocol protocol; /* of the target */
  const char     *target;
  AionetRoute    *route; /* (nullable) */
  guint           max_clients;
  guint           idle_timeout_ms; /* of UDP on either side, which has no end */
} AionetRelayOptions;

typedef struct
{
  guint64 bytes_in; /* from clients */
  guint64 bytes_out;
  guint64 n_clients; /* all there were */
  guint   n_now;
  guint64 n_refused; /* too many */
  guint64 n_failed;
  guint64 n_dropped; /* datagrams */
} AionetRelayCounters;

typedef struct _AionetRelayServer AionetRelayServer;

/* options: (unowned) */
AionetRelayServer *aionet_relay_server_new (const AionetRelayOptions *options);
void               aionet_relay_server_free (AionetRelayServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetRelayServer, aionet_relay_server_free)

/* Returns: (transfer full) the endpoint, with its port */
GSocketAddress *aionet_relay_server_listen (AionetRelayServer *self,
                                            GSocketProtocol    protocol,
                                            GSocketAddress    *endpoint,
                                            GError           **error);
/* As of now, with those that are being relayed. */
AionetRelayCounters aionet_relay_server_count (AionetRelayServer *self);

G_END_DECLS
