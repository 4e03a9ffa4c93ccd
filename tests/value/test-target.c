/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include "value/aionet-quote-private.h"

#include <string.h>

static void
test_text (void)
{
  static const struct
  {
    const char *text;
    guint16     default_port;
    const char *hostname;
    const char *scope_name;
    guint16     port;
    const char *printed;
    gboolean    is_address;
  } rows[] = {
    { "127.0.0.1:80", 0, "127.0.0.1", NULL, 80, "127.0.0.1:80", TRUE },
    { "1.2.3.4", 3478, "1.2.3.4", NULL, 3478, "1.2.3.4:3478", TRUE },
    { "1.2.3.4:80", 3478, "1.2.3.4", NULL, 80, "1.2.3.4:80", TRUE },
    { "1.2.3.4:0", 0, "1.2.3.4", NULL, 0, "1.2.3.4:0", TRUE },
    { "1.2.3.4:65535", 0, "1.2.3.4", NULL, 65535, "1.2.3.4:65535", TRUE },
    { "::1", 80, "::1", NULL, 80, "[::1]:80", TRUE },
    { "[::1]", 80, "::1", NULL, 80, "[::1]:80", TRUE },
    { "[::1]:80", 0, "::1", NULL, 80, "[::1]:80", TRUE },
    { "fd00::1:80", 443, "fd00::1:80", NULL, 443, "[fd00::1:80]:443", TRUE },
    { "[2402:1F00:8101:083F::1]:80", 0, "2402:1f00:8101:83f::1", NULL, 80,
      "[2402:1f00:8101:83f::1]:80", TRUE },
    { "[fe80::1%eth0]:80", 0, "fe80::1", "eth0", 80, "[fe80::1%eth0]:80", TRUE },
    { "fe80::1%lo", 80, "fe80::1", "lo", 80, "[fe80::1%lo]:80", TRUE },
    { "[fe80::1%a]b]:80", 0, "fe80::1", "a]b", 80, "[fe80::1%a]b]:80", TRUE },
    { "::ffff:127.0.0.1", 80, "::ffff:127.0.0.1", NULL, 80, "[::ffff:127.0.0.1]:80", TRUE },
    { "0.0.0.0:80", 0, "0.0.0.0", NULL, 80, "0.0.0.0:80", TRUE },
    { "localhost", 80, "localhost", NULL, 80, "localhost:80", FALSE },
    { "localhost:8080", 80, "localhost", NULL, 8080, "localhost:8080", FALSE },
    { "stun.Example.ORG:3478", 0, "stun.example.org", NULL, 3478, "stun.example.org:3478", FALSE },
    { "example.org.:80", 0, "example.org.", NULL, 80, "example.org.:80", FALSE },
    { "3com.example:80", 0, "3com.example", NULL, 80, "3com.example:80", FALSE },
    { "a-b.c--d:80", 0, "a-b.c--d", NULL, 80, "a-b.c--d:80", FALSE },
    { "bücher.example:80", 0, "xn--bcher-kva.example", NULL, 80, "xn--bcher-kva.example:80",
      FALSE },
    { "BÜCHER.example:80", 0, "xn--bcher-kva.example", NULL, 80, "xn--bcher-kva.example:80",
      FALSE },
    { "xn--bcher-kva.example:80", 0, "xn--bcher-kva.example", NULL, 80, "xn--bcher-kva.example:80",
      FALSE },
    { "stun:example.org:19302", 0, "example.org", NULL, 19302, "example.org:19302", FALSE },
    { "stun:example.org", 80, "example.org", NULL, 3478, "example.org:3478", FALSE },
    { "STUNS:example.org", 0, "example.org", NULL, 5349, "example.org:5349", FALSE },
    { "turn:example.org?transport=udp", 0, "example.org", NULL, 3478, "example.org:3478", FALSE },
    { "stun:[::1]:5", 0, "::1", NULL, 5, "[::1]:5", TRUE },
    { "stun:1.2.3.4", 0, "1.2.3.4", NULL, 3478, "1.2.3.4:3478", TRUE },
    { "stun://example.org", 0, "example.org", NULL, 3478, "example.org:3478", FALSE },
    { "stun:3478", 0, "stun", NULL, 3478, "stun:3478", FALSE },
    { "stun", 3478, "stun", NULL, 3478, "stun:3478", FALSE },
    { "http://example.org", 0, "example.org", NULL, 80, "example.org:80", FALSE },
    { "https://example.org/", 80, "example.org", NULL, 443, "example.org:443", FALSE },
    { "http://example.org:8080/a:b@c?d#e", 0, "example.org", NULL, 8080, "example.org:8080",
      FALSE },
    { "http://[::1]/x", 0, "::1", NULL, 80, "[::1]:80", TRUE },
    { "http://[fe80::1%25eth0]:81/", 0, "fe80::1", "eth0", 81, "[fe80::1%eth0]:81", TRUE },
    { "wss://example.org?x", 0, "example.org", NULL, 443, "example.org:443", FALSE },
    { "gopher://example.org:70/", 0, "example.org", NULL, 70, "example.org:70", FALSE },
    { "gopher://example.org/", 70, "example.org", NULL, 70, "example.org:70", FALSE },
  };

  g_test_summary ("Every way to write a target; what is printed is read again");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetTarget) target =
          aionet_target_new_from_string (rows[i].text, rows[i].default_port, &error);
      g_autoptr (AionetTarget) again = NULL;
      g_autofree char *printed = NULL;

      g_test_message ("%s", rows[i].text);
      g_assert_no_error (error);
      g_assert_cmpstr (aionet_target_get_hostname (target), ==, rows[i].hostname);
      g_assert_cmpstr (aionet_target_get_scope_name (target), ==, rows[i].scope_name);
      g_assert_cmpuint (aionet_target_get_port (target), ==, rows[i].port);
      g_assert_cmpint (aionet_target_get_address (target) != NULL, ==, rows[i].is_address);
      printed = aionet_target_to_string (target);
      g_assert_cmpstr (printed, ==, rows[i].printed);
      again = aionet_target_new_from_string (printed, 0, &error);
      g_assert_no_error (error);
      g_assert_true (aionet_target_equal (target, again));
      g_assert_cmpuint (aionet_target_hash (target), ==, aionet_target_hash (again));
    }
}

static void
test_text_invalid (void)
{
  static const char *const rows[] = {
    "",
    ":",
    ":80",
    "[]:80",
    "[",
    "]",
    "[:80",
    "[::1",
    "::1]",
    "[::1]80",
    "[::1]x",
    "[::1]:",
    "[::1]:x",
    "[::1]]:80",
    "[1.2.3.4]:80",
    "[example.org]:80",
    "[::1/64]:80",
    "[::1%]:80",
    "example.org:",
    "example.org:65536",
    "example.org:-1",
    "example.org:+80",
    "example.org:080",
    "example.org:0x50",
    "example.org: 80",
    "example.org:80 ",
    " example.org:80",
    "example.org :80",
    "exam ple.org:80",
    "example.org:99999999999999999999",
    "example.org:http",
    "example.org:80:81",
    "256.1.1.1:80",
    "1.2.3:80",
    "1.2.3.4.5:80",
    "127.1:80",
    "0x7f000001:80",
    "0x7f.0.0.0x1:80",
    "2130706433:80",
    "1.2.3.4.:80",
    "host.1:80",
    "1.2.3.4/24:80",
    "1.2.3.4%eth0:80",
    "-a:80",
    "a-:80",
    "a..b:80",
    ".a:80",
    ".:80",
    "a.-b.c:80",
    "a_b:80",
    "a!b:80",
    "a@b:80",
    "*:80",
    "a\tb:80",
    "a\nb:80",
    "\xff:80",
    "\xc3:80",
    "::g",
    "1::2::3",
    "::1%",
    "fe80::1%a/b",
    "http://",
    "http:///x",
    "http://:80",
    "http://user@example.org/",
    "http://example.org:x/",
    "stun:",
    "stun://",
    "stun::",
    "http:example.org",
    "example.org/path",
  };

  g_test_summary ("Everything else is refused, whatever the default port, and quoted");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *quoted = _aionet_quote (rows[i]);

      g_test_message ("%s", quoted);
      g_assert_null (aionet_target_new_from_string (rows[i], 80, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      g_assert_true (g_str_has_prefix (error->message, "“"));
    }
}

static void
test_port_required (void)
{
  static const char *const rows[] = { "example.org", "1.2.3.4",      "::1",
                                      "[::1]",       "fe80::1%eth0", "gopher://example.org/" };

  g_test_summary ("Without a default port there must be one in the text");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetTarget) target = aionet_target_new_from_string (rows[i], 80, NULL);

      g_assert_nonnull (target);
      g_assert_null (aionet_target_new_from_string (rows[i], 0, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
      g_assert_true (g_str_has_suffix (error->message, "has no port"));
    }
}

static char *
make_name (gsize length)
{
  GString *name = g_string_new (NULL);

  while (name->len < length)
    g_string_append_c (name, name->len % 64 == 63 ? '.' : 'a');
  return g_string_free (name, FALSE);
}

static void
test_lengths (void)
{
  g_autofree char *longest = make_name (253);
  g_autofree char *too_long = make_name (254);
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *long_label = g_strnfill (64, 'a');
  g_autofree char *endless = g_strnfill (1 << 20, 'a');
  g_autofree char *path = g_strconcat ("http://example.org/", longest, "/", longest, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Names have at most 253 bytes, labels 63; nothing grows without bounds");

  for (guint i = 0; i < 3; i++)
    {
      const char *good[] = { longest, label, path };
      g_autoptr (AionetTarget) target = aionet_target_new_from_string (good[i], 80, &error);

      g_assert_no_error (error);
      g_assert_nonnull (target);
    }
  g_assert_null (aionet_target_new_from_string (too_long, 80, NULL));
  g_assert_null (aionet_target_new_from_string (long_label, 80, NULL));
  g_assert_null (aionet_target_new_from_string (endless, 80, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_cmpuint (strlen (error->message), <, 256);
}

static void
test_parts (void)
{
  g_autoptr (AionetTarget) name = aionet_target_new ("Example.org", 80);
  g_autoptr (AionetTarget) scoped = aionet_target_new ("FE80::1%eth0", 80);
  g_autoptr (AionetTarget) odd = aionet_target_new ("256.1.1.1", 80);
  g_autoptr (AionetTarget) bare = g_object_new (AIONET_TYPE_TARGET, NULL);
  g_autofree char *bare_text = aionet_target_to_string (bare);
  g_autofree char *hostname = NULL;
  g_autofree char *scope_name = NULL;
  g_autoptr (GInetAddress) address = NULL;
  guint port;

  g_test_summary ("A target of its parts; properties say what the getters say");

  g_assert_cmpstr (aionet_target_get_hostname (name), ==, "example.org");
  g_assert_null (aionet_target_get_address (name));
  g_assert_cmpstr (aionet_target_get_hostname (odd), ==, "256.1.1.1");
  g_assert_null (aionet_target_get_address (odd));
  g_assert_cmpstr (bare_text, ==, "localhost:0");
  g_object_get (scoped, "hostname", &hostname, "scope-name", &scope_name, "port", &port, "address",
                &address, NULL);
  g_assert_cmpstr (hostname, ==, "fe80::1");
  g_assert_cmpstr (scope_name, ==, "eth0");
  g_assert_cmpuint (port, ==, 80);
  g_assert_true (address == aionet_target_get_address (scoped));
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*hostname*");
  g_assert_null (aionet_target_new ("", 80));
  g_test_assert_expected_messages ();
}

static void
test_equal (void)
{
  static const char *const different[] = { "[fe80::1%eth0]:80", "[fe80::1%eth1]:80",
                                           "[fe80::1]:80",      "[fe80::1%eth0]:81",
                                           "1.2.3.4:80",        "example.org:80",
                                           "example.org.:80" };

  g_test_summary ("Host, scope and port make a target");

  for (guint i = 0; i < G_N_ELEMENTS (different); i++)
    for (guint j = 0; j < G_N_ELEMENTS (different); j++)
      {
        g_autoptr (AionetTarget) a = aionet_target_new_from_string (different[i], 0, NULL);
        g_autoptr (AionetTarget) b = aionet_target_new_from_string (different[j], 0, NULL);

        g_assert_cmpint (aionet_target_equal (a, b), ==, i == j);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/target/text", test_text);
  g_test_add_func ("/aionet/target/text-invalid", test_text_invalid);
  g_test_add_func ("/aionet/target/port-required", test_port_required);
  g_test_add_func ("/aionet/target/lengths", test_lengths);
  g_test_add_func ("/aionet/target/parts", test_parts);
  g_test_add_func ("/aionet/target/equal", test_equal);
  return g_test_run ();
}
