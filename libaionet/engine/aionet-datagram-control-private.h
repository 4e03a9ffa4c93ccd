/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* What goes beside a datagram: the size of the segments it consists of, and the address of this
 * host that it was sent to or is to leave from. */

/* Room for what the owner of a socket has switched on besides, such as time stamps. */
typedef union
{
  struct cmsghdr align;
  char           bytes[256];
} AionetControl;

typedef union
{
  struct cmsghdr align;
  char           bytes[CMSG_SPACE (sizeof (guint16)) + CMSG_SPACE (sizeof (struct in6_pktinfo))];
} AionetSendControl;

/* Returns TRUE if the kernel takes datagrams apart. */
gboolean _aionet_control_can_segment (int fd);
/* Lets the kernel put datagrams together. Returns FALSE if it cannot. */
gboolean _aionet_control_set_merging (int fd, gboolean on);
/* Nothing more arrives on the socket until it is off again. Returns FALSE if that cannot be had. */
gboolean _aionet_control_set_deaf (int fd, gboolean on);
/* Lets the kernel tell the address that a datagram was sent to. Returns FALSE if it cannot. */
gboolean _aionet_control_set_local (int fd, int family, gboolean on);

/* segment: 0 for none; local: (nullable). Sets what header says of control. */
void _aionet_control_write (struct msghdr        *header,
                            AionetSendControl    *control,
                            guint                 segment,
                            const AionetSockaddr *local);
/* segment: 0 if there are none; local: AF_UNSPEC if it was not told. */
void _aionet_control_read (struct msghdr *header, guint *segment, AionetSockaddr *local);

G_END_DECLS
