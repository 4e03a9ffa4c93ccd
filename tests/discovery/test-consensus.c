/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-consensus-private.h"

#include <string.h>

#include "discovery/consensus-fixture.h"

#define OPEN AIONET_CONSENSUS_OPEN
#define AGREED AIONET_CONSENSUS_AGREED
#define FAILED AIONET_CONSENSUS_FAILED

/* One event a step: "SERVER=EXTERNAL" or "SERVER!" for a failure; then the state. */
typedef struct
{
  const char          *event;
  AionetConsensusState state;
} Step;

typedef struct
{
  const char *what;
  const char *servers;
  guint       min_agree;
  const char *external; /* NULL: none */
  gboolean    confirmed;
  const char *explanation; /* NULL: not looked at */
  Step        steps[11];
} Row;

static const Row rows[] = {
  { "R-14: one liar, then four honest",
    FIVE,
    2,
    "1.3.3.7",
    TRUE,
    NULL,
    { { "0=6.6.6.6", OPEN },
      { "1=1.3.3.7", OPEN },
      { "2=1.3.3.7", AGREED },
      { "3=1.3.3.7", AGREED },
      { "4=1.3.3.7", AGREED } } },
  { "R-16: five different answers",
    FIVE,
    2,
    NULL,
    FALSE,
    "5 servers gave 5 different addresses",
    { { "0=1.1.1.1", OPEN },
      { "1=2.2.2.2", OPEN },
      { "2=3.3.3.3", OPEN },
      { "3=4.4.4.4", FAILED },
      { "4=5.5.5.5", FAILED } } },
  { "a tie is open while a server remains",
    FIVE,
    2,
    "2.2.2.2",
    TRUE,
    NULL,
    { { "0=1.1.1.1", OPEN },
      { "1=2.2.2.2", OPEN },
      { "2=2.2.2.2", AGREED },
      { "3=1.1.1.1", AGREED } } },
  { "a tie of three with no server left",
    "192.0.2.1 8.8.8.8",
    2,
    NULL,
    FALSE,
    "2 servers gave 2 different addresses",
    { { "0=1.1.1.1", OPEN }, { "1=2.2.2.2", FAILED } } },
  { "one answer, all others failed",
    FIVE,
    2,
    NULL,
    FALSE,
    "only 1 of 5 servers answered, 2 must agree",
    { { "0=1.1.1.1", OPEN }, { "1!", OPEN }, { "2!", OPEN }, { "3!", OPEN }, { "4!", FAILED } } },
  { "all fail",
    FIVE,
    2,
    NULL,
    FALSE,
    "no answer from 5 servers",
    { { "0!", OPEN }, { "1!", OPEN }, { "2!", OPEN }, { "3!", FAILED }, { "4!", FAILED } } },
  { "an answer after a failure counts",
    "192.0.2.1 8.8.8.8",
    2,
    "1.1.1.1",
    TRUE,
    NULL,
    { { "0!", FAILED }, { "1=1.1.1.1", FAILED }, { "0=1.1.1.1", AGREED } } },
  { "a failure after an answer changes nothing",
    "192.0.2.1 8.8.8.8",
    2,
    "1.1.1.1",
    TRUE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "0!", OPEN }, { "1=1.1.1.1", AGREED } } },
  { "a duplicate is not a second vote",
    "192.0.2.1 8.8.8.8",
    2,
    NULL,
    FALSE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "0=1.1.1.1", OPEN }, { "1!", FAILED } } },
  { "who contradicts itself loses its vote",
    FIVE,
    2,
    "1.1.1.1",
    TRUE,
    NULL,
    { { "0=2.2.2.2", OPEN },
      { "0=1.1.1.1", OPEN },
      { "0=1.1.1.1", OPEN },
      { "1=1.1.1.1", OPEN },
      { "2=1.1.1.1", AGREED } } },
  { "a network has one vote an address",
    "192.0.2.1 192.0.2.2 192.0.2.3 8.8.8.8 9.9.9.9",
    2,
    "1.1.1.1",
    TRUE,
    NULL,
    { { "0=6.6.6.6", OPEN },
      { "1=6.6.6.6", OPEN },
      { "2=6.6.6.6", OPEN },
      { "3=1.1.1.1", OPEN },
      { "4=1.1.1.1", AGREED } } },
  { "two networks that both vote for both",
    "192.0.2.1 192.0.2.2 8.8.8.8 8.8.8.9",
    2,
    "2.2.2.2",
    TRUE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "1=2.2.2.2", OPEN }, { "2!", OPEN }, { "3=2.2.2.2", AGREED } } },
  { "half of those heard is not enough",
    FIVE,
    2,
    "3.3.3.3",
    TRUE,
    NULL,
    { { "0=1.1.1.1", OPEN },
      { "1=2.2.2.2", OPEN },
      { "2=3.3.3.3", OPEN },
      { "3=3.3.3.3", OPEN },
      { "4=3.3.3.3", AGREED } } },
  { "two addresses with three votes each of five",
    "192.0.2.1 192.0.2.2 8.8.8.8 8.8.8.9 9.9.9.9 9.9.9.8 1.1.1.1 2.2.2.2 3.3.3.3",
    2,
    NULL,
    FALSE,
    NULL,
    { { "6=3.3.3.3", OPEN },
      { "7=4.4.4.4", OPEN },
      { "8=5.5.5.5", OPEN },
      { "0=1.1.1.1", OPEN },
      { "1=2.2.2.2", FAILED },
      { "2=1.1.1.1", FAILED },
      { "3=2.2.2.2", FAILED },
      { "4=1.1.1.1", FAILED },
      { "5=2.2.2.2", FAILED },
      { "8=6.6.6.6", FAILED } } },
  { "one network of several cannot confirm",
    "192.0.2.1 192.0.2.2 8.8.8.8",
    2,
    NULL,
    FALSE,
    "2 servers answered, but on 1 network only, 2 must agree",
    { { "0=1.1.1.1", OPEN }, { "1=1.1.1.1", OPEN }, { "2!", FAILED } } },
  { "IPv6 networks are /48",
    "2001:db8:1::1 2001:db8:1:2::1 2001:db8:2::1",
    2,
    "2402::1",
    TRUE,
    NULL,
    { { "0=2402::1", OPEN }, { "1=2402::1", OPEN }, { "2=2402::1", AGREED } } },
  { "a lone server agrees at once",
    "192.0.2.1",
    2,
    "1.1.1.1",
    FALSE,
    NULL,
    { { "0=1.1.1.1", AGREED } } },
  { "a lone server fails",
    "192.0.2.1",
    2,
    NULL,
    FALSE,
    "no answer from 1 server",
    { { "0!", FAILED } } },
  { "a lone network waits for all, and agrees",
    "192.0.2.1 192.0.2.2",
    2,
    "1.1.1.1",
    FALSE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "1=1.1.1.1", AGREED } } },
  { "a lone network waits for a failure",
    "192.0.2.1 192.0.2.2",
    2,
    "1.1.1.1",
    FALSE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "1!", AGREED } } },
  { "a lone network disagrees",
    "192.0.2.1 192.0.2.2 192.0.2.3",
    2,
    NULL,
    FALSE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "1=2.2.2.2", FAILED } } },
  { "a lone server contradicts itself",
    "192.0.2.1 192.0.2.2",
    2,
    NULL,
    FALSE,
    "1 server contradicted itself",
    { { "0=1.1.1.1", OPEN }, { "0=2.2.2.2", OPEN }, { "1!", FAILED } } },
  { "two networks where three must agree",
    "192.0.2.1 8.8.8.8",
    3,
    "1.1.1.1",
    FALSE,
    NULL,
    { { "0=1.1.1.1", OPEN }, { "1=1.1.1.1", AGREED } } },
  { "one is enough when one must agree",
    FIVE,
    1,
    "6.6.6.6",
    TRUE,
    NULL,
    { { "0=6.6.6.6", AGREED }, { "1=1.1.1.1", AGREED } } },
  { "agreement is final",
    FIVE,
    2,
    "1.1.1.1",
    TRUE,
    NULL,
    { { "0=1.1.1.1", OPEN },
      { "1=1.1.1.1", AGREED },
      { "1=2.2.2.2", AGREED },
      { "2=2.2.2.2", AGREED },
      { "3=2.2.2.2", AGREED } } },
};

static void
take_step (AionetConsensus *consensus, const Step *step)
{
  guint server = (guint) (step->event[0] - '0');

  tell (consensus, server, step->event[1] == '=' ? step->event + 2 : NULL);
  g_assert_cmpint (_aionet_consensus_get_state (consensus), ==, step->state);
}

static void
test_table (void)
{
  g_test_summary ("Events and the state after each of them");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autoptr (AionetConsensus) consensus = consensus_from_text (row->servers, row->min_agree);
      g_autofree char *explanation = NULL;

      g_test_message ("%s", row->what);
      for (guint j = 0; j < G_N_ELEMENTS (row->steps) && row->steps[j].event != NULL; j++)
        take_step (consensus, &row->steps[j]);
      assert_external (consensus, row->external);
      g_assert_cmpint (_aionet_consensus_is_confirmed (consensus), ==, row->confirmed);
      explanation = _aionet_consensus_explain (consensus);
      if (row->explanation != NULL)
        g_assert_cmpstr (explanation, ==, row->explanation);
    }
}

static void
test_counts (void)
{
  g_autoptr (AionetConsensus) consensus = consensus_from_text (FIVE, 2);
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *explanation = _aionet_consensus_explain (consensus);

  g_test_summary ("Who is waited for, and who was heard");

  g_assert_cmpstr (explanation, ==, "no server was asked");
  g_assert_cmpuint (_aionet_consensus_get_n_pending (consensus), ==, 0);
  _aionet_consensus_next_round (consensus, indexes);
  g_assert_cmpuint (_aionet_consensus_get_n_pending (consensus), ==, 3);
  tell (consensus, 0, "1.1.1.1");
  tell (consensus, 1, NULL);
  g_assert_cmpuint (_aionet_consensus_get_n_pending (consensus), ==, 1);
  g_assert_cmpuint (_aionet_consensus_get_n_heard (consensus), ==, 1);
  tell (consensus, 0, "2.2.2.2");
  g_assert_cmpuint (_aionet_consensus_get_n_heard (consensus), ==, 1);
}

static void
assert_round (AionetConsensus *consensus, const char *expected)
{
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GString) text = g_string_new (NULL);

  _aionet_consensus_next_round (consensus, indexes);
  for (guint i = 0; i < indexes->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (indexes, guint, i));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_rounds (void)
{
  g_autoptr (AionetConsensus) five = consensus_from_text (FIVE, 2);
  g_autoptr (AionetConsensus) mixed =
      consensus_from_text ("192.0.2.1 192.0.2.2 8.8.8.8 8.8.8.9 9.9.9.9 1.1.1.1", 2);
  g_autoptr (AionetConsensus) lone =
      consensus_from_text ("192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4", 2);
  g_autoptr (AionetConsensus) two = consensus_from_text ("192.0.2.1 192.0.2.2 8.8.8.8", 2);
  g_autoptr (AionetConsensus) none = consensus_from_text ("", 2);

  g_test_summary ("First three networks, then half of all servers, then the rest");

  assert_round (five, "0 1 2");
  assert_round (five, "3 4");
  assert_round (five, "");
  assert_round (mixed, "0 2 4");
  assert_round (mixed, "5 1 3");
  assert_round (mixed, "");
  assert_round (lone, "0 1 2");
  assert_round (lone, "3");
  assert_round (two, "0 2");
  assert_round (two, "1");
  assert_round (none, "");
  g_assert_cmpint (_aionet_consensus_get_state (none), ==, FAILED);
}

static char *
many_servers (guint n_servers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_servers; i++)
    g_string_append_printf (text, "%s8.8.%u.1", i > 0 ? " " : "", i);
  return g_string_free (text, FALSE);
}

static void
test_half_dead (void)
{
  g_test_summary ("Half of the servers dead, the preferred half, costs one hedge");

  for (guint n_servers = 4; n_servers <= 26; n_servers++)
    {
      g_autofree char *servers = many_servers (n_servers);
      g_autoptr (AionetConsensus) consensus = consensus_from_text (servers, 2);
      g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));

      _aionet_consensus_next_round (consensus, indexes);
      g_assert_cmpuint (indexes->len, ==, 3);
      _aionet_consensus_next_round (consensus, indexes);
      for (guint i = 0; i < indexes->len; i++)
        {
          guint server = g_array_index (indexes, guint, i);

          if (server >= n_servers / 2)
            tell (consensus, server, "1.3.3.7");
        }
      g_assert_cmpint (_aionet_consensus_get_state (consensus), ==, AGREED);
    }
}

static void
test_large_rounds (void)
{
  g_autofree char *servers = many_servers (100);
  g_autoptr (AionetConsensus) consensus = consensus_from_text (servers, 2);
  g_autoptr (GHashTable) asked = g_hash_table_new (NULL, NULL);
  guint n_rounds = 0;

  g_test_summary ("No round is larger than 16, and every server is asked once");

  for (;; n_rounds++)
    {
      g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));

      _aionet_consensus_next_round (consensus, indexes);
      if (indexes->len == 0)
        break;
      g_assert_cmpuint (indexes->len, <=, 16);
      for (guint i = 0; i < indexes->len; i++)
        g_assert_true (
            g_hash_table_add (asked, GUINT_TO_POINTER (g_array_index (indexes, guint, i))));
    }
  g_assert_cmpuint (g_hash_table_size (asked), ==, 100);
  g_assert_cmpuint (n_rounds, ==, 8);
}

static void
test_late_servers (void)
{
  g_autoptr (AionetConsensus) consensus = consensus_from_text ("", 2);
  g_autoptr (GSocketAddress) first = g_inet_socket_address_new_from_string ("192.0.2.1", 3478);
  g_autoptr (GSocketAddress) second = g_inet_socket_address_new_from_string ("8.8.8.8", 3478);

  g_test_summary ("Servers that join later can still decide; what was agreed alone stays so");

  _aionet_consensus_add_server (consensus, G_INET_SOCKET_ADDRESS (first));
  assert_round (consensus, "0");
  tell (consensus, 0, NULL);
  g_assert_cmpint (_aionet_consensus_get_state (consensus), ==, FAILED);
  tell (consensus, 0, "1.3.3.7");
  g_assert_cmpint (_aionet_consensus_get_state (consensus), ==, AGREED);
  _aionet_consensus_add_server (consensus, G_INET_SOCKET_ADDRESS (second));
  assert_round (consensus, "1");
  g_assert_cmpint (_aionet_consensus_get_state (consensus), ==, AGREED);
  g_assert_false (_aionet_consensus_is_confirmed (consensus));
}

static void
test_close (void)
{
  g_autoptr (AionetConsensus) lone = consensus_from_text ("192.0.2.1 192.0.2.2 192.0.2.3", 2);
  g_autoptr (AionetConsensus) five = consensus_from_text (FIVE, 2);

  g_test_summary ("At the deadline a lone network agrees on what was heard, others need two still");

  tell (lone, 1, "1.3.3.7");
  g_assert_cmpint (_aionet_consensus_get_state (lone), ==, OPEN);
  _aionet_consensus_close (lone);
  g_assert_cmpint (_aionet_consensus_get_state (lone), ==, AGREED);
  assert_external (lone, "1.3.3.7");
  g_assert_false (_aionet_consensus_is_confirmed (lone));

  tell (five, 1, "1.3.3.7");
  _aionet_consensus_close (five);
  g_assert_cmpint (_aionet_consensus_get_state (five), ==, FAILED);
  assert_external (five, NULL);
}

static void
test_is_sane (void)
{
  static const struct
  {
    const char *address;
    guint       port;
    gboolean    sane;
    gboolean    sane_if_private;
  } cases[] = {
    { "1.3.3.7", 4242, TRUE, TRUE },           { "1.3.3.7", 0, FALSE, FALSE },
    { "10.9.9.9", 4242, FALSE, TRUE },         { "100.64.0.1", 4242, FALSE, TRUE },
    { "127.0.0.1", 4242, FALSE, FALSE },       { "169.254.1.1", 4242, FALSE, FALSE },
    { "0.0.0.0", 4242, FALSE, FALSE },         { "224.0.0.1", 4242, FALSE, FALSE },
    { "255.255.255.255", 4242, FALSE, FALSE }, { "240.0.0.1", 4242, FALSE, FALSE },
  };
  g_autoptr (GSocketAddress) six = g_inet_socket_address_new_from_string ("2402::1", 4242);
  g_autoptr (GSocketAddress) ula = g_inet_socket_address_new_from_string ("fd00::1", 4242);
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string ("fe80::1", 4242);

  g_test_summary ("R-17: mapped addresses that no NAT can have are lies");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GSocketAddress) external =
          g_inet_socket_address_new_from_string (cases[i].address, cases[i].port);
      GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (external);

      g_assert_cmpint (_aionet_consensus_is_sane (inet, G_SOCKET_FAMILY_IPV4, FALSE), ==,
                       cases[i].sane);
      g_assert_cmpint (_aionet_consensus_is_sane (inet, G_SOCKET_FAMILY_IPV4, TRUE), ==,
                       cases[i].sane_if_private);
      g_assert_false (_aionet_consensus_is_sane (inet, G_SOCKET_FAMILY_IPV6, TRUE));
    }
  g_assert_true (
      _aionet_consensus_is_sane (G_INET_SOCKET_ADDRESS (six), G_SOCKET_FAMILY_IPV6, FALSE));
  g_assert_false (
      _aionet_consensus_is_sane (G_INET_SOCKET_ADDRESS (ula), G_SOCKET_FAMILY_IPV6, FALSE));
  g_assert_true (
      _aionet_consensus_is_sane (G_INET_SOCKET_ADDRESS (ula), G_SOCKET_FAMILY_IPV6, TRUE));
  g_assert_false (
      _aionet_consensus_is_sane (G_INET_SOCKET_ADDRESS (local), G_SOCKET_FAMILY_IPV6, TRUE));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/consensus/table", test_table);
  g_test_add_func ("/aionet/consensus/counts", test_counts);
  g_test_add_func ("/aionet/consensus/rounds", test_rounds);
  g_test_add_func ("/aionet/consensus/half-dead", test_half_dead);
  g_test_add_func ("/aionet/consensus/large-rounds", test_large_rounds);
  g_test_add_func ("/aionet/consensus/late-servers", test_late_servers);
  g_test_add_func ("/aionet/consensus/close", test_close);
  g_test_add_func ("/aionet/consensus/is-sane", test_is_sane);

  return g_test_run ();
}
