/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "fake-stun-server.h"
#include "stun-asking.h"

#include <glib/gstdio.h>

/* What every STUN provider does, whoever wrote it: run over those of the registry and over one that
 * this program defines. */

#define UDP G_SOCKET_PROTOCOL_UDP

/* A provider as a program would write one: answers for IPv4, keeps silent for IPv6. */
#define TEST_TYPE_PROVIDER (test_provider_get_type ())
G_DECLARE_FINAL_TYPE (TestProvider, test_provider, TEST, PROVIDER, AionetStunProvider)

struct _TestProvider
{
  AionetStunProvider parent_instance;

  GPtrArray         *kept; /* (owned) (element-type AionetStunRequest): never answered */
};

G_DEFINE_FINAL_TYPE (TestProvider, test_provider, AIONET_TYPE_STUN_PROVIDER)

static void
test_provider_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  GInetSocketAddress *server = aionet_stun_request_get_server (request);
  g_autoptr (GSocket) socket = aionet_stun_request_dup_socket (request, NULL);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (AionetMapping) mapping = NULL;

  if (g_socket_address_get_family (G_SOCKET_ADDRESS (server)) == G_SOCKET_FAMILY_IPV6)
    {
      g_ptr_array_add (TEST_PROVIDER (provider)->kept, g_object_ref (request));
      return;
    }
  g_assert_nonnull (socket);
  local = g_socket_get_local_address (socket, NULL);
  mapping = aionet_mapping_new (UDP, server, G_INET_SOCKET_ADDRESS (local),
                                G_INET_SOCKET_ADDRESS (local));
  aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
}

static void
test_provider_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_PROVIDER (object)->kept);

  G_OBJECT_CLASS (test_provider_parent_class)->finalize (object);
}

static void
test_provider_class_init (TestProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_provider_finalize;
  AIONET_STUN_PROVIDER_CLASS (klass)->begin = test_provider_begin;
}

static void
test_provider_init (TestProvider *self)
{
  self->kept = g_ptr_array_new_with_free_func (g_object_unref);
}

typedef struct
{
  const char *name;
  const char *external; /* (nullable) NULL: the local endpoint itself */
} Subject;

typedef struct
{
  AionetRegistry     *registry; /* (owned) */
  AionetStunProvider *provider; /* (owned) */
  FakeStunServer     *good;     /* (owned): IPv4 */
  FakeStunServer     *silent;   /* (owned): IPv6 */
} Fixture;

static void
tell_truth (FakeStunServer *server,
            GSocket        *socket,
            const guint8   *request,
            GSocketAddress *sender,
            gpointer        user_data)
{
  g_autoptr (GByteArray) bytes = fake_stun_answer (request, sender);

  fake_stun_send (socket, bytes, sender);
}

static void
stay_silent (FakeStunServer *server,
             GSocket        *socket,
             const guint8   *request,
             GSocketAddress *sender,
             gpointer        user_data)
{
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const Subject *subject = data;
  g_autoptr (GError) error = NULL;

  /* The default one, which looks for modules too; it keeps what it is given. */
  fixture->registry = g_object_ref (aionet_registry_get_default ());
  if (aionet_registry_lookup (fixture->registry, AIONET_TYPE_STUN_PROVIDER, "program") == NULL)
    aionet_registry_add_type (fixture->registry, TEST_TYPE_PROVIDER, "program", 1, &error);
  g_assert_no_error (error);
  if (aionet_registry_lookup (fixture->registry, AIONET_TYPE_STUN_PROVIDER, subject->name) == NULL)
    {
      g_test_skip ("the plugin is not part of this build");
      return;
    }
  fixture->provider = AIONET_STUN_PROVIDER (aionet_registry_create_provider (
      fixture->registry, AIONET_TYPE_STUN_PROVIDER, subject->name, &error));
  g_assert_no_error (error);
  fixture->good = fake_stun_server_new (UDP, "127.0.0.1", tell_truth, NULL);
  fixture->silent = fake_stun_server_new (UDP, "::1", stay_silent, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  settle ();
  g_clear_pointer (&fixture->good, fake_stun_server_free);
  g_clear_pointer (&fixture->silent, fake_stun_server_free);
  if (fixture->provider != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->provider));
  g_object_unref (fixture->registry);
}

static void
start (Fixture        *fixture,
       FakeStunServer *server,
       guint           timeout_ms,
       GCancellable   *cancellable,
       Asked          *asked)
{
  ask_start (fixture->provider, server->endpoint, UDP, AIONET_STUN_CHANGE_NONE, timeout_ms,
             cancellable, asked);
}

static char *
get_address (GInetSocketAddress *endpoint)
{
  return g_inet_address_to_string (g_inet_socket_address_get_address (endpoint));
}

static void
assert_right (Fixture *fixture, const Subject *subject, const Asked *asked)
{
  g_autofree char *external = NULL;
  g_autofree char *local = NULL;

  g_assert_no_error (asked->error);
  external = get_address (aionet_mapping_get_external (asked->mapping));
  local = get_address (aionet_mapping_get_local (asked->mapping));
  g_assert_cmpstr (local, ==, "127.0.0.1");
  g_assert_cmpstr (external, ==, subject->external != NULL ? subject->external : local);
  g_assert_cmpint (aionet_mapping_get_protocol (asked->mapping), ==, UDP);
  g_assert_cmpuint (g_inet_socket_address_get_port (aionet_mapping_get_external (asked->mapping)),
                    !=, 0);
  g_assert_cmpuint (g_inet_socket_address_get_port (aionet_mapping_get_server (asked->mapping)), ==,
                    g_inet_socket_address_get_port (fixture->good->endpoint));
}

static void
test_mapping (Fixture *fixture, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Asked, a provider tells the mapping of the server, protocol and address asked");
  if (fixture->provider == NULL)
    return;
  start (fixture, fixture->good, ASKING_LONG_MS, NULL, &asked);
  g_assert_false (asked.done);
  asked_wait (&asked);
  assert_right (fixture, data, &asked);
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  Asked asked[20] = { 0 };

  g_test_summary ("Several questions at once all get their answer");
  if (fixture->provider == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    start (fixture, fixture->good, ASKING_LONG_MS, NULL, &asked[i]);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      asked_wait (&asked[i]);
      assert_right (fixture, data, &asked[i]);
      asked_clear (&asked[i]);
    }
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Where nobody answers, the deadline ends the question");
  if (fixture->provider == NULL)
    return;
  start (fixture, fixture->silent, 50, NULL, &asked);
  asked_wait (&asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_silence_beside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Asked) silent = { 0 };
  g_auto (Asked) good = { 0 };

  g_test_summary ("A silent server costs those that answer nothing");
  if (fixture->provider == NULL)
    return;
  start (fixture, fixture->silent, 0, cancellable, &silent);
  start (fixture, fixture->good, ASKING_LONG_MS, NULL, &good);
  asked_wait (&good);
  assert_right (fixture, data, &good);
  g_assert_false (silent.done);
  g_cancellable_cancel (cancellable);
  asked_wait (&silent);
  g_assert_error (silent.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Asked) asked = { 0 };

  g_test_summary ("Cancelled before: not even begun");
  if (fixture->provider == NULL)
    return;
  g_cancellable_cancel (cancellable);
  start (fixture, fixture->good, ASKING_LONG_MS, cancellable, &asked);
  asked_wait (&asked);
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add_cases (const Subject *subject)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } cases[] = {
    { "mapping", test_mapping },
    { "many", test_many },
    { "silence", test_silence },
    { "silence-beside", test_silence_beside },
    { "cancelled-before", test_cancelled_before },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/aionet/stun-provider/%s/%s", subject->name, cases[i].name);

      g_test_add (path, Fixture, subject, set_up, cases[i].run, tear_down);
    }
}

int
main (int argc, char *argv[])
{
  static const Subject subjects[] = { { "nice", NULL },
                                      { "replay", "1.3.3.7" },
                                      { "program", NULL } };
  g_autofree char     *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("aionet-replay-XXXXXX.json", &path, &error);
  int status;

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path,
                       "{\"links\": [], \"mappings\": ["
                       "{\"local\": \"127.0.0.1\", \"external\": \"1.3.3.7\"}]}",
                       -1, &error);
  g_assert_no_error (error);
  g_setenv ("AIONET_REPLAY_FILE", path, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++)
    add_cases (&subjects[i]);
  status = g_test_run ();
  g_remove (path);
  return status;
}
