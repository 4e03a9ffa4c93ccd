/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include "netns.h"

#include <string.h>

/* What every address backend promises, whoever wrote it. Public functions only: a backend comes out
 * of the registry by name, as in a program, from the library or from a module. */

#define TEST_TYPE_BACKEND (test_backend_get_type ())
G_DECLARE_FINAL_TYPE (TestBackend, test_backend, TEST, BACKEND, AionetAddressBackend)

/* The program's own backend. Answers from an idle source; is not supported when told so. */
struct _TestBackend
{
  AionetAddressBackend parent_instance;
};

static gboolean is_unsupported;

G_DEFINE_FINAL_TYPE (TestBackend, test_backend, AIONET_TYPE_ADDRESS_BACKEND)

static gboolean
answer (gpointer user_data)
{
  g_autoptr (GListStore) links = g_list_store_new (AIONET_TYPE_LINK);
  g_autoptr (AionetLink) lo = aionet_link_new ("lo", 1);
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string ("127.0.0.1/8", NULL);

  g_object_set (lo, "kind", AIONET_LINK_KIND_LOOPBACK, "is-up", TRUE, NULL);
  aionet_link_add_address (lo, range, AIONET_ADDRESS_FLAGS_NONE);
  g_list_store_append (links, lo);
  aionet_request_complete (user_data, G_OBJECT (links));
  return G_SOURCE_REMOVE;
}

static void
test_backend_begin (AionetAddressBackend *backend, AionetRequest *request)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, answer, g_object_ref (request), g_object_unref);
  g_source_attach (source, context);
}

static gboolean
test_backend_is_supported (AionetProvider *provider, GError **error)
{
  if (is_unsupported)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "not on a Sunday");
  return !is_unsupported;
}

static void
test_backend_class_init (TestBackendClass *klass)
{
  AIONET_PROVIDER_CLASS (klass)->is_supported = test_backend_is_supported;
  AIONET_ADDRESS_BACKEND_CLASS (klass)->begin = test_backend_begin;
}

static void
test_backend_init (TestBackend *self)
{
}

/* NULL, and the case skipped, when there is no such backend in this build. */
static AionetAddressBackend *
create_backend (const char *name)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;
  AionetProvider  *provider = NULL;

  if (strcmp (name, "test") == 0)
    aionet_registry_add_type (registry, TEST_TYPE_BACKEND, name, 1, &error);
  g_assert_no_error (error);
  if (aionet_registry_lookup (registry, AIONET_TYPE_ADDRESS_BACKEND, name) == NULL)
    {
      reason = g_strdup_printf ("plugin %s is not built", name);
      g_test_skip (reason);
      return NULL;
    }
  provider = aionet_registry_create_provider (registry, AIONET_TYPE_ADDRESS_BACKEND, name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aionet_provider_get_name (provider), ==, name);
  return AIONET_ADDRESS_BACKEND (provider);
}

static GListModel *
finish (AionetAddressBackend *backend, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  GListModel *links = aionet_address_backend_list_links_finish (backend, result, &error);

  g_assert_no_error (error);
  g_assert_true (G_IS_LIST_MODEL (links));
  return links;
}

static GListModel *
list_links (AionetAddressBackend *backend)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_address_backend_list_links_async (backend, 10000, NULL, keep_result, &result);
  g_assert_null (result);
  wait_for (&result);
  return finish (backend, result);
}

static void
check_range (AionetLink *link, AionetIpRange *range)
{
  GSocketFamily family = aionet_ip_range_get_family (range);

  g_assert_true (family == G_SOCKET_FAMILY_IPV4 || family == G_SOCKET_FAMILY_IPV6);
  g_assert_cmpuint (aionet_ip_range_get_n_addresses (range), >, 0);
  if (family == G_SOCKET_FAMILY_IPV6 && aionet_ip_range_is_link_local (range))
    g_assert_cmpstr (aionet_ip_range_get_scope_name (range), ==, aionet_link_get_name (link));
  else
    g_assert_null (aionet_ip_range_get_scope_name (range));
}

static void
check_addresses (AionetLink *link)
{
  const AionetAddressFlags known = AIONET_ADDRESS_FLAGS_TEMPORARY |
                                   AIONET_ADDRESS_FLAGS_DEPRECATED | AIONET_ADDRESS_FLAGS_TENTATIVE;
  GListModel *addresses = aionet_link_get_addresses (link);
  GListModel *blocks = aionet_link_get_blocks (link);

  for (guint i = 0; i < g_list_model_get_n_items (addresses); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (addresses, i);

      check_range (link, range);
      g_assert_cmpuint (aionet_link_get_address_flags (link, i) & ~known, ==, 0);
      if (g_inet_address_get_is_loopback (aionet_ip_range_get_address (range)) &&
          aionet_ip_range_is_single (range))
        g_assert_cmpint (aionet_link_get_kind (link), ==, AIONET_LINK_KIND_LOOPBACK);
    }
  for (guint i = 0; i < g_list_model_get_n_items (blocks); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (blocks, i);

      check_range (link, range);
    }
}

static void
check_gateways (AionetLink *link)
{
  GListModel *gateways = aionet_link_get_gateways (link);

  for (guint i = 0; i < g_list_model_get_n_items (gateways); i++)
    {
      g_autoptr (AionetGateway) gateway = g_list_model_get_item (gateways, i);
      AionetIpRange *source = aionet_gateway_get_source (gateway);

      if (source != NULL)
        g_assert_cmpint (aionet_ip_range_get_family (source), ==,
                         aionet_gateway_get_family (gateway));
    }
}

static void
test_links (gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = create_backend (data);
  g_autoptr (GListModel) links = backend != NULL ? list_links (backend) : NULL;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) indexes = g_hash_table_new (NULL, NULL);
  guint n_loopbacks = 0;

  g_test_summary ("Links have names and numbers of their own, and addresses that make sense");

  if (backend == NULL)
    return;
  g_assert_cmpint (aionet_address_backend_can_watch (backend), ==, strcmp (data, "netlink") == 0);
  g_assert_true (g_type_is_a (g_list_model_get_item_type (links), AIONET_TYPE_LINK));
  g_assert_cmpuint (g_list_model_get_n_items (links), >, 0);
  for (guint i = 0; i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      g_assert_true (g_hash_table_add (names, (gpointer) aionet_link_get_name (link)));
      g_assert_cmpuint (aionet_link_get_index (link), >, 0);
      g_assert_true (g_hash_table_add (indexes, GUINT_TO_POINTER (aionet_link_get_index (link))));
      n_loopbacks += aionet_link_get_kind (link) == AIONET_LINK_KIND_LOOPBACK ? 1 : 0;
      check_addresses (link);
      check_gateways (link);
    }
  g_assert_cmpuint (n_loopbacks, ==, 1);
}

static void
test_sealed (gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = create_backend (data);
  g_autoptr (GListModel) links = backend != NULL ? list_links (backend) : NULL;
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string ("192.0.2.1", NULL);
  g_autoptr (AionetLink) link = NULL;
  guint n = 0;

  g_test_summary ("Links that were handed in cannot be changed any more");

  if (backend == NULL)
    return;
  link = g_list_model_get_item (links, 0);
  n = g_list_model_get_n_items (aionet_link_get_addresses (link));
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*cannot be changed*");
  aionet_link_add_address (link, range, AIONET_ADDRESS_FLAGS_NONE);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (g_list_model_get_n_items (aionet_link_get_addresses (link)), ==, n);
}

static void
count_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GListModel) links = finish (AIONET_ADDRESS_BACKEND (source), result);
  guint *n_results = user_data;

  g_assert_cmpuint (g_list_model_get_n_items (links), >, 0);
  ++*n_results;
}

static void
test_at_once (gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = create_backend (data);
  guint n_results = 0;

  g_test_summary ("Ten requests at a time are answered once each");

  if (backend == NULL)
    return;
  for (guint i = 0; i < 10; i++)
    aionet_address_backend_list_links_async (backend, 10000, NULL, count_result, &n_results);
  while (n_results < 10)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_results, ==, 10);
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = create_backend (data);

  g_test_summary (
      "Cancelled before, or at once after: that is the error, or the answer was faster");

  if (backend == NULL)
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GListModel) links = NULL;

      if (i == 0)
        g_cancellable_cancel (cancellable);
      aionet_address_backend_list_links_async (backend, 10000, cancellable, keep_result, &result);
      g_cancellable_cancel (cancellable);
      wait_for (&result);
      links = aionet_address_backend_list_links_finish (backend, result, &error);
      if (links == NULL)
        g_assert_error (error, G_IO_ERROR, (int) G_IO_ERROR_CANCELLED);
      else
        g_assert_cmpuint (i, ==, 1);
    }
}

static void
test_dropped (gconstpointer data)
{
  AionetAddressBackend *backend = create_backend (data);
  GAsyncResult         *result = NULL;

  g_test_summary ("A backend let go of during a request answers it, and goes");

  if (backend == NULL)
    return;
  aionet_address_backend_list_links_async (backend, 10000, NULL, keep_result, &result);
  g_object_add_weak_pointer (G_OBJECT (backend), (gpointer *) &backend);
  g_object_unref (backend);
  wait_for (&result);
  {
    g_autoptr (GListModel) links = finish (backend, result);

    g_assert_cmpuint (g_list_model_get_n_items (links), >, 0);
  }
  g_clear_object (&result);
  while (backend != NULL)
    g_main_context_iteration (NULL, FALSE);
}

static void
on_changed (AionetAddressBackend *backend, guint *n_emissions)
{
  ++*n_emissions;
}

static void
test_changed (gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = create_backend (data);
  guint n_emissions = 0;

  g_test_summary ("The signal changed can be connected to, and arrives from the main context");

  if (backend == NULL)
    return;
  g_signal_connect (backend, "changed", G_CALLBACK (on_changed), &n_emissions);
  aionet_address_backend_emit_changed (backend);
  g_assert_cmpuint (n_emissions, ==, 0);
  while (n_emissions == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
mark_thread (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GListModel) links = finish (AIONET_ADDRESS_BACKEND (source), result);

  g_assert_cmpuint (g_list_model_get_n_items (links), >, 0);
  *(GThread **) user_data = g_thread_self ();
}

static gpointer
list_in_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GThread *answered_in = NULL;

  g_main_context_push_thread_default (context);
  {
    g_autoptr (AionetAddressBackend) backend = create_backend (data);

    aionet_address_backend_list_links_async (backend, 10000, NULL, mark_thread, &answered_in);
    while (answered_in == NULL)
      g_main_context_iteration (context, TRUE);
  }
  g_main_context_pop_thread_default (context);
  return GINT_TO_POINTER (answered_in == g_thread_self ());
}

static void
test_thread (gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = create_backend (data);

  g_test_summary ("In a thread with a main context of its own the answer comes to that thread");

  if (backend == NULL)
    return;
  g_assert_true (g_thread_join (g_thread_new ("lister", list_in_thread, (gpointer) data)));
}

static void
test_unsupported (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetProvider) provider = NULL;

  g_test_summary ("A backend that does not work here is not made, and the error says why");

  aionet_registry_add_type (registry, TEST_TYPE_BACKEND, "test", 1, &error);
  g_assert_no_error (error);
  is_unsupported = TRUE;
  provider =
      aionet_registry_create_provider (registry, AIONET_TYPE_ADDRESS_BACKEND, "test", &error);
  is_unsupported = FALSE;
  g_assert_null (provider);
  g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_NO_PROVIDER);
  g_assert_nonnull (strstr (error->message, "not on a Sunday"));
}

static void
test_no_file (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autofree char *path = g_strdup (g_getenv ("AIONET_REPLAY_FILE"));
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetProvider) provider = NULL;

  g_test_summary ("replay without a file is not supported and names the variable");

  if (aionet_registry_lookup (registry, AIONET_TYPE_ADDRESS_BACKEND, "replay") == NULL)
    {
      g_test_skip ("plugin replay is not built");
      return;
    }
  g_unsetenv ("AIONET_REPLAY_FILE");
  provider =
      aionet_registry_create_provider (registry, AIONET_TYPE_ADDRESS_BACKEND, "replay", &error);
  g_setenv ("AIONET_REPLAY_FILE", path, TRUE);
  g_assert_null (provider);
  g_assert_error (error, AIONET_ERROR, (int) AIONET_ERROR_NO_PROVIDER);
  g_assert_nonnull (strstr (error->message, "AIONET_REPLAY_FILE"));
}

static void
add_cases (const char *name)
{
  const struct
  {
    const char *name;
    void (*func) (gconstpointer data);
  } cases[] = {
    { "links", test_links },         { "sealed", test_sealed },   { "at-once", test_at_once },
    { "cancelled", test_cancelled }, { "dropped", test_dropped }, { "changed", test_changed },
    { "thread", test_thread },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/aionet/address-backend-contract/%s/%s", name, cases[i].name);

      g_test_add_data_func (path, name, cases[i].func);
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *path = NULL;

  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_DIST, "..", "data", "fixtures", "sample.json", NULL);
  g_setenv ("AIONET_REPLAY_FILE", path, TRUE);

  add_cases ("netlink");
  add_cases ("getifaddrs");
  add_cases ("replay");
  add_cases ("test");
  g_test_add_func ("/aionet/address-backend-contract/test/unsupported", test_unsupported);
  g_test_add_func ("/aionet/address-backend-contract/replay/no-file", test_no_file);
  return g_test_run ();
}
