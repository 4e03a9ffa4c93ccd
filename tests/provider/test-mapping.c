/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-mapping.h"

static GInetSocketAddress *
endpoint (const char *host, guint port)
{
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (host, port));
}

static void
test_minimal (void)
{
  g_autoptr (GInetSocketAddress) server = endpoint ("192.0.2.1", 3478);
  g_autoptr (GInetSocketAddress) local = endpoint ("192.168.21.21", 40000);
  g_autoptr (GInetSocketAddress) external = endpoint ("1.3.3.7", 40001);
  g_autoptr (AionetMapping) mapping =
      aionet_mapping_new (G_SOCKET_PROTOCOL_TCP, server, local, external);

  g_test_summary ("A mapping has the four facts it was made with, and knows no more");

  g_assert_cmpint (aionet_mapping_get_protocol (mapping), ==, G_SOCKET_PROTOCOL_TCP);
  g_assert_true (aionet_mapping_get_server (mapping) == server);
  g_assert_true (aionet_mapping_get_local (mapping) == local);
  g_assert_true (aionet_mapping_get_external (mapping) == external);
  g_assert_null (aionet_mapping_get_origin (mapping));
  g_assert_null (aionet_mapping_get_other_address (mapping));
  g_assert_null (aionet_mapping_get_software (mapping));
  g_assert_cmpint (aionet_mapping_get_round_trip_us (mapping), ==, -1);
  g_assert_cmpuint (aionet_mapping_get_n_sent (mapping), ==, 1);
}

static void
test_full (void)
{
  g_autoptr (GInetSocketAddress) origin = endpoint ("192.0.2.1", 3478);
  g_autoptr (GInetSocketAddress) other = endpoint ("192.0.2.2", 3479);
  g_autoptr (AionetMapping) mapping =
      g_object_new (AIONET_TYPE_MAPPING, "origin", origin, "other-address", other, "software",
                    "coturn", "round-trip-us", G_GINT64_CONSTANT (51000), "n-sent", 2, NULL);

  g_test_summary ("What else a server tells comes with construct properties");

  g_assert_true (aionet_mapping_get_origin (mapping) == origin);
  g_assert_true (aionet_mapping_get_other_address (mapping) == other);
  g_assert_cmpstr (aionet_mapping_get_software (mapping), ==, "coturn");
  g_assert_cmpint (aionet_mapping_get_round_trip_us (mapping), ==, 51000);
  g_assert_cmpuint (aionet_mapping_get_n_sent (mapping), ==, 2);
}

static void
test_software (void)
{
  static const struct
  {
    const char *told;
    const char *kept;
  } cases[] = {
    { "Coturn-4.6.2 'Gorst'", "Coturn-4.6.2 'Gorst'" },
    { "  spaces  ", "spaces" },
    { "マトリックス", "マトリックス" },
    { "line\r\nbreak", "linebreak" },
    { "\033[31mred\033[0m", "[31mred[0m" },
    { "left \u202Ethgir", "left thgir" },
    { "two\u2028lines", "twolines" },
    { "bad \xff\xfe bytes", "bad \uFFFD\uFFFD bytes" },
    { "\001\002\003", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  g_test_summary ("What a server says of itself is safe to print");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AionetMapping) mapping =
          g_object_new (AIONET_TYPE_MAPPING, "software", cases[i].told, NULL);

      g_assert_cmpstr (aionet_mapping_get_software (mapping), ==, cases[i].kept);
    }
}

static void
test_software_length (void)
{
  g_autofree char *told = g_strnfill (5000, 'x');
  g_autoptr (AionetMapping) mapping = g_object_new (AIONET_TYPE_MAPPING, "software", told, NULL);

  g_test_summary ("SOFTWARE has fewer than 128 characters (RFC 8489, section 14.14)");

  g_assert_cmpuint (g_utf8_strlen (aionet_mapping_get_software (mapping), -1), ==, 127);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/mapping/minimal", test_minimal);
  g_test_add_func ("/aionet/mapping/full", test_full);
  g_test_add_func ("/aionet/mapping/software", test_software);
  g_test_add_func ("/aionet/mapping/software-length", test_software_length);
  return g_test_run ();
}
