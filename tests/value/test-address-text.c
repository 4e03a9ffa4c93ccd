/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include "value/aionet-quote-private.h"

#include <string.h>

static void
test_netmask (void)
{
  static const struct
  {
    const char *netmask;
    guint       prefix_length;
  } rows[] = {
    { "255.255.255.255", 32 },
    { "255.255.255.0", 24 },
    { "255.255.254.0", 23 },
    { "128.0.0.0", 1 },
    { "0.0.0.0", 0 },
    { "ffff:ffff:ffff:ffff::", 64 },
    { "ffff:ffff:ffff:ffff::/64", 64 },
    { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128 },
    { "ffff:ffff:ffff:ffff:8000::", 65 },
    { "8000::", 1 },
    { "::", 0 },
  };

  g_test_summary ("A netmask is as long as its leading ones (case IP-49)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      guint prefix_length = 999;

      g_test_message ("%s", rows[i].netmask);
      g_assert_true (aionet_prefix_length_from_netmask (rows[i].netmask, &prefix_length, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (prefix_length, ==, rows[i].prefix_length);
    }
}

static void
test_netmask_invalid (void)
{
  static const char *const rows[] = { "",           "meow",         "255.0.255.0",
                                      "0.0.0.1",    "255.255.255",  "255.255.255.256",
                                      "24",         " 255.0.0.0",   "255.0.0.0 ",
                                      "ffff::ffff", "::1",          "ffff:ffff:ffff:ffff::/63",
                                      "ffff::/",    "ffff::/16/16", "255.0.0.0/9",
                                      "/8" };

  g_test_summary ("What is no netmask is refused and leaves the result alone");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      guint prefix_length = 999;

      g_test_message ("%s", rows[i]);
      g_assert_false (aionet_prefix_length_from_netmask (rows[i], &prefix_length, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      g_assert_cmpuint (prefix_length, ==, 999);
    }
}

static void
test_normalize (void)
{
  static const struct
  {
    const char *text;
    const char *normal; /* NULL: refused */
  } rows[] = {
    { "1.1.1.1", "1.1.1.1" },
    { "1.1.1.1%test", "1.1.1.1" },
    { "1.1.1.1/24", "1.1.1.1" },
    { "1.1.1.1%test/24", "1.1.1.1" },
    { "2402:1f00:8101:83f::1/64", "2402:1f00:8101:083f:0000:0000:0000:0001" },
    { "FE80::1%eth0", "fe80:0000:0000:0000:0000:0000:0000:0001" },
    { "::ffff:1.2.3.4", "0000:0000:0000:0000:0000:ffff:0102:0304" },
    { "::", "0000:0000:0000:0000:0000:0000:0000:0000" },
    { "", NULL },
    { "meow", NULL },
    { "1.1.1.1/33", NULL },
    { "1.1.1.1%", NULL },
    { "1.1.1.1%/24", NULL },
    { "1.1.1.1/", NULL },
    { "01.1.1.1", NULL },
    { "::1::", NULL },
  };

  g_test_summary ("Addresses have one normal form (cases IP-50, IP-52)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *normal = aionet_address_normalize (rows[i].text, &error);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpstr (normal, ==, rows[i].normal);
      if (rows[i].normal == NULL)
        g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      else
        g_assert_no_error (error);
    }
}

static void
test_hardware_address (void)
{
  static const struct
  {
    const char *text;
    const char *normal; /* NULL: refused */
  } rows[] = {
    { "AA:BB:CC:dd:e:f", "aabbccdd0e0f" },
    { "aa-bb-cc-dd-ee-ff", "aabbccddeeff" },
    { "aabb.ccdd.eeff", "aabbccddeeff" },
    { "aabbccddeeff", "aabbccddeeff" },
    { "02:00:00:ff:fe:00:00:01", "020000fffe000001" },
    { "00:00:00:00:00:00", "000000000000" },
    { "", NULL },
    { "meow", NULL },
    { "aa:bb:cc:dd:ee", NULL },
    { "aa:bb:cc:dd:ee:ff:00", NULL },
    { "aa:bb:cc:dd:ee:", NULL },
    { "aa:bb:cc:dd:ee:fff", NULL },
    { "aa:bb-cc:dd-ee:ff", NULL },
    { "aabb.ccdd", NULL },
    { "gg:bb:cc:dd:ee:ff", NULL },
    { " aa:bb:cc:dd:ee:ff", NULL },
  };

  g_test_summary ("Hardware addresses have one normal form (case IP-59)");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *normal = aionet_hardware_address_normalize (rows[i].text, &error);

      g_test_message ("%s", rows[i].text);
      g_assert_cmpstr (normal, ==, rows[i].normal);
      if (rows[i].normal == NULL)
        g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      else
        g_assert_no_error (error);
    }
}

static void
test_quote (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *plain = _aionet_quote ("eth0");
  g_autofree char *hostile = _aionet_quote ("a\033[2J\n\\\xff\xc3");
  g_autofree char *foreign = _aionet_quote ("büro");
  g_autofree char *bounded = _aionet_quote (long_text);
  g_autofree char *cut = NULL;
  g_autofree char *nothing = _aionet_quote (NULL);

  g_test_summary ("Error messages show text from outside bounded and harmless");

  /* The 64th byte is the first of a character of two. */
  memset (long_text, 'y', 63);
  memcpy (long_text + 63, "ü", 3);
  cut = _aionet_quote (long_text);

  g_assert_cmpstr (plain, ==, "“eth0”");
  g_assert_cmpstr (hostile, ==, "“a\\x1b[2J\\x0a\\\\\\xff\\xc3”");
  g_assert_cmpstr (foreign, ==, "“büro”");
  g_assert_cmpstr (nothing, ==, "nothing");
  g_assert_cmpuint (strlen (bounded), ==, strlen ("“") + 64 + strlen ("…”"));
  g_assert_true (g_str_has_suffix (bounded, "…”"));
  g_assert_true (g_utf8_validate (cut, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/address-text/netmask", test_netmask);
  g_test_add_func ("/aionet/address-text/netmask-invalid", test_netmask_invalid);
  g_test_add_func ("/aionet/address-text/normalize", test_normalize);
  g_test_add_func ("/aionet/address-text/hardware-address", test_hardware_address);
  g_test_add_func ("/aionet/address-text/quote", test_quote);
  return g_test_run ();
}
