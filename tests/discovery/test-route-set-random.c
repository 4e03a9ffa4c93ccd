/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-route-set-private.h"

#include "discovery/discovery-fixture.h"
#include "value/aionet-special-purpose-private.h"

/* Properties of plan and route set that hold for every link and every answer, on random ones. The
 * addresses come out of few, so that they often meet. */

#define N_ROUNDS 1000

static const char *const pool4[] = {
  "192.168.0.20/24", "192.168.0.21/24", "10.0.0.5/8",      "10.2.0.0/16", "100.64.0.9/10",
  "7.7.7.7/32",      "203.0.112.5/24",  "203.0.112.6/24",  "8.8.0.0/16",  "8.8.4.0/24",
  "8.8.0.5/16",      "193.168.0.0/16",  "169.254.3.4/16",  "127.0.0.1/8", "224.0.0.5/32",
  "~203.0.112.7/24", "!203.0.112.8/24", "?203.0.112.9/24", "0.0.0.0/0"
};
static const char *const pool6[] = { "2402::1/64",        "2402::2/64",      "~2402::3/64",
                                     "!2402::4/64",       "?2402::5/64",     "2402:0:0:1::/64",
                                     "2402::/48",         "fd00::5/64",      "fd01::/64",
                                     "fe80::1%eth0/64",   "fe80::2%eth0/64", "::1/128",
                                     "ff02::1/128",       "2606:4700::/128", "2606:4700:1::/64",
                                     "2606:4700:1::7/64", "~fd00::6/64",     "::/0" };
static const char *const answers4[] = { "1.3.3.7",     "1.3.3.8",      "8.8.0.5", "8.8.4.9",
                                        "203.0.112.5", "192.168.0.20", "2402::1" };
static const char *const answers6[] = { "2606::9", "2402::1",        "2402:0:0:1::9",
                                        "fd00::5", "2606:4700:1::7", "1.3.3.7" };

static const char *
pick (GRand *random, const char *const *texts, guint n_texts)
{
  return texts[g_rand_int_range (random, 0, (gint32) n_texts)];
}

static AionetLink *
random_link (GRand *random, GSocketFamily family)
{
  g_autoptr (GString) addresses = g_string_new (NULL);
  g_autoptr (GString) blocks = g_string_new (NULL);
  const char *const *texts = family == G_SOCKET_FAMILY_IPV4 ? pool4 : pool6;
  guint n_texts = family == G_SOCKET_FAMILY_IPV4 ? G_N_ELEMENTS (pool4) : G_N_ELEMENTS (pool6);
  AionetLink *link;

  for (int i = g_rand_int_range (random, 0, 9); i > 0; i--)
    g_string_append_printf (addresses, "%s%s", addresses->len > 0 ? " " : "",
                            pick (random, texts, n_texts));
  for (int i = g_rand_int_range (random, 0, 4); i > 0; i--)
    {
      const char *text = pick (random, texts, n_texts);

      if (strchr ("?~!", text[0]) == NULL)
        g_string_append_printf (blocks, "%s%s", blocks->len > 0 ? " " : "", text);
    }
  link = link_from_text (addresses->str, blocks->str);
  if (g_rand_boolean (random))
    add_gateway (link, "192.168.0.1", 100, 254, NULL);
  if (g_rand_boolean (random))
    add_gateway (link, "10.0.0.1", 50, 254, NULL);
  if (g_rand_boolean (random))
    add_gateway (link, "192.168.0.2", 0, 100, "192.168.0.21");
  return link;
}

static AionetProbeResult *
random_result (GRand *random, const AionetProbe *probe)
{
  g_autofree char *source = g_inet_address_to_string (probe->source);
  gboolean         confirmed = g_rand_boolean (random);

  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      return result_new (NULL, FALSE, g_rand_boolean (random) ? "silence" : NULL);
    case 1:
      return result_new (source, confirmed, NULL);
    default:
      return probe->family == G_SOCKET_FAMILY_IPV4
                 ? result_new (pick (random, answers4, G_N_ELEMENTS (answers4)), confirmed, NULL)
                 : result_new (pick (random, answers6, G_N_ELEMENTS (answers6)), confirmed, NULL);
    }
}

static gboolean
covers (GPtrArray *ranges, AionetIpRange *range)
{
  for (guint i = 0; i < ranges->len; i++)
    {
      AionetIpRange *other = g_ptr_array_index (ranges, i);

      if (aionet_ip_range_get_prefix_length (other) <= aionet_ip_range_get_prefix_length (range) &&
          aionet_ip_range_contains (other, aionet_ip_range_get_address (range)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_link_local (gpointer range)
{
  return aionet_ip_range_is_link_local (range);
}

/* Seen as itself, an IPv6 range leaves link-locals alone on the NIC side. */
static gboolean
route_covers (const AionetRouteParts *parts, AionetIpRange *range)
{
  if (covers (parts->nic_ranges, range))
    return TRUE;
  return parts->family == G_SOCKET_FAMILY_IPV6 &&
         is_link_local (g_ptr_array_index (parts->nic_ranges, 0)) &&
         covers (parts->ext_ranges, range);
}

static void
assert_in_one_place (const AionetRouteSet *set, AionetIpRange *range)
{
  guint n_places = 0;

  for (guint i = 0; i < set->routes->len; i++)
    n_places += route_covers (g_ptr_array_index (set->routes, i), range) ? 1 : 0;
  for (guint i = 0; i < set->unreachable->len; i++)
    {
      const AionetUnreachable *unreachable = g_ptr_array_index (set->unreachable, i);
      AionetIpRange           *other = unreachable->range;

      g_assert_nonnull (unreachable->reason);
      if (aionet_ip_range_get_prefix_length (other) <= aionet_ip_range_get_prefix_length (range) &&
          aionet_ip_range_contains (other, aionet_ip_range_get_address (range)))
        n_places++;
    }
  g_assert_cmpuint (n_places, ==, 1);
}

static void
assert_complete (AionetLink *link, const AionetRouteSet *set, GSocketFamily family)
{
  GListModel *models[] = { aionet_link_get_addresses (link), aionet_link_get_blocks (link) };

  for (guint m = 0; m < G_N_ELEMENTS (models); m++)
    {
      for (guint i = 0; i < g_list_model_get_n_items (models[m]); i++)
        {
          g_autoptr (AionetIpRange) range = g_list_model_get_item (models[m], i);
          AionetAddressClass address_class =
              _aionet_inet_address_classify (aionet_ip_range_get_address (range));

          if (aionet_ip_range_get_family (range) == family &&
              (address_class == AIONET_ADDRESS_CLASS_PUBLIC ||
               address_class == AIONET_ADDRESS_CLASS_PRIVATE) &&
              (m == 1 ||
               (aionet_link_get_address_flags (link, i) & AIONET_ADDRESS_FLAGS_TENTATIVE) == 0))
            assert_in_one_place (set, range);
        }
    }
}

static void
assert_link_locals (const AionetProbePlan *plan, const AionetRouteParts *parts)
{
  guint n_others = 0;

  g_assert_cmpuint (parts->link_locals->len, ==, plan->link_locals->len);
  while (n_others < parts->nic_ranges->len &&
         !is_link_local (g_ptr_array_index (parts->nic_ranges, n_others)))
    n_others++;
  g_assert_cmpuint (parts->nic_ranges->len - n_others, ==, plan->link_locals->len);
  for (guint i = 0; i < plan->link_locals->len; i++)
    {
      g_assert_true (aionet_ip_range_equal (g_ptr_array_index (plan->link_locals, i),
                                            g_ptr_array_index (parts->nic_ranges, n_others + i)));
      g_assert_true (aionet_ip_range_equal (g_ptr_array_index (plan->link_locals, i),
                                            g_ptr_array_index (parts->link_locals, i)));
    }
}

static void
assert_sides (const AionetProbePlan *plan, const AionetRouteSet *set)
{
  for (guint i = 0; i < set->routes->len; i++)
    {
      const AionetRouteParts *parts = g_ptr_array_index (set->routes, i);

      g_assert_cmpuint (parts->nic_ranges->len, >, 0);
      g_assert_cmpuint (parts->ext_ranges->len, ==, 1);
      assert_link_locals (plan, parts);
      for (guint j = 0; j < i; j++)
        {
          const AionetRouteParts *other = g_ptr_array_index (set->routes, j);

          g_assert_false (aionet_ip_range_overlaps (g_ptr_array_index (parts->ext_ranges, 0),
                                                    g_ptr_array_index (other->ext_ranges, 0)));
        }
    }
}

static void
assert_sources (const AionetProbePlan *plan)
{
  for (guint i = 0; i < plan->probes->len; i++)
    {
      const AionetProbe *probe = g_ptr_array_index (plan->probes, i);
      AionetAddressClass address_class = _aionet_inet_address_classify (probe->source);

      g_assert_cmpuint (probe->members->len, >, 0);
      g_assert_cmpint (address_class, ==,
                       probe->is_private ? AIONET_ADDRESS_CLASS_PRIVATE
                                         : AIONET_ADDRESS_CLASS_PUBLIC);
      for (guint j = 0; j < i; j++)
        {
          const AionetProbe *other = g_ptr_array_index (plan->probes, j);

          g_assert_false (g_inet_address_equal (probe->source, other->source));
          g_assert_true (other->is_private || !probe->is_private);
        }
    }
}

static void
check_round (GRand *random, GSocketFamily family)
{
  g_autoptr (AionetLink) link = random_link (random, family);
  g_autoptr (AionetProbePlan) plan = _aionet_probe_plan_new (link, family);
  g_autoptr (AionetProbePlan) again = _aionet_probe_plan_new (link, family);
  g_autoptr (GPtrArray) results =
      g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_probe_result_free);
  g_autoptr (AionetRouteSet) set = NULL;
  g_autoptr (AionetRouteSet) set_again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  for (guint i = 0; i < plan->probes->len; i++)
    g_ptr_array_add (results, random_result (random, g_ptr_array_index (plan->probes, i)));
  set = _aionet_route_set_build (plan, results);
  set_again = _aionet_route_set_build (again, results);
  text = route_set_to_text (set);
  text_again = route_set_to_text (set_again);

  g_assert_cmpstr (text, ==, text_again);
  assert_sources (plan);
  assert_complete (link, set, family);
  assert_sides (plan, set);
}

static void
test_ipv4 (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (g_test_rand_int ());

  g_test_summary ("Every IPv4 range ends up in exactly one route, or is unreachable");

  for (guint i = 0; i < N_ROUNDS; i++)
    check_round (random, G_SOCKET_FAMILY_IPV4);
}

static void
test_ipv6 (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (g_test_rand_int ());

  g_test_summary ("The same for IPv6, and all link-locals are in each route");

  for (guint i = 0; i < N_ROUNDS; i++)
    check_round (random, G_SOCKET_FAMILY_IPV6);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/route-set-random/ipv4", test_ipv4);
  g_test_add_func ("/aionet/route-set-random/ipv6", test_ipv6);

  return g_test_run ();
}
