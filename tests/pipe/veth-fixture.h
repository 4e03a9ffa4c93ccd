/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* A network namespace with one link, veth0, that has a private, a public and a link-local address
 * of IPv4 and IPv6 each; its other end is veth1, down. */

#define VETH_IPV4 "10.9.0.1"
#define VETH_PUBLIC_IPV4 "8.8.4.1"
#define VETH_PUBLIC_IPV6 "2a00::1"
#define VETH_LINK_LOCAL "fe80::a"

/* To be called while there is one thread. FALSE after skipping the whole program. */
gboolean veth_enter (void);

/* veth0 as if it had been loaded: with its addresses, and a route for IPv6. */
AionetInterface *veth_interface (void);

G_END_DECLS
