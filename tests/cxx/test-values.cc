/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "aionet-test.h"

#include <unordered_set>

/* ------------------------------------------------------------------ ranges, by table */

struct RangeCase
{
  const char   *text, *printed;
  GSocketFamily family;
  guint         prefix, subnet;
  guint64       n_addresses;
  bool          is_public, is_private, is_link_local;
};

static std::ostream &
operator<< (std::ostream &stream, const RangeCase &expected)
{
  return stream << expected.text;
}

class Ranges : public testing::TestWithParam<RangeCase>
{
};

TEST_P (Ranges, IsWhatItsTextSays)
{
  const RangeCase &expected = GetParam ();
  auto             made = range (expected.text);

  EXPECT_EQ (aionet_ip_range_get_family (made.get ()), expected.family);
  EXPECT_EQ (aionet_ip_range_get_prefix_length (made.get ()), expected.prefix);
  EXPECT_EQ (aionet_ip_range_get_subnet_length (made.get ()), expected.subnet);
  EXPECT_EQ (aionet_ip_range_get_n_addresses (made.get ()), expected.n_addresses);
  EXPECT_EQ (aionet_ip_range_is_single (made.get ()), expected.n_addresses == 1);
  EXPECT_EQ (aionet_ip_range_is_public (made.get ()), expected.is_public);
  EXPECT_EQ (aionet_ip_range_is_private (made.get ()), expected.is_private);
  EXPECT_EQ (aionet_ip_range_is_link_local (made.get ()), expected.is_link_local);
  EXPECT_EQ (to_string (aionet_ip_range_to_string (made.get ())), expected.printed);
}

INSTANTIATE_TEST_SUITE_P (
    Table,
    Ranges,
    testing::Values (
        RangeCase{ "10.0.0.1", "10.0.0.1", G_SOCKET_FAMILY_IPV4, 32, 32, 1, false, true, false },
        RangeCase{ "8.8.0.0/16", "8.8.0.0/16", G_SOCKET_FAMILY_IPV4, 16, 16, 65024, true, false,
                   false },
        RangeCase{ "8.8.8.0/24", "8.8.8.0/24", G_SOCKET_FAMILY_IPV4, 24, 24, 254, true, false,
                   false },
        RangeCase{ "8.8.8.0/31", "8.8.8.0/31", G_SOCKET_FAMILY_IPV4, 31, 31, 2, true, false,
                   false },
        RangeCase{ "169.254.1.1", "169.254.1.1", G_SOCKET_FAMILY_IPV4, 32, 32, 1, false, true,
                   true },
        RangeCase{ "2a01:1::/64", "2a01:1::/64", G_SOCKET_FAMILY_IPV6, 64, 64, G_MAXUINT64, true,
                   false, false },
        RangeCase{ "fd00::1", "fd00::1", G_SOCKET_FAMILY_IPV6, 128, 128, 1, false, true, false },
        RangeCase{ "fe80::1%eth0", "fe80::1%eth0", G_SOCKET_FAMILY_IPV6, 128, 128, 1, false, true,
                   true }));

class BadRanges : public testing::TestWithParam<const char *>
{
};

TEST_P (BadRanges, AreRefused)
{
  Error error;

  EXPECT_FALSE (take (aionet_ip_range_new_from_string (GetParam (), error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << error;
}

INSTANTIATE_TEST_SUITE_P (
    Table, BadRanges, testing::Values ("", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.256", "a"));

/* ------------------------------------------------------------------ ranges, the rest */

TEST (IpRange, HostBitsMakeASingleAddressThatKnowsItsSubnet)
{
  auto made = take (aionet_ip_range_new (address ("192.168.0.20").get (), 24));

  EXPECT_TRUE (aionet_ip_range_is_single (made.get ()));
  EXPECT_EQ (aionet_ip_range_get_prefix_length (made.get ()), 32u);
  EXPECT_EQ (aionet_ip_range_get_subnet_length (made.get ()), 24u);
  EXPECT_EQ (to_text (aionet_ip_range_get_address (made.get ())), "192.168.0.20");
}

TEST (IpRange, IsAModelOfItsUsableAddresses)
{
  auto                     block = range ("10.0.0.0/30");
  guint64                  index = 77;
  std::vector<std::string> texts;

  for (const auto &item : items<GInetAddress> (block.get ()))
    texts.push_back (to_text (item.get ()));
  EXPECT_EQ (texts, (std::vector<std::string>{ "10.0.0.1", "10.0.0.2" }));
  EXPECT_EQ (to_text (take (aionet_ip_range_get_address_at (block.get (), 1)).get ()), "10.0.0.2");
  EXPECT_FALSE (take (aionet_ip_range_get_address_at (block.get (), 2)));
  EXPECT_TRUE (aionet_ip_range_get_index_of (block.get (), address ("10.0.0.2").get (), &index));
  EXPECT_EQ (index, 1u);
  EXPECT_FALSE (aionet_ip_range_get_index_of (block.get (), address ("10.0.0.3").get (), nullptr));
}

TEST (IpRange, ContainsAndOverlaps)
{
  auto block = range ("8.8.0.0/16"), inner = range ("8.8.8.0/24"), outer = range ("9.0.0.0/8");

  EXPECT_TRUE (aionet_ip_range_contains (block.get (), address ("8.8.255.255").get ()));
  EXPECT_FALSE (aionet_ip_range_contains (block.get (), address ("8.9.0.1").get ()));
  EXPECT_TRUE (aionet_ip_range_overlaps (block.get (), inner.get ()));
  EXPECT_TRUE (aionet_ip_range_overlaps (inner.get (), block.get ()));
  EXPECT_FALSE (aionet_ip_range_overlaps (block.get (), outer.get ()));
}

struct SameRange
{
  bool
  operator() (const Ref<AionetIpRange> &a, const Ref<AionetIpRange> &b) const
  {
    return aionet_ip_range_equal (a.get (), b.get ());
  }
};

struct HashOfRange
{
  std::size_t
  operator() (const Ref<AionetIpRange> &range) const
  {
    return aionet_ip_range_hash (range.get ());
  }
};

TEST (IpRange, IsAKeyOfSets)
{
  std::unordered_set<Ref<AionetIpRange>, HashOfRange, SameRange> set;

  for (auto text : { "10.0.0.1", "::1", "10.0.0.1/32", "10.0.0.0/24", "::1" })
    set.insert (range (text));
  EXPECT_EQ (set.size (), 3u);
}

TEST (IpRange, SortsByFamilyThenAddress)
{
  std::vector<Ref<AionetIpRange> > list;
  std::vector<std::string>         texts;

  for (auto text : { "::1", "10.0.0.2", "9.0.0.1", "10.0.0.1" })
    list.push_back (range (text));
  std::sort (list.begin (), list.end (), [] (const auto &a, const auto &b) {
    return aionet_ip_range_compare (a.get (), b.get ()) < 0;
  });
  for (const auto &item : list)
    texts.push_back (to_string (aionet_ip_range_to_string (item.get ())));
  EXPECT_EQ (texts, (std::vector<std::string>{ "9.0.0.1", "10.0.0.1", "10.0.0.2", "::1" }));
}

TEST (IpRange, ComesOfBytesAndHasAScope)
{
  const guint8 raw[] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
  auto         made = take (aionet_ip_range_new_from_bytes (raw, sizeof raw, 64, "eth0"));
  auto         same = take (aionet_ip_range_new_scoped (address ("fe80::1").get (), 64, "eth0"));
  auto         other = take (aionet_ip_range_new_scoped (address ("fe80::1").get (), 64, "eth1"));

  EXPECT_STREQ (aionet_ip_range_get_scope_name (made.get ()), "eth0");
  EXPECT_TRUE (aionet_ip_range_equal (made.get (), same.get ()));
  EXPECT_FALSE (aionet_ip_range_equal (made.get (), other.get ()));
  EXPECT_EQ (aionet_ip_range_get_scope_name (range ("::1").get ()), nullptr);
}

/* ------------------------------------------------------------------ targets */

TEST (Target, IsAnAddressOrAName)
{
  Error error;
  auto  scoped = take (aionet_target_new_from_string ("[fe80::1%eth0]:80", 0, error.out ()));
  auto  named = take (aionet_target_new_from_string ("example.org", 443, error.out ()));

  ASSERT_TRUE (scoped && named) << error;
  EXPECT_EQ (to_text (aionet_target_get_address (scoped.get ())), "fe80::1");
  EXPECT_STREQ (aionet_target_get_scope_name (scoped.get ()), "eth0");
  EXPECT_EQ (aionet_target_get_port (scoped.get ()), 80);
  EXPECT_EQ (to_string (aionet_target_to_string (scoped.get ())), "[fe80::1%eth0]:80");
  EXPECT_STREQ (aionet_target_get_hostname (named.get ()), "example.org");
  EXPECT_EQ (aionet_target_get_port (named.get ()), 443);
  EXPECT_EQ (aionet_target_get_address (named.get ()), nullptr);
}

TEST (Target, ComparesAndHashes)
{
  auto made = take (aionet_target_new ("127.0.0.1", 80));
  auto same = take (aionet_target_new_from_string ("127.0.0.1:80", 0, nullptr));
  auto other = take (aionet_target_new ("127.0.0.1", 81));

  EXPECT_TRUE (aionet_target_equal (made.get (), same.get ()));
  EXPECT_EQ (aionet_target_hash (made.get ()), aionet_target_hash (same.get ()));
  EXPECT_FALSE (aionet_target_equal (made.get (), other.get ()));
}

TEST (Target, RefusesWhatIsNone)
{
  Error error;

  for (auto text : { "", "host:99999", "[::1", "[::1]80", "a b:1" })
    {
      EXPECT_FALSE (take (aionet_target_new_from_string (text, 0, error.out ()))) << text;
      EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << text << ' ' << error;
    }
}

/* ------------------------------------------------------------------ texts */

TEST (AddressText, NormalizesAndRefuses)
{
  Error error;
  guint prefix = 99;

  EXPECT_EQ (to_string (aionet_address_normalize ("2A01:0:0::1", error.out ())),
             "2a01:0000:0000:0000:0000:0000:0000:0001");
  EXPECT_EQ (aionet_address_normalize ("1.2.3", error.out ()), nullptr);
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << error;
  EXPECT_EQ (to_string (aionet_hardware_address_normalize ("02-00-00-00-00-0A", nullptr)),
             to_string (aionet_hardware_address_normalize ("02:00:00:00:00:0a", nullptr)));
  EXPECT_EQ (aionet_hardware_address_normalize ("02:00", error.out ()), nullptr);
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << error;
  EXPECT_TRUE (aionet_prefix_length_from_netmask ("255.255.240.0", &prefix, error.out ()));
  EXPECT_EQ (prefix, 20u);
  EXPECT_FALSE (aionet_prefix_length_from_netmask ("255.0.255.0", &prefix, error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_INVALID_ADDRESS)) << error;
}

TEST (ErrorDomain, HasItsQuark)
{
  EXPECT_STREQ (g_quark_to_string (aionet_error_quark ()), "aionet-error-quark");
}
