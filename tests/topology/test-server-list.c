/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-server-list-private.h"

#include <glib/gstdio.h>

#include "value/aionet-error.h"

static char *config_dir;

static char *
describe (GPtrArray *servers)
{
  g_auto (GStrv) list = _aionet_server_list_to_strv (servers);

  return g_strjoinv (" ", list);
}

static void
assert_configured (const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = _aionet_server_list_new_configured (NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (servers);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_environment (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = NULL;

  g_test_summary ("AIONET_STUN_SERVERS: both families in one list, blanks allowed, port 3478");

  g_setenv ("AIONET_STUN_SERVERS",
            "stun.example.org, 192.0.2.1:3479 ,[2001:db8::1]:99,[2001:db8::2]", TRUE);
  assert_configured ("stun.example.org:3478 192.0.2.1:3479 [2001:db8::1]:99 [2001:db8::2]:3478");

  g_setenv ("AIONET_STUN_SERVERS", "192.0.2.1,192.0.2.1:3478,192.0.2.1:3479", TRUE);
  assert_configured ("192.0.2.1:3478 192.0.2.1:3479");

  g_setenv ("AIONET_STUN_SERVERS", "192.0.2.1,what:is:this", TRUE);
  servers = _aionet_server_list_new_configured (NULL, &error);
  g_assert_null (servers);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_true (g_str_has_prefix (error->message, "AIONET_STUN_SERVERS: "));
  g_assert_nonnull (strstr (error->message, "what:is:this"));
  g_unsetenv ("AIONET_STUN_SERVERS");
}

static void
write_user_file (const char *text)
{
  g_autofree char *dir = g_build_filename (config_dir, "aionet", NULL);
  g_autofree char *path = g_build_filename (dir, "stun-servers.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  if (text == NULL)
    g_assert_cmpint (g_unlink (path), ==, 0);
  else
    g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
test_user_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = NULL;

  g_test_summary ("The user's file replaces the public servers; a broken one is an error");

  write_user_file ("{\"servers\": [{\"server\": \"stun.example.net:7\"}]}");
  assert_configured ("stun.example.net:7");
  g_setenv ("AIONET_STUN_SERVERS", "192.0.2.1", TRUE);
  assert_configured ("192.0.2.1:3478");
  g_unsetenv ("AIONET_STUN_SERVERS");

  write_user_file ("{\"servers\": [{\"server\": \"stun.example.net:7\"}, {\"serve\": 1}]}");
  servers = _aionet_server_list_new_configured (NULL, &error);
  g_assert_null (servers);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
  g_assert_nonnull (strstr (error->message, "stun-servers.json: servers[1]: "));
  write_user_file (NULL);
}

static void
test_built_in (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = _aionet_server_list_new_built_in (&error);
  g_autoptr (GHashTable) operators = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;

  g_test_summary ("The list that is compiled in reads, and each operator has one vote");

  g_assert_no_error (error);
  g_assert_cmpuint (servers->len, >=, 5);
  for (guint i = 0; i < servers->len; i++)
    {
      AionetServer *server = servers->pdata[i];

      g_assert_nonnull (server->operator_name);
      g_assert_true (server->udp);
      g_assert_true (g_hash_table_add (operators, server->operator_name));
    }
  text = describe (servers);
  assert_configured (text);
}

static void
test_traits (void)
{
  static const char text[] =
      "{\"servers\": [{\"server\": \"a.example:1\", \"operator\": \"A\", \"tcp\": false, "
      "\"ipv6\": null, \"ipv4\": false, \"rfc5780\": true, \"checked\": null}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = _aionet_server_list_new_from_json (text, -1, &error);
  AionetServer *server;

  g_test_summary ("What is not known about a server is tried");

  g_assert_no_error (error);
  server = servers->pdata[0];
  g_assert_true (server->udp);
  g_assert_false (server->tcp);
  g_assert_false (server->ipv4);
  g_assert_true (server->ipv6);
  g_assert_cmpstr (server->operator_name, ==, "A");
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{}",
    "{\"servers\": {}}",
    "{\"servers\": []}",
    "{\"servers\": [\"stun.example.org\"]}",
    "{\"servers\": [{\"server\": 5}]}",
    "{\"servers\": [{\"server\": \"\"}]}",
    "{\"servers\": [{\"server\": \"a.example:99999\"}]}",
    "{\"servers\": [{\"server\": \"a.example\", \"udp\": \"yes\"}]}",
  };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) many = NULL;
  const char *const none[] = { NULL };

  g_test_summary ("Files that are not of the form, empty and endless lists are refused");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) servers = _aionet_server_list_new_from_json (texts[i], -1, &error);

      g_assert_null (servers);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
    }
  for (guint i = 0; i <= AIONET_SERVER_LIST_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("s%u.example", i);

      g_strv_builder_add (builder, name);
    }
  many = g_strv_builder_end (builder);
  g_assert_null (_aionet_server_list_new_from_strv ((const char *const *) many, NULL));
  g_assert_null (_aionet_server_list_new_from_strv (none, NULL));
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  config_dir = g_dir_make_tmp ("aionet-test-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", config_dir, TRUE);
  g_unsetenv ("AIONET_STUN_SERVERS");
  g_test_add_func ("/aionet/server-list/environment", test_environment);
  g_test_add_func ("/aionet/server-list/user-file", test_user_file);
  g_test_add_func ("/aionet/server-list/built-in", test_built_in);
  g_test_add_func ("/aionet/server-list/traits", test_traits);
  g_test_add_func ("/aionet/server-list/refused", test_refused);
  status = g_test_run ();
  {
    g_autofree char *dir = g_build_filename (config_dir, "aionet", NULL);

    g_rmdir (dir);
    g_rmdir (config_dir);
  }
  g_free (config_dir);
  return status;
}
