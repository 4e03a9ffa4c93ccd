/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "fuzz-entry.h"

#include "pipe/aionet-peer-offer-private.h"
#include "value/aionet-error.h"

/* The offer of a peer comes from a stranger: what parses prints to what parses to the same. */

static void
check_offer (const AionetPeerOffer *offer)
{
  g_autofree char *text = _aionet_peer_offer_to_string (offer);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPeerOffer) again = _aionet_peer_offer_new_from_string (text, &error);
  g_autofree char    *text_again = NULL;
  g_autofree guint16 *ports = NULL;
  gsize               n_ports;

  g_assert_no_error (error);
  text_again = _aionet_peer_offer_to_string (again);
  g_assert_cmpstr (text_again, ==, text);
  ports = _aionet_peer_offer_get_ports (offer, AIONET_NAT_METHOD_PORT_PREDICTION, 8, &n_ports);
  g_assert_true (ports != NULL && n_ports >= 1 && n_ports <= 8);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPeerOffer) offer = _aionet_peer_offer_new_from_string (text, &error);

  if (offer != NULL)
    check_offer (offer);
  else
    g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
  return 0;
}
