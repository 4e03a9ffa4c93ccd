/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-address-bits-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the tests of RFC 5780 showed: what _aionet_nat_verdict_new () judges. Plain data, zeroed at
 * first: everything not asked. Whoever fills it may ask for a verdict at any time, and again with
 * every answer, until it is certain. */

/* An address and a port, as a value. family 0 (G_SOCKET_FAMILY_INVALID): none. */
typedef struct
{
  AionetAddressBits bits;
  GSocketFamily     family;
  guint16           port;
} AionetNatEndpoint;

typedef enum
{
  AIONET_NAT_ANSWER_NOT_ASKED,
  AIONET_NAT_ANSWER_PENDING, /* asked; an answer may still come */
  AIONET_NAT_ANSWER_SILENT,  /* asked, and given up */
  AIONET_NAT_ANSWER_MAPPED,  /* a success response: mapped and origin are set */
  AIONET_NAT_ANSWER_ERROR,   /* an error response, or one that makes no sense; origin is set */
  AIONET_NAT_ANSWER_REFUSED, /* ICMP or a reset said that it is in vain; sending failed */
} AionetNatAnswer;

typedef struct
{
  AionetNatAnswer answer;
  /* Requests that had time enough to be answered (a round trip as it was seen elsewhere, and a
   * guard) and were not. One that was sent a moment ago does not count: silence is evidence only
   * once an answer is overdue. Those before the one that was answered count too. */
  guint             n_lost;
  AionetNatEndpoint mapped; /* as the server said */
  AionetNatEndpoint origin; /* where the datagram came from: its source address, never
                               RESPONSE-ORIGIN, which a server may say what it likes in */
} AionetNatTest;

/* The four endpoints of a server with an alternate address (RFC 5780, section 3). */
typedef enum
{
  AIONET_NAT_PLACE_PRIMARY,           /* Da:Dp: what was configured */
  AIONET_NAT_PLACE_ALTERNATE_PORT,    /* Da:Cp */
  AIONET_NAT_PLACE_ALTERNATE_ADDRESS, /* Ca:Dp */
  AIONET_NAT_PLACE_ALTERNATE,         /* Ca:Cp: what the server told */
} AionetNatPlace;
#define AIONET_NAT_N_PLACES 4

/* A question about filtering, asked from a fresh socket that nothing else is sent from, apart from
 * the control. */
typedef struct
{
  AionetNatTest change;  /* CHANGE-REQUEST, sent to the primary */
  AionetNatTest control; /* (may be left out) plain request to the primary, from the same socket:
                            what is lost of these tells what silence of the other is worth */
} AionetNatFilterTest;

/* One server, or several addresses of one, under one administration. */
typedef struct
{
  AionetNatEndpoint primary;
  /* OTHER-ADDRESS, or CHANGED-ADDRESS of RFC 3489; family 0: the server told none. As told: whether
   * it makes sense is judged here. */
  AionetNatEndpoint alternate;
  /* All from the one mapping socket, which all operators are asked from. Places other than the
   * primary only when there is an alternate. */
  AionetNatTest       mapping[AIONET_NAT_N_PLACES];
  AionetNatFilterTest change_both; /* answer expected from Ca:Cp */
  AionetNatFilterTest change_port; /* answer expected from Da:Cp */
  /* (may be left out) plain requests, each from a fresh socket: that nothing came from a place
   * counts only if the place is alive. An answer to a mapping test proves that as well. */
  AionetNatTest alive[AIONET_NAT_N_PLACES];
} AionetNatOperator;

typedef struct
{
  GSocketProtocol   protocol;  /* UDP, or TCP: then mapping tests only */
  AionetNatEndpoint local;     /* of the mapping socket: a real address, never unspecified */
  GArray           *operators; /* (owned) (element-type AionetNatOperator) all that were asked, or
                                  are going to be: those not heard yet could still disagree */
  AionetNatTest hairpin;       /* from another socket to the mapped endpoint of the mapping socket;
                                  origin: where the packet seemed to come from */
} AionetNatObservations;

AionetNatObservations *_aionet_nat_observations_new (GSocketProtocol     protocol,
                                                     GInetSocketAddress *local);
void                   _aionet_nat_observations_free (AionetNatObservations *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNatObservations, _aionet_nat_observations_free)

/* Returns the index of the new operator. */
guint _aionet_nat_observations_add (AionetNatObservations *self, GInetSocketAddress *primary);
/* (transfer none): valid until the next one is added */
AionetNatOperator *_aionet_nat_observations_get (const AionetNatObservations *self, guint index);

/* address: (nullable): NULL gives none */
AionetNatEndpoint _aionet_nat_endpoint_make (GInetSocketAddress *address);
/* (transfer full) (nullable): NULL for none */
GSocketAddress *_aionet_nat_endpoint_to_address (AionetNatEndpoint endpoint);
gboolean        _aionet_nat_endpoint_equal (AionetNatEndpoint a, AionetNatEndpoint b);
gboolean        _aionet_nat_endpoint_same_address (AionetNatEndpoint a, AionetNatEndpoint b);

/* Where a place is: family 0 if the operator has no alternate, or one that is no other place: of
 * another family, at the same address, or at the same port. */
AionetNatEndpoint _aionet_nat_operator_get_place (const AionetNatOperator *self,
                                                  AionetNatPlace           place);

G_END_DECLS
