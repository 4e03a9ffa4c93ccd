/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/nat-simulator.h"

#include <string.h>

#define EI AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT
#define AD AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT
#define APD AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT

static AionetNatVerdict *
judge (const Network *network, const ServerFlags *servers, guint n_servers, guint32 seed)
{
  g_autoptr (AionetNatObservations) observations = simulate (network, servers, n_servers, seed);
  AionetNatVerdict *verdict = _aionet_nat_verdict_new (observations, NULL);

  for (guint i = 0; verdict->reasons[i] != NULL; i++)
    {
      g_test_message ("%s", verdict->reasons[i]);
      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (verdict->reasons[i], !=, verdict->reasons[k]);
    }
  return verdict;
}

static const struct
{
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  AionetNatType     type;
} combinations[] = {
  { EI, EI, AIONET_NAT_TYPE_FULL_CONE },        { EI, AD, AIONET_NAT_TYPE_RESTRICTED },
  { EI, APD, AIONET_NAT_TYPE_PORT_RESTRICTED }, { AD, EI, AIONET_NAT_TYPE_SYMMETRIC },
  { AD, AD, AIONET_NAT_TYPE_SYMMETRIC },        { AD, APD, AIONET_NAT_TYPE_SYMMETRIC },
  { APD, EI, AIONET_NAT_TYPE_SYMMETRIC },       { APD, AD, AIONET_NAT_TYPE_SYMMETRIC },
  { APD, APD, AIONET_NAT_TYPE_SYMMETRIC },
};

static void
test_combinations (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };

  g_test_summary ("All nine of mapping and filtering have their type (cases N-04 to N-08)");

  for (guint i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      Network network = { .mapping = combinations[i].mapping,
                          .filtering = combinations[i].filtering,
                          .n_sends = 3,
                          .has_controls = TRUE };
      g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);

      g_assert_cmpint (verdict->type, ==, combinations[i].type);
      g_assert_cmpint (verdict->mapping, ==, combinations[i].mapping);
      g_assert_cmpint (verdict->filtering, ==, combinations[i].filtering);
      g_assert_cmpfloat (verdict->confidence, >, 0.9);
      g_assert_true (verdict->is_settled);
    }
}

static void
test_untranslated (void)
{
  static const ServerFlags       servers[3] = { SERVER_HONEST };
  static const AionetNatBehavior filtering[] = { EI, AD, APD };
  static const AionetNatType     types[] = { AIONET_NAT_TYPE_OPEN, AIONET_NAT_TYPE_FIREWALL,
                                             AIONET_NAT_TYPE_FIREWALL };

  g_test_summary ("Without NAT, filtering alone decides (cases N-01, N-02)");

  for (guint i = 0; i < G_N_ELEMENTS (filtering); i++)
    {
      Network network = { .is_open = TRUE,
                          .mapping = EI,
                          .filtering = filtering[i],
                          .n_sends = 3,
                          .has_controls = TRUE };
      g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);
      AionetPortDelta delta = { AIONET_DELTA_TYPE_EQUAL, 0, 8 };
      g_autoptr (AionetNat) nat =
          _aionet_nat_verdict_to_nat (verdict, G_SOCKET_FAMILY_IPV4, &delta);

      g_assert_cmpint (verdict->type, ==, types[i]);
      g_assert_cmpint (verdict->filtering, ==, filtering[i]);
      g_assert_cmpfloat (verdict->confidence, >, 0.9);
      g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, AIONET_DELTA_TYPE_NOT_APPLICABLE);
      g_assert_true (aionet_nat_get_tested (nat));
    }
}

static void
test_blocked (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .is_blocked = TRUE, .mapping = EI, .filtering = EI, .n_sends = 5 };
  g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);

  g_test_summary ("Nothing comes back: blocked");

  g_assert_cmpint (verdict->type, ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpfloat (verdict->confidence, >, 0.9);
}

static gboolean
has_reason (const AionetNatVerdict *verdict, const char *text)
{
  for (guint i = 0; verdict->reasons[i] != NULL; i++)
    {
      if (strstr (verdict->reasons[i], text) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_nothing_asked (void)
{
  Network network = { .mapping = EI, .filtering = EI };
  g_autoptr (AionetNatVerdict) verdict = judge (&network, NULL, 0, 1);
  g_autoptr (AionetNat) nat = _aionet_nat_verdict_to_nat (verdict, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetNat) untested = aionet_nat_new_untested ();

  g_test_summary (
      "Nobody was asked: what is assumed before any test, and no claim that it was one");

  g_assert_false (aionet_nat_get_tested (nat));
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, aionet_nat_get_nat_type (untested));
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, aionet_nat_get_delta_type (untested));
  g_assert_cmpfloat (aionet_nat_get_confidence (nat), ==, 0);
  g_assert_true (has_reason (verdict, "No server was asked"));
}

/* What two servers are worth, one of which, or both, are of little use. */
static void
test_misled (void)
{
  static const struct
  {
    ServerFlags       servers[2];
    AionetNatBehavior filtering; /* of the NAT: EI mapping */
    AionetNatType     type;
    gboolean          is_certain;
    const char       *reason;
  } rows[] = {
    { { 0, 0 }, APD, 5, TRUE, "the same for servers at different addresses" },
    { { SERVER_IGNORES_CHANGE, SERVER_IGNORES_CHANGE }, EI, 5, FALSE, "filtering was not seen" },
    { { SERVER_IGNORES_CHANGE, 0 }, EI, 3, TRUE, "never asked" },
    { { SERVER_IGNORES_CHANGE, 0 }, APD, 5, FALSE, "one network only tell filtering" },
    { { SERVER_REFUSES_CHANGE, SERVER_REFUSES_CHANGE }, EI, 5, FALSE, "filtering was not seen" },
    { { SERVER_DEAD_ALTERNATE, SERVER_DEAD_ALTERNATE }, EI, 5, FALSE, "filtering was not seen" },
    { { SERVER_DEAD_ALTERNATE, 0 }, EI, 3, TRUE, "never asked" },
    { { SERVER_SAME_ADDRESS, SERVER_SAME_ADDRESS }, EI, 4, FALSE, "second address that is alive" },
    { { SERVER_SAME_ADDRESS, SERVER_SAME_ADDRESS }, AD, 4, FALSE, "second address that is alive" },
    { { SERVER_SAME_ADDRESS, 0 }, AD, 4, FALSE, "one network only tell filtering" },
    { { SERVER_ALTERNATE_FROM_PRIMARY, SERVER_ALTERNATE_FROM_PRIMARY },
      EI,
      5,
      FALSE,
      "filtering was not seen" },
    { { SERVER_DROPS_CHANGE, 0 }, EI, 3, TRUE, "may not honour" },
    { { SERVER_PRIVATE, 0 }, EI, 3, FALSE, "told a private address" },
    { { SERVER_LOOPBACK, 0 }, EI, 3, FALSE, "one network only tell the mapping" },
    { { SERVER_INSANE, 0 }, EI, 3, FALSE, "one network only tell the mapping" },
    { { SERVER_ERROR, 0 }, EI, 3, FALSE, "one network only tell the mapping" },
    { { SERVER_ERROR, SERVER_ERROR }, EI, 5, FALSE, "No server told a mapping" },
    { { SERVER_DEAD, 0 }, APD, 5, FALSE, "one network only tell filtering" },
    { { SERVER_PLAIN, SERVER_PLAIN }, EI, 5, FALSE, "filtering was not seen" },
    { { SERVER_SPREADS, 0 }, EI, 6, FALSE, "Servers disagree on the mapping" },
    { { SERVER_COLLUDES | SERVER_ELSEWHERE, 0 }, EI, 3, TRUE, "never asked" },
  };

  g_test_summary ("However a server misleads: the type is right, or not certain, and it says why");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Network network = {
        .mapping = EI, .filtering = rows[i].filtering, .n_sends = 4, .has_controls = TRUE
      };
      g_autoptr (AionetNatVerdict) verdict = NULL;

      g_test_message ("Row %u:", i);
      verdict = judge (&network, rows[i].servers, 2, i);
      g_assert_cmpint (verdict->type, ==, rows[i].type);
      g_assert_cmpint (verdict->confidence >= 0.5, ==, rows[i].is_certain);
      g_assert_true (has_reason (verdict, rows[i].reason));
    }
}

static void
test_one_network (void)
{
  static const ServerFlags servers[1] = { SERVER_HONEST };

  g_test_summary ("One server names the type, but is not believed alone");

  for (guint i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      Network network = { .mapping = combinations[i].mapping,
                          .filtering = combinations[i].filtering,
                          .n_sends = 7,
                          .has_controls = TRUE };
      g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 1, 1);

      g_assert_cmpint (verdict->type, ==, combinations[i].type);
      g_assert_cmpint (verdict->mapping, ==, combinations[i].mapping);
      g_assert_cmpint (verdict->filtering, ==, combinations[i].filtering);
      g_assert_cmpfloat (verdict->confidence, >, 0.4);
      g_assert_cmpfloat (verdict->confidence, <, 0.5);
      g_assert_false (verdict->is_settled);
    }
}

static void
test_same_network (void)
{
  static const ServerFlags servers[2] = { SERVER_HONEST };
  Network network = { .mapping = EI, .filtering = APD, .n_sends = 7, .has_controls = TRUE };
  g_autoptr (AionetNatObservations) observations = simulate (&network, servers, 2, 1);
  g_autoptr (AionetNatVerdict) apart = _aionet_nat_verdict_new (observations, NULL);
  g_autoptr (AionetNatVerdict) together = NULL;
  AionetNatOperator *second = _aionet_nat_observations_get (observations, 1);

  g_test_summary ("Two servers of one network are one witness");

  /* Where it answered from goes along, so that nothing else is wrong. */
  second->primary = endpoint_from_text ("9.0.1.77:3478");
  second->mapping[0].origin = second->primary;
  second->alive[0].origin = second->primary;
  together = _aionet_nat_verdict_new (observations, NULL);
  g_assert_cmpfloat (apart->confidence, >=, 0.5);
  g_assert_cmpfloat (together->confidence, <, 0.5);
  g_assert_cmpint (together->type, ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
}

static void
test_plain_symmetric (void)
{
  static const ServerFlags servers[3] = { SERVER_PLAIN, SERVER_PLAIN, SERVER_PLAIN };
  Network                  network = { .mapping = AD, .filtering = AD, .n_sends = 3 };
  g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);

  g_test_summary ("Servers of one address tell that a NAT is symmetric, not what more it is");

  g_assert_cmpint (verdict->type, ==, AIONET_NAT_TYPE_SYMMETRIC);
  g_assert_cmpfloat (verdict->confidence, ==, 1);
  g_assert_cmpint (verdict->mapping, ==, APD);
  g_assert_cmpint (verdict->filtering, ==, AIONET_NAT_BEHAVIOR_UNKNOWN);
  g_assert_false (verdict->is_settled);
  g_assert_true (has_reason (verdict, "it is assumed"));
}

static void
test_pooled (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };

  g_test_summary ("A NAT with many external addresses is not taken for liars");

  for (guint i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      Network network = { .mapping = combinations[i].mapping,
                          .filtering = combinations[i].filtering,
                          .is_pooled = TRUE,
                          .n_sends = 4,
                          .has_controls = TRUE };
      g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);

      g_assert_cmpint (verdict->type, ==, combinations[i].type);
      g_assert_cmpint (verdict->mapping, ==, combinations[i].mapping);
      g_assert_cmpfloat (verdict->confidence, >=, 0.5);
    }
}

static void
test_pending (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .mapping = EI, .filtering = APD, .n_sends = 4, .has_controls = TRUE };
  g_autoptr (AionetNatObservations) observations = simulate (&network, servers, 3, 1);
  AionetNatOperator untouched = *_aionet_nat_observations_get (observations, 2);

  g_test_summary ("What is still to come keeps a verdict from being settled, unless outvoted");

  for (guint n_pending = 0; n_pending <= 2; n_pending++)
    {
      g_autoptr (AionetNatVerdict) verdict = NULL;

      for (guint i = 0; i < n_pending; i++)
        {
          AionetNatOperator *server = _aionet_nat_observations_get (observations, 2 - i);
          AionetNatEndpoint  primary = server->primary;

          *server = (AionetNatOperator){ .primary = primary };
          server->mapping[0].answer = AIONET_NAT_ANSWER_PENDING;
        }
      verdict = _aionet_nat_verdict_new (observations, NULL);
      g_assert_cmpint (verdict->type, ==, AIONET_NAT_TYPE_PORT_RESTRICTED);
      g_assert_cmpint (verdict->is_settled, ==, n_pending < 2);
    }
  *_aionet_nat_observations_get (observations, 2) = untouched;
  for (guint i = 0; i < 3; i++)
    {
      AionetNatFilterTest *test = &_aionet_nat_observations_get (observations, i)->change_both;
      g_autoptr (AionetNatVerdict) verdict = NULL;

      test->change.answer = AIONET_NAT_ANSWER_PENDING;
      test->change.n_lost = 0;
      verdict = _aionet_nat_verdict_new (observations, NULL);
      g_assert_false (verdict->is_settled);
    }
}

static void
test_one_came_in (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .mapping = EI, .filtering = EI, .n_sends = 4, .has_controls = TRUE };
  g_autoptr (AionetNatObservations) observations = simulate (&network, servers, 3, 1);
  g_autoptr (AionetNatVerdict) one = NULL;
  g_autoptr (AionetNatVerdict) overdue = NULL;
  g_autoptr (AionetNatVerdict) two = NULL;

  g_test_summary ("One answer may have come in by what an earlier socket with that port opened");

  for (guint i = 1; i < 3; i++)
    _aionet_nat_observations_get (observations, i)->change_both.change =
        (AionetNatTest){ .answer = AIONET_NAT_ANSWER_PENDING };
  one = _aionet_nat_verdict_new (observations, NULL);
  g_assert_cmpfloat (one->confidence, <, 0.5);

  /* Nobody knows yet whether the silence of the others says anything. */
  for (guint i = 1; i < 3; i++)
    {
      AionetNatOperator *server = _aionet_nat_observations_get (observations, i);

      server->change_both.change.n_lost = 1;
      server->alive[AIONET_NAT_PLACE_ALTERNATE].answer = AIONET_NAT_ANSWER_PENDING;
      server->mapping[AIONET_NAT_PLACE_ALTERNATE].answer = AIONET_NAT_ANSWER_PENDING;
    }
  overdue = _aionet_nat_verdict_new (observations, NULL);
  g_assert_cmpfloat (overdue->confidence, <, 0.5);

  _aionet_nat_observations_get (observations, 1)->change_both =
      _aionet_nat_observations_get (observations, 0)->change_both;
  _aionet_nat_observations_get (observations, 1)->change_both.change.origin =
      _aionet_nat_operator_get_place (_aionet_nat_observations_get (observations, 1),
                                      AIONET_NAT_PLACE_ALTERNATE);
  two = _aionet_nat_verdict_new (observations, NULL);
  g_assert_cmpint (two->type, ==, AIONET_NAT_TYPE_FULL_CONE);
  g_assert_cmpfloat (two->confidence, >, 0.9);
}

static void
test_controls (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .mapping = EI, .filtering = APD, .n_sends = 4, .has_controls = TRUE };
  g_autoptr (AionetNatObservations) observations = simulate (&network, servers, 3, 1);
  g_autoptr (AionetNatVerdict) verdict = NULL;

  g_test_summary ("Silence counts only from a socket that is answered otherwise");

  for (guint i = 0; i < 3; i++)
    _aionet_nat_observations_get (observations, i)->change_both.control.answer =
        AIONET_NAT_ANSWER_SILENT;
  verdict = _aionet_nat_verdict_new (observations, NULL);
  g_assert_cmpfloat (verdict->confidence, <, 0.5);
}

static void
test_hairpin (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .mapping = EI, .filtering = APD, .n_sends = 4, .has_controls = TRUE };
  g_autoptr (AionetNatVerdict) none = judge (&network, servers, 3, 1);
  g_autoptr (AionetNatVerdict) some = NULL;
  g_autoptr (AionetNatVerdict) little = NULL;

  g_test_summary ("Hairpinning is seen, or not seen often enough to say no, or unknown");

  network.hairpins = TRUE;
  some = judge (&network, servers, 3, 1);
  network.hairpins = FALSE;
  network.n_sends = 1;
  little = judge (&network, servers, 3, 1);
  g_assert_cmpint (none->hairpinning, ==, AIONET_NAT_HAIRPINNING_NO);
  g_assert_cmpint (some->hairpinning, ==, AIONET_NAT_HAIRPINNING_YES);
  g_assert_cmpint (little->hairpinning, ==, AIONET_NAT_HAIRPINNING_UNKNOWN);
}

static void
test_tcp (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network blocked = { .is_blocked = TRUE, .mapping = EI, .filtering = EI, .n_sends = 5 };
  Network network = { .mapping = APD, .filtering = EI, .n_sends = 1 };
  g_autoptr (AionetNatObservations) udp = simulate (&blocked, servers, 3, 1);
  g_autoptr (AionetNatObservations) tcp = simulate (&network, servers, 3, 1);
  g_autoptr (AionetNatObservations) silent = simulate (&blocked, servers, 3, 1);
  g_autoptr (AionetNatVerdict) verdict = NULL;
  g_autoptr (AionetNatVerdict) dark = NULL;
  g_autoptr (AionetNat) nat = NULL;

  g_test_summary ("Where UDP is blocked, the mapping is that of TCP, and labelled so");

  tcp->protocol = G_SOCKET_PROTOCOL_TCP;
  verdict = _aionet_nat_verdict_new (udp, tcp);
  nat = _aionet_nat_verdict_to_nat (verdict, G_SOCKET_FAMILY_IPV4, NULL);
  g_assert_cmpint (verdict->type, ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpint (verdict->mapping, ==, APD);
  g_assert_cmpint (verdict->filtering, ==, AIONET_NAT_BEHAVIOR_UNKNOWN);
  g_assert_cmpint (aionet_nat_get_protocol (nat), ==, G_SOCKET_PROTOCOL_TCP);
  g_assert_cmpfloat (verdict->confidence, >, 0.9);
  g_assert_true (has_reason (verdict, "over TCP"));

  dark = _aionet_nat_verdict_new (udp, silent);
  g_assert_cmpint (dark->type, ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpint (dark->protocol, ==, G_SOCKET_PROTOCOL_UDP);
  g_assert_cmpint (dark->mapping, ==, AIONET_NAT_BEHAVIOR_UNKNOWN);
  g_assert_true (has_reason (dark, "TCP either"));
}

static void
test_dark (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .is_blocked = TRUE, .mapping = EI, .filtering = EI, .n_sends = 1 };
  g_autoptr (AionetNatObservations) observations = simulate (&network, servers, 3, 1);
  g_autoptr (AionetNatVerdict) few = NULL;
  g_autoptr (AionetNatVerdict) refused = NULL;
  g_autoptr (AionetNatVerdict) one = NULL;

  g_test_summary ("A few requests without answer are no block; refusals are, and of two networks");

  for (guint i = 0; i < 3; i++)
    {
      AionetNatOperator *server = _aionet_nat_observations_get (observations, i);
      AionetNatEndpoint  primary = server->primary;

      *server = (AionetNatOperator){ .primary = primary };
      server->mapping[0].answer = AIONET_NAT_ANSWER_SILENT;
      server->mapping[0].n_lost = 3;
    }
  few = _aionet_nat_verdict_new (observations, NULL);
  for (guint i = 0; i < 3; i++)
    _aionet_nat_observations_get (observations, i)->mapping[0].answer = AIONET_NAT_ANSWER_REFUSED;
  refused = _aionet_nat_verdict_new (observations, NULL);
  _aionet_nat_observations_get (observations, 0)->mapping[0].n_lost = 100;
  g_array_set_size (observations->operators, 1);
  one = _aionet_nat_verdict_new (observations, NULL);

  g_assert_cmpint (few->type, ==, AIONET_NAT_TYPE_BLOCKED);
  g_assert_cmpfloat (few->confidence, <, 0.5);
  g_assert_cmpfloat (refused->confidence, >, 0.9);
  g_assert_cmpfloat (one->confidence, <, 0.5);
}

static void
test_ipv6 (void)
{
  static const ServerFlags servers[3] = { SERVER_HONEST };
  Network network = { .is_open = TRUE, .mapping = EI, .filtering = APD, .n_sends = 4 };
  g_autoptr (AionetNatVerdict) verdict = judge (&network, servers, 3, 1);
  AionetPortDelta delta = { AIONET_DELTA_TYPE_INDEPENDENT, 3, 8 };
  g_autoptr (AionetNat) six = NULL;
  g_autoptr (AionetNat) four = NULL;

  g_test_summary ("IPv6 has no delta, whatever the type; IPv4 has, where ports are translated");

  verdict->type = AIONET_NAT_TYPE_FULL_CONE;
  six = _aionet_nat_verdict_to_nat (verdict, G_SOCKET_FAMILY_IPV6, &delta);
  four = _aionet_nat_verdict_to_nat (verdict, G_SOCKET_FAMILY_IPV4, &delta);
  g_assert_cmpint (aionet_nat_get_delta_type (six), ==, AIONET_DELTA_TYPE_NOT_APPLICABLE);
  g_assert_cmpint (aionet_nat_get_delta_value (six), ==, 0);
  g_assert_cmpint (aionet_nat_get_delta_type (four), ==, AIONET_DELTA_TYPE_INDEPENDENT);
  g_assert_cmpint (aionet_nat_get_delta_value (four), ==, 3);
}

static void
test_places (void)
{
  static const char *const expected[] = { "9.0.1.1:3478", "9.0.1.1:3479", "9.0.2.2:3478",
                                          "9.0.2.2:3479" };
  static const char *const bad[] = { "9.0.1.1:3479", "9.0.2.2:3478", "9.0.2.2:0", "2001::1:3479" };
  AionetNatOperator        server = { .primary = endpoint_from_text ("9.0.1.1:3478"),
                                      .alternate = endpoint_from_text ("9.0.2.2:3479") };

  g_test_summary ("Places follow from primary and alternate, if that is another one");

  for (AionetNatPlace place = 0; place < AIONET_NAT_N_PLACES; place++)
    {
      AionetNatEndpoint endpoint = _aionet_nat_operator_get_place (&server, place);
      g_autoptr (GSocketAddress) address = _aionet_nat_endpoint_to_address (endpoint);
      g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));

      g_assert_cmpstr (text, ==, expected[place]);
      g_assert_true (_aionet_nat_endpoint_equal (
          endpoint, _aionet_nat_endpoint_make (G_INET_SOCKET_ADDRESS (address))));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      AionetNatEndpoint none;

      server.alternate = endpoint_from_text (bad[i]);
      none = _aionet_nat_operator_get_place (&server, AIONET_NAT_PLACE_ALTERNATE);
      g_assert_cmpint (none.family, ==, G_SOCKET_FAMILY_INVALID);
      g_assert_null (_aionet_nat_endpoint_to_address (none));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nat-verdict/combinations", test_combinations);
  g_test_add_func ("/nat-verdict/untranslated", test_untranslated);
  g_test_add_func ("/nat-verdict/blocked", test_blocked);
  g_test_add_func ("/nat-verdict/nothing-asked", test_nothing_asked);
  g_test_add_func ("/nat-verdict/misled", test_misled);
  g_test_add_func ("/nat-verdict/one-network", test_one_network);
  g_test_add_func ("/nat-verdict/same-network", test_same_network);
  g_test_add_func ("/nat-verdict/plain-symmetric", test_plain_symmetric);
  g_test_add_func ("/nat-verdict/pooled", test_pooled);
  g_test_add_func ("/nat-verdict/pending", test_pending);
  g_test_add_func ("/nat-verdict/one-came-in", test_one_came_in);
  g_test_add_func ("/nat-verdict/controls", test_controls);
  g_test_add_func ("/nat-verdict/hairpin", test_hairpin);
  g_test_add_func ("/nat-verdict/tcp", test_tcp);
  g_test_add_func ("/nat-verdict/dark", test_dark);
  g_test_add_func ("/nat-verdict/ipv6", test_ipv6);
  g_test_add_func ("/nat-verdict/places", test_places);

  return g_test_run ();
}
