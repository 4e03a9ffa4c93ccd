/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-server-set-private.h"

#include <stdio.h>

#include "topology/aionet-server-list-private.h"
#include "topology/fake-providers.h"

#define V4 G_SOCKET_FAMILY_IPV4
#define V6 G_SOCKET_FAMILY_IPV6
#define AN_HOUR_US (3600 * G_GINT64_CONSTANT (1000000))

/* A resolver with a book of its own: nothing leaves the process. "sN.example" is 9.N.1.1,
 * "twinN.example" the same address, "hang.example" never answers, all others do not exist. */
typedef struct
{
  GResolver parent_instance;
} BookResolver;

typedef struct
{
  GResolverClass parent_class;
} BookResolverClass;

GType book_resolver_get_type (void);
G_DEFINE_TYPE (BookResolver, book_resolver, G_TYPE_RESOLVER)

static gboolean
on_kept_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);
  return G_SOURCE_REMOVE;
}

/* As GIO's own resolver: silent until cancelled. */
static void
keep (GTask *task)
{
  g_autoptr (GSource) source = g_cancellable_source_new (g_task_get_cancellable (task));

  g_source_set_callback (source, G_SOURCE_FUNC (on_kept_cancelled), g_object_ref (task),
                         g_object_unref);
  g_source_attach (source, NULL);
}

static void
book_lookup_async (GResolver               *resolver,
                   const char              *name,
                   GResolverNameLookupFlags flags,
                   GCancellable            *cancellable,
                   GAsyncReadyCallback      callback,
                   gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GList *list = NULL;
  guint  number = 0;

  if (g_str_equal (name, "hang.example"))
    {
      keep (task);
      return;
    }
  if ((flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY) != 0 &&
      (sscanf (name, "s%u.example", &number) == 1 || sscanf (name, "twin%u.example", &number) == 1))
    {
      g_autofree char *text = g_strdup_printf ("9.%u.1.1", number);
      g_autofree char *second = g_strdup_printf ("9.%u.1.1", number + 100);

      list = g_list_append (list, g_inet_address_new_from_string (text));
      list = g_list_append (list, g_inet_address_new_from_string (second));
      g_task_return_pointer (task, list, (GDestroyNotify) g_resolver_free_addresses);
      return;
    }
  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "not in the book");
}

static GList *
book_lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
book_resolver_class_init (BookResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = book_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = book_lookup_finish;
}

static void
book_resolver_init (BookResolver *self)
{
}

static AionetServerSet *
set_new (const char *text, GSocketFamily family)
{
  g_auto (GStrv) list = g_strsplit (text, " ", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers =
      _aionet_server_list_new_from_strv ((const char *const *) list, &error);

  g_assert_no_error (error);
  return _aionet_server_set_new (servers, family, 2, g_get_monotonic_time () + AN_HOUR_US);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
count (gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_literals (void)
{
  g_autoptr (AionetServerSet) v4 = set_new ("9.1.1.1 [2a01::1] 9.2.1.1:99 9.1.1.1:5", V4);
  g_autoptr (AionetServerSet) v6 = set_new ("9.1.1.1 [2a01::1] 9.2.1.1:99", V6);

  g_test_summary ("Literals are there at once, each in its family");

  g_assert_true (_aionet_server_set_is_ready (v4));
  g_assert_true (_aionet_server_set_is_complete (v4));
  g_assert_cmpuint (_aionet_server_set_get_n_servers (v4), ==, 3);
  g_assert_cmpuint (g_inet_socket_address_get_port (_aionet_server_set_get_address (v4, 1)), ==,
                    99);
  g_assert_cmpuint (_aionet_server_set_get_n_servers (v6), ==, 1);
  g_assert_true (_aionet_server_set_can_ask (v6, 0, G_SOCKET_PROTOCOL_TCP));
}

static void
test_names (void)
{
  g_autoptr (AionetServerSet) set =
      set_new ("s1.example twin1.example nobody.example s2.example", V4);
  guint n_told = 0;

  g_test_summary ("Names join as they resolve: one address a name, one server an address");

  _aionet_server_set_watch (set, count, &n_told);
  g_assert_false (_aionet_server_set_is_ready (set));
  settle ();
  g_assert_cmpuint (n_told, ==, 4);
  g_assert_true (_aionet_server_set_is_ready (set));
  g_assert_true (_aionet_server_set_is_complete (set));
  g_assert_cmpuint (_aionet_server_set_get_n_servers (set), ==, 2);
  _aionet_server_set_stop (set);
}

static void
test_ready_before_complete (void)
{
  g_autoptr (AionetServerSet) set = set_new ("hang.example s1.example s2.example s3.example", V4);

  g_test_summary ("Three networks are enough to begin; a name that hangs is not waited for");

  settle ();
  g_assert_true (_aionet_server_set_is_ready (set));
  g_assert_false (_aionet_server_set_is_complete (set));
  _aionet_server_set_stop (set);
  settle ();
}

static void
test_patience (void)
{
  g_autoptr (AionetServerSet) set = set_new ("hang.example s1.example s2.example", V4);
  guint n_told = 0;

  g_test_summary ("Two networks are enough after some patience");

  _aionet_server_set_watch (set, count, &n_told);
  while (n_told < 2)
    g_main_context_iteration (NULL, TRUE);
  while (!_aionet_server_set_is_ready (set))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_told, ==, 3);
  _aionet_server_set_unwatch (set, &n_told);
  _aionet_server_set_stop (set);
  settle ();
}

static void
test_nobody (void)
{
  g_autoptr (AionetServerSet) set = set_new ("nobody.example noone.example", V4);
  g_autofree char *text = NULL;

  g_test_summary ("No name resolves: an empty set that says why");

  settle ();
  g_assert_true (_aionet_server_set_is_complete (set));
  g_assert_cmpuint (_aionet_server_set_get_n_servers (set), ==, 0);
  text = _aionet_server_set_explain (set);
  g_assert_true (g_str_has_prefix (text, "no STUN server could be resolved: "));
}

static void
test_load (void)
{
  g_autoptr (FakeBackend) backend = fake_backend_new ();
  g_autoptr (FakeStun) stun = fake_stun_new ();
  g_autoptr (AionetHost) host =
      fake_host_new (backend, stun, "nobody.example s1.example s2.example");
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetRoute) route = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A load goes on with the servers whose names resolve");

  fake_backend_add (backend, fake_link_new ("eth0", 2, AIONET_LINK_KIND_ETHERNET, TRUE,
                                            "192.168.0.20/24", "", "4:1"));
  fake_stun_map (stun, "192.168.0.20", "1.3.3.7");
  nic = fake_get_loaded (host, "eth0");
  route = aionet_interface_get_route (nic, V4, &error);
  g_assert_no_error (error);
  g_assert_true (aionet_interface_get_confirmed (nic));
}

static void
test_load_joins_late (void)
{
  g_autoptr (FakeBackend) backend = fake_backend_new ();
  g_autoptr (FakeStun) stun = fake_stun_new ();
  g_autoptr (AionetHost) host =
      fake_host_new (backend, stun, "9.1.1.1 9.2.1.1 9.3.1.1 s4.example s5.example");
  g_autoptr (AionetInterface) nic = NULL;

  g_test_summary ("The first round fails: servers that were resolved meanwhile decide");

  fake_backend_add (backend, fake_link_new ("eth0", 2, AIONET_LINK_KIND_ETHERNET, TRUE,
                                            "192.168.0.20/24", "", "4:1"));
  fake_stun_map (stun, "192.168.0.20", "1.3.3.7");
  aionet_host_set_timeout (host, 60 * 60 * 1000);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *server = g_strdup_printf ("9.%u.1.1", i);

      fake_stun_set_mood (stun, G_SOCKET_PROTOCOL_UDP, server, FAKE_MOOD_REFUSES);
      fake_stun_set_mood (stun, G_SOCKET_PROTOCOL_TCP, server, FAKE_MOOD_REFUSES);
    }
  nic = fake_get_loaded (host, "eth0");
  g_assert_cmpuint (aionet_route_pool_get_n_addresses (aionet_interface_get_route_pool (nic, V4)),
                    ==, 1);
  g_assert_true (aionet_interface_get_confirmed (nic));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GResolver) book = NULL;

  g_test_init (&argc, &argv, NULL);
  book = g_object_new (book_resolver_get_type (), NULL);
  g_resolver_set_default (book);
  g_test_add_func ("/aionet/server-set/literals", test_literals);
  g_test_add_func ("/aionet/server-set/names", test_names);
  g_test_add_func ("/aionet/server-set/ready-before-complete", test_ready_before_complete);
  g_test_add_func ("/aionet/server-set/patience", test_patience);
  g_test_add_func ("/aionet/server-set/nobody", test_nobody);
  g_test_add_func ("/aionet/server-set/load", test_load);
  g_test_add_func ("/aionet/server-set/load-joins-late", test_load_joins_late);
  return g_test_run ();
}
