/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-links-request-private.h"
#include "scripted-backend.h"
#include "value/aionet-error.h"

static GListModel *
list (ScriptedBackend *backend, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (backend), 0, NULL,
                                           scripted_store, &result);
  return aionet_address_backend_list_links_finish (AIONET_ADDRESS_BACKEND (backend),
                                                   scripted_wait (&result), error);
}

static void
test_links (void)
{
  g_autoptr (ScriptedBackend) backend = scripted_backend_new (scripted_answer);
  g_autoptr (GListModel) links = NULL;
  g_autoptr (AionetLink) link = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Links arrive in order, sealed, in a list that the backend cannot change");

  backend->answer = G_OBJECT (scripted_links ("lo", "eth0", NULL));
  links = list (backend, &error);
  g_assert_no_error (error);
  g_assert_true (g_list_model_get_item_type (links) == AIONET_TYPE_LINK);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 2);
  link = g_list_model_get_item (links, 1);
  g_assert_cmpstr (aionet_link_get_name (link), ==, "eth0");

  g_list_store_remove_all (G_LIST_STORE (backend->answer));
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 2);
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*“eth0” was handed in*");
  g_object_set (link, "mtu", 9000, NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (aionet_link_get_mtu (link), ==, 0);
}

static void
test_no_links (void)
{
  g_autoptr (ScriptedBackend) backend = scripted_backend_new (scripted_answer);
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A host without links is possible");

  backend->answer = G_OBJECT (scripted_links (NULL, NULL));
  links = list (backend, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 0);
}

static void
test_again (void)
{
  g_autoptr (ScriptedBackend) backend = scripted_backend_new (scripted_answer);

  g_test_summary ("A backend may hand in the same links again");

  backend->answer = G_OBJECT (scripted_links ("lo", NULL));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GListModel) links = list (backend, &error);

      g_assert_no_error (error);
      g_assert_nonnull (links);
    }
}

static GObject *
make_bad_list (guint i)
{
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  GObject *items[2];

  items[0] = G_OBJECT (aionet_link_new ("eth0", 1));
  if (i == 0)
    items[1] = g_object_new (G_TYPE_OBJECT, NULL);
  else if (i == 1)
    items[1] = G_OBJECT (aionet_link_new ("eth0", 2));
  else if (i == 2)
    items[1] = G_OBJECT (aionet_link_new ("eth1", 1));
  else if (i == 3)
    items[1] = g_object_new (AIONET_TYPE_LINK, NULL);
  else
    items[1] = G_OBJECT (aionet_link_new ("bad \xff", 2));
  g_list_store_append (store, items[0]);
  g_list_store_append (store, items[1]);
  g_object_unref (items[0]);
  g_object_unref (items[1]);
  return G_OBJECT (g_steal_pointer (&store));
}

static void
test_bad_lists (void)
{
  static const char *const words[] = { "GObject", "named “eth0”", "index 1", "no valid name",
                                       "no valid name" };

  g_test_summary (
      "Lists of something else, of equal names or indexes, or without names are refused");

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (ScriptedBackend) backend = scripted_backend_new (scripted_answer);
      g_autoptr (GError) error = NULL;
      g_autoptr (GListModel) links = NULL;

      backend->answer = make_bad_list (i);
      links = list (backend, &error);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED);
      g_assert_nonnull (strstr (error->message, words[i]));
      g_assert_nonnull (strstr (error->message, "“scripted”"));
      g_assert_null (links);
    }
}

static void
test_no_indexes (void)
{
  g_autoptr (ScriptedBackend) backend = scripted_backend_new (scripted_answer);
  g_autoptr (GListStore) store = g_list_store_new (AIONET_TYPE_LINK);
  g_autoptr (AionetLink) first = aionet_link_new ("a", 0);
  g_autoptr (AionetLink) second = aionet_link_new ("b", 0);
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Several links may have no index");

  g_list_store_append (store, first);
  g_list_store_append (store, second);
  backend->answer = G_OBJECT (g_steal_pointer (&store));
  links = list (backend, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 2);
}

G_DECLARE_FINAL_TYPE (NullList, null_list, TEST, NULL_LIST, GObject)

/* A list that claims more items than it has, as an implementation in a script may. */
struct _NullList
{
  GObject parent_instance;
  guint   n_claimed;
};

static guint
null_list_get_n_items (GListModel *model)
{
  return ((NullList *) model)->n_claimed;
}

static gpointer
null_list_get_item (GListModel *model, guint position)
{
  return NULL;
}

static void
null_list_iface_init (GListModelInterface *iface)
{
  iface->get_n_items = null_list_get_n_items;
  iface->get_item = null_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (NullList,
                               null_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, null_list_iface_init))

static void
null_list_class_init (NullListClass *klass)
{
}

static void
null_list_init (NullList *self)
{
}

static void
test_lying_lists (void)
{
  static const guint claims[] = { 1, G_MAXUINT };

  g_test_summary ("Lists with holes, and lists beyond all measure, are refused");

  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      g_autoptr (ScriptedBackend) backend = scripted_backend_new (scripted_answer);
      g_autoptr (GError) error = NULL;
      g_autoptr (GListModel) links = NULL;
      NullList *lie = g_object_new (null_list_get_type (), NULL);

      lie->n_claimed = claims[i];
      backend->answer = G_OBJECT (lie);
      links = list (backend, &error);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED);
      g_assert_null (links);
    }
}

G_DECLARE_FINAL_TYPE (MuteBackend, mute_backend, MUTE, BACKEND, AionetAddressBackend)
struct _MuteBackend
{
  AionetAddressBackend parent_instance;
};
G_DEFINE_FINAL_TYPE (MuteBackend, mute_backend, AIONET_TYPE_ADDRESS_BACKEND)

static void
mute_backend_class_init (MuteBackendClass *klass)
{
}

static void
mute_backend_init (MuteBackend *self)
{
}

static void
test_unimplemented (void)
{
  g_autoptr (AionetAddressBackend) backend = g_object_new (mute_backend_get_type (), NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A backend that does not implement begin fails, by its type's name");

  aionet_address_backend_list_links_async (backend, 0, NULL, scripted_store, &result);
  links = aionet_address_backend_list_links_finish (backend, scripted_wait (&result), &error);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED);
  g_assert_nonnull (strstr (error->message, "“MuteBackend”"));
  g_assert_null (links);
}

static void
on_changed (AionetAddressBackend *backend, guint *n)
{
  g_assert_true (g_main_context_is_owner (g_main_context_get_thread_default ()));
  ++*n;
}

static gpointer
emit_in_thread (gpointer backend)
{
  for (guint i = 0; i < 10; i++)
    aionet_address_backend_emit_changed (backend);
  return NULL;
}

static void
test_changed (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (ScriptedBackend) backend = NULL;
  guint n = 0;

  g_test_summary ("Changes are told in the backend's context, from whatever thread, not too often");

  g_main_context_push_thread_default (context);
  backend = scripted_backend_new (scripted_answer);
  g_signal_connect (backend, "changed", G_CALLBACK (on_changed), &n);
  emit_in_thread (backend);
  g_assert_cmpuint (n, ==, 0);
  while (g_main_context_iteration (context, FALSE))
    continue;
  g_assert_cmpuint (n, ==, 1);

  g_thread_join (g_thread_new ("emit", emit_in_thread, backend));
  while (g_main_context_iteration (context, FALSE))
    continue;
  g_assert_cmpuint (n, ==, 2);
  g_main_context_pop_thread_default (context);
}

static void
test_changed_too_late (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  ScriptedBackend *backend;

  g_test_summary ("A change that was not told yet does not keep the backend");

  g_main_context_push_thread_default (context);
  backend = scripted_backend_new (scripted_answer);
  aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (backend));
  g_assert_finalize_object (backend);
  g_assert_false (g_main_context_pending (context));
  g_main_context_pop_thread_default (context);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/address-backend/links", test_links);
  g_test_add_func ("/aionet/address-backend/no-links", test_no_links);
  g_test_add_func ("/aionet/address-backend/again", test_again);
  g_test_add_func ("/aionet/address-backend/bad-lists", test_bad_lists);
  g_test_add_func ("/aionet/address-backend/no-indexes", test_no_indexes);
  g_test_add_func ("/aionet/address-backend/lying-lists", test_lying_lists);
  g_test_add_func ("/aionet/address-backend/unimplemented", test_unimplemented);
  g_test_add_func ("/aionet/address-backend/changed", test_changed);
  g_test_add_func ("/aionet/address-backend/changed-too-late", test_changed_too_late);
  return g_test_run ();
}
