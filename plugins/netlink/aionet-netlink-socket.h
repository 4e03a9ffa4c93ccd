/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-netlink-message.h"

G_BEGIN_DECLS

typedef struct _AionetNetlinkSocket AionetNetlinkSocket;

typedef enum
{
  AIONET_NETLINK_RECEIVED_BYTES,
  AIONET_NETLINK_RECEIVED_NOTHING, /* for now */
  AIONET_NETLINK_RECEIVED_LOSS,    /* something was lost: too large, or too much at once */
  AIONET_NETLINK_RECEIVED_ERROR,
} AionetNetlinkReceived;

/* A non-blocking rtnetlink socket that listens to groups, a mask of RTMGRP_ bits. Errors:
 * G_IO_ERROR by errno. */
AionetNetlinkSocket *aionet_netlink_socket_new (guint groups, GError **error);
void                 aionet_netlink_socket_free (AionetNetlinkSocket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNetlinkSocket, aionet_netlink_socket_free)

int     aionet_netlink_socket_get_fd (AionetNetlinkSocket *self);
guint32 aionet_netlink_socket_get_port_id (AionetNetlinkSocket *self);
/* Whether the kernel filters dumps by table, type and family. */
gboolean aionet_netlink_socket_is_strict (AionetNetlinkSocket *self);

gboolean aionet_netlink_socket_send (AionetNetlinkSocket   *self,
                                     const struct nlmsghdr *message,
                                     GError               **error);
/* The bytes stay valid until the next call. Only what the kernel itself sent is returned. */
AionetNetlinkReceived aionet_netlink_socket_receive (AionetNetlinkSocket *self,
                                                     AionetNetlinkBytes  *bytes,
                                                     GError             **error);
/* Drops what has arrived, but no more than a batch; TRUE when there was anything. */
gboolean aionet_netlink_socket_drain (AionetNetlinkSocket *self);

G_END_DECLS
