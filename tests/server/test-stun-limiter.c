/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "server/aionet-stun-limiter-private.h"

static gboolean
admit (AionetStunLimiter *limiter, const char *address, gint64 now_us)
{
  g_autoptr (GSocketAddress) gio = g_inet_socket_address_new_from_string (address, 9);
  AionetSockaddr native;

  g_assert_true (_aionet_sockaddr_set (&native, gio, NULL));
  return _aionet_stun_limiter_admit (limiter, &native, now_us);
}

static guint
count (AionetStunLimiter *limiter, const char *address, guint n, gint64 now_us)
{
  guint n_admitted = 0;

  for (guint i = 0; i < n; i++)
    n_admitted += admit (limiter, address, now_us);
  return n_admitted;
}

static void
test_bucket (void)
{
  g_autoptr (AionetStunLimiter) limiter = _aionet_stun_limiter_new (10);

  g_test_summary ("So many at once, so many a second, and never more saved up than that");
  g_assert_cmpuint (count (limiter, "192.0.2.1", 100, 0), ==, 10);
  g_assert_cmpuint (count (limiter, "192.0.2.1", 100, 500000), ==, 5);
  g_assert_cmpuint (count (limiter, "192.0.2.1", 100, 600000), ==, 1);
  g_assert_cmpuint (count (limiter, "192.0.2.1", 100, 650000), ==, 0);
  g_assert_cmpuint (count (limiter, "192.0.2.1", 100, 700000), ==, 1);
  g_assert_cmpuint (count (limiter, "192.0.2.1", 100, 60 * G_TIME_SPAN_SECOND), ==, 10);
}

static void
test_prefix (void)
{
  static const struct
  {
    const char *first, *second;
    gboolean    is_shared;
  } cases[] = {
    { "192.0.2.1", "192.0.2.254", TRUE },
    { "192.0.2.1", "192.0.3.1", FALSE },
    { "192.0.2.1", "::ffff:192.0.2.9", TRUE },
    { "2001:db8:0:1::1", "2001:db8:0:1ff::1", FALSE },
    { "2001:db8:0:101::1", "2001:db8:0:1ff::1", TRUE },
    { "2001:db8:0:1::1", "2001:db8:0:2::1", TRUE },
    { "0.0.1.1", "::1", FALSE },
  };

  g_test_summary ("Addresses of an IPv4 /24 or an IPv6 /56 share, others do not");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AionetStunLimiter) limiter = _aionet_stun_limiter_new (1);

      g_assert_true (admit (limiter, cases[i].first, 0));
      g_assert_true (admit (limiter, cases[i].second, 0) == !cases[i].is_shared);
    }
}

static void
test_many_prefixes (void)
{
  g_autoptr (AionetStunLimiter) limiter = _aionet_stun_limiter_new (100);
  guint n_admitted = 0;

  g_test_summary ("A million forged prefixes do not make it forget the one that is kept busy");
  for (guint i = 0; i < 1000000; i++)
    {
      AionetSockaddr forged = { .v4 = { .sin_family = AF_INET } };

      forged.v4.sin_addr.s_addr = g_htonl (0x0b000000 + (i << 8));
      _aionet_stun_limiter_admit (limiter, &forged, 0);
      if (i % 100 == 0)
        n_admitted += admit (limiter, "192.0.2.1", 0);
    }
  g_assert_cmpuint (n_admitted, ==, 100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/stun-limiter/bucket", test_bucket);
  g_test_add_func ("/aionet/stun-limiter/prefix", test_prefix);
  g_test_add_func ("/aionet/stun-limiter/many-prefixes", test_many_prefixes);
  return g_test_run ();
}
