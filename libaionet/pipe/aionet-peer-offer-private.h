/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-nat-plan.h"

G_BEGIN_DECLS

/* What a host tells another one, by whatever way, so that it can be reached. Pure. */

#define AIONET_PEER_TOKEN_LENGTH 16

typedef struct
{
  AionetNat    *nat;        /* (owned) */
  GInetAddress *address;    /* (owned) external */
  guint16       port;       /* external, of local_port, as a STUN server saw it */
  guint16       local_port; /* of the socket that STUN was asked from */
  guint16       next_port;  /* of a socket that has sent nothing yet */
  char          token[AIONET_PEER_TOKEN_LENGTH + 1]; /* what is for this host begins with it */
} AionetPeerOffer;

AionetPeerOffer *_aionet_peer_offer_new (void);
void             _aionet_peer_offer_free (AionetPeerOffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetPeerOffer, _aionet_peer_offer_free)

/* One line of JSON without its end. */
char            *_aionet_peer_offer_to_string (const AionetPeerOffer *self);
AionetPeerOffer *_aionet_peer_offer_new_from_string (const char *text, GError **error);

/* Whether the host is to send from next_port: its NAT takes a port for each destination, and that
 * of a socket which has sent nothing can be foretold. */
gboolean _aionet_peer_offer_is_foretold (const AionetPeerOffer *self, AionetNatMethod method);

/* (transfer full) External ports at which the host is to be tried, likeliest first; never none. */
guint16 *_aionet_peer_offer_get_ports (const AionetPeerOffer *self,
                                       AionetNatMethod        method,
                                       guint                  max_ports,
                                       gsize                 *n_ports);

G_END_DECLS
