/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <string.h>

#include "pipe/aionet-peer-offer-private.h"
#include "value/aionet-error.h"

static AionetPeerOffer *
make_offer (AionetNatType type, AionetDeltaType delta_type, int delta_value)
{
  AionetPeerOffer *offer = _aionet_peer_offer_new ();

  offer->nat = aionet_nat_new (type, delta_type, delta_value);
  offer->address = g_inet_address_new_from_string ("1.3.3.7");
  offer->port = 5000;
  offer->local_port = 40000;
  offer->next_port = 40001;
  return offer;
}

static void
test_round_trip (void)
{
  g_autoptr (AionetPeerOffer) offer =
      make_offer (AIONET_NAT_TYPE_SYMMETRIC, AIONET_DELTA_TYPE_INDEPENDENT, -3);
  g_autofree char *text = _aionet_peer_offer_to_string (offer);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPeerOffer) again = _aionet_peer_offer_new_from_string (text, &error);
  g_autofree char *text_again = NULL;

  g_test_summary ("An offer is one short line, and reads as what it was written from");

  g_assert_no_error (error);
  g_assert_true (aionet_nat_equal (again->nat, offer->nat));
  g_assert_cmpstr (again->token, ==, offer->token);
  text_again = _aionet_peer_offer_to_string (again);
  g_assert_cmpstr (text_again, ==, text);
  g_assert_null (strchr (text, '\n'));
  g_assert_cmpuint (strlen (text), <, 1024);
}

#define OFFER(address, port, local, next, token)                                                   \
  "{\"address\":" address ",\"port\":" port ",\"local_port\":" local ",\"next_port\":" next        \
  ",\"token\":" token "}"
#define TOKEN "\"0123456789abcdef\""

static void
test_broken (void)
{
  static const char *const broken[] = {
    "",
    "{}",
    "[]",
    "7",
    "{\"address\":\"1.2.3.4\"",
    OFFER ("null", "1", "1", "1", TOKEN),
    OFFER ("7", "1", "1", "1", TOKEN),
    OFFER ("\"\"", "1", "1", "1", TOKEN),
    OFFER ("\"example.com\"", "1", "1", "1", TOKEN),
    OFFER ("\"0.0.0.0\"", "1", "1", "1", TOKEN),
    OFFER ("\"::\"", "1", "1", "1", TOKEN),
    OFFER ("\"224.0.0.1\"", "1", "1", "1", TOKEN),
    OFFER ("\"255.255.255.255\"", "1", "1", "1", TOKEN),
    OFFER ("\"ff02::1\"", "1", "1", "1", TOKEN),
    OFFER ("\"1.2.3.4\"", "0", "1", "1", TOKEN),
    OFFER ("\"1.2.3.4\"", "65536", "1", "1", TOKEN),
    OFFER ("\"1.2.3.4\"", "1", "-1", "1", TOKEN),
    OFFER ("\"1.2.3.4\"", "1", "1", "\"1\"", TOKEN),
    OFFER ("\"1.2.3.4\"", "1", "1", "null", TOKEN),
    OFFER ("\"1.2.3.4\"", "1", "1", "1", "null"),
    OFFER ("\"1.2.3.4\"", "1", "1", "1", "\"short\""),
    OFFER ("\"1.2.3.4\"", "1", "1", "1", "\"0123456789abcdef0\""),
    OFFER ("\"1.2.3.4\"", "1", "1", "1", TOKEN ",\"nat\":7"),
  };
  static const char whole[] = OFFER ("\"1.2.3.4\"", "1", "1", "65535", TOKEN);
  g_autoptr (GError) whole_error = NULL;
  g_autoptr (AionetPeerOffer) offer = _aionet_peer_offer_new_from_string (whole, &whole_error);

  g_test_summary ("What is no offer is refused; without a NAT, the one before any test is assumed");

  g_assert_no_error (whole_error);
  g_assert_false (aionet_nat_get_tested (offer->nat));
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", broken[i]);
      g_assert_null (_aionet_peer_offer_new_from_string (broken[i], &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
    }
}

static void
test_ports (void)
{
  static const struct
  {
    AionetNatType   type;
    AionetDeltaType delta_type;
    int             delta_value;
    AionetNatMethod method;
    gboolean        is_foretold;
    gsize           n_ports;
    guint16         first;
  } rows[] = {
    { 5, AIONET_DELTA_TYPE_INDEPENDENT, 1, AIONET_NAT_METHOD_PORT_PREDICTION, FALSE, 1, 5000 },
    { 6, AIONET_DELTA_TYPE_INDEPENDENT, 1, AIONET_NAT_METHOD_DIRECT, FALSE, 1, 5000 },
    { 6, AIONET_DELTA_TYPE_INDEPENDENT, 1, AIONET_NAT_METHOD_HOLE_PUNCHING, FALSE, 1, 5000 },
    { 6, AIONET_DELTA_TYPE_INDEPENDENT, 1, AIONET_NAT_METHOD_PORT_PREDICTION, TRUE, 4, 5001 },
    { 6, AIONET_DELTA_TYPE_INDEPENDENT, 1, AIONET_NAT_METHOD_NONE, TRUE, 4, 5001 },
    { 6, AIONET_DELTA_TYPE_EQUAL, 0, AIONET_NAT_METHOD_PORT_PREDICTION, TRUE, 1, 40001 },
    { 6, AIONET_DELTA_TYPE_RANDOM, 0, AIONET_NAT_METHOD_PORT_PREDICTION, FALSE, 1, 5000 },
    { 7, AIONET_DELTA_TYPE_RANDOM, 0, AIONET_NAT_METHOD_NONE, FALSE, 1, 5000 },
  };

  g_test_summary ("Ports are foretold where the NAT takes one for each destination, by a pattern");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AionetPeerOffer) offer =
          make_offer (rows[i].type, rows[i].delta_type, rows[i].delta_value);
      gsize               n_ports;
      g_autofree guint16 *ports = _aionet_peer_offer_get_ports (offer, rows[i].method, 4, &n_ports);

      g_test_message ("row %u", i);
      g_assert_cmpint (_aionet_peer_offer_is_foretold (offer, rows[i].method), ==,
                       rows[i].is_foretold);
      g_assert_cmpuint (n_ports, ==, rows[i].n_ports);
      g_assert_cmpuint (ports[0], ==, rows[i].first);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/peer-offer/round-trip", test_round_trip);
  g_test_add_func ("/aionet/peer-offer/broken", test_broken);
  g_test_add_func ("/aionet/peer-offer/ports", test_ports);
  return g_test_run ();
}
