/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "museum-fixture.h"

/* What becomes of modules that can be opened, and of what they do then. */

static void
store (GObject *source, GAsyncResult *result, gpointer place)
{
  *(GAsyncResult **) place = g_object_ref (result);
}

static AionetAddressBackend *
create (MuseumFixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  AionetProvider *provider;

  provider =
      aionet_registry_create_provider (f->registry, AIONET_TYPE_ADDRESS_BACKEND, name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aionet_provider_get_name (provider), ==, name);
  return AIONET_ADDRESS_BACKEND (provider);
}

/* Returns: (transfer full): the name of the only link */

static char *
list (AionetAddressBackend *backend, guint timeout_ms, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) links = NULL;
  g_autoptr (AionetLink) link = NULL;

  aionet_address_backend_list_links_async (backend, timeout_ms, cancellable, store, &result);
  g_assert_null (result);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  links = aionet_address_backend_list_links_finish (backend, result, error);
  link = links != NULL ? g_list_model_get_item (links, 0) : NULL;
  return link != NULL ? g_strdup (aionet_link_get_name (link)) : NULL;
}

static void
test_good (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char  *name = NULL;
  AionetPluginInfo *info;

  g_test_summary ("A good module is loaded, described and works");

  museum_copy (f, "good");
  museum_scan (f);
  info = museum_find (f->registry, "good");
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_READY);
  g_assert_cmpstr (aionet_plugin_info_get_reason (info), ==, NULL);
  g_assert_cmpstr (aionet_plugin_info_get_version (info), ==, "1.2");
  g_assert_cmpstr (aionet_plugin_info_get_description (info), ==, "Has one link, good0");
  g_assert_cmpstr (aionet_plugin_info_get_license (info), ==, "LGPL-2.1-or-later");
  g_assert_cmpstr (aionet_plugin_info_get_kind (info), ==, "address-backend");
  g_assert_cmpint (aionet_plugin_info_get_priority (info), ==, -10);
  g_assert_true (aionet_registry_lookup (f->registry, AIONET_TYPE_ADDRESS_BACKEND, "good") == info);
  g_assert_null (aionet_registry_lookup (f->registry, AIONET_TYPE_STUN_PROVIDER, "good"));

  backend = create (f, "good");
  name = list (backend, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "good0");
}

static void
test_refused (MuseumFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *words;
  } cases[] = {
    { "bad-size", "descriptor is too short" },
    { "no-symbol", "no plugin of this library" },
    { "wrong-abi", "made for another binary interface: 2, this library has 1" },
    { "wrong-name", "calls itself “right-name”, its file “wrong-name”" },
    { "wrong-type", "MuseumWrongType is of no known kind" },
  };

  g_test_summary ("Modules that are no valid plugins are refused, each for its own reason");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    museum_copy (f, cases[i].name);
  museum_scan (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    museum_assert_refused (f, cases[i].name, cases[i].words);
}

static void
test_duplicate (MuseumFixture *f, gconstpointer data)
{
  MuseumFixture second = { NULL, NULL };
  g_autoptr (AionetAddressBackend) backend = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char  *path = NULL;
  g_autofree char  *name = NULL;
  AionetPluginInfo *info;

  g_test_summary ("Of two modules of one name the first is used, and the second not even opened");

  museum_set_up (&second, NULL);
  museum_copy (f, "good");
  path = museum_copy_as (&second, "duplicate/libaionet-good.so", "good", 0755);
  museum_scan (f);
  aionet_registry_scan (f->registry, second.directory, &error);
  g_assert_no_error (error);
  info = museum_find (f->registry, "good");
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_SHADOWED);
  g_assert_cmpstr (aionet_plugin_info_get_path (info), ==, path);
  g_assert_nonnull (strstr (aionet_plugin_info_get_reason (info), f->directory));

  backend = create (f, "good");
  name = list (backend, 0, NULL, &error);
  g_assert_cmpstr (name, ==, "good0");
  museum_tear_down (&second, NULL);
}

static void
test_unsupported (MuseumFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *words;
  } cases[] = {
    { "throws", "The moon is in the wrong phase" },
    { "refuses", "gives no reason" },
  };

  g_test_summary ("Providers that do not work are not taken, and keep the reason");

  museum_copy (f, "throws");
  museum_copy (f, "refuses");
  museum_scan (f);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AionetProvider) provider = NULL;
      g_autofree char  *text = NULL;
      AionetPluginInfo *info = museum_find (f->registry, cases[i].name);

      provider = aionet_registry_create_provider (f->registry, AIONET_TYPE_ADDRESS_BACKEND,
                                                  cases[i].name, &error);
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_assert_null (provider);
      g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_UNSUPPORTED);
      g_assert_nonnull (strstr (aionet_plugin_info_get_reason (info), cases[i].words));
      text = aionet_registry_explain (f->registry, AIONET_TYPE_ADDRESS_BACKEND);
      g_assert_nonnull (strstr (text, cases[i].words));
    }
}

static void
test_next_best (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetProvider) provider = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("When the first choice does not work, the next one is taken");

  museum_copy (f, "throws");
  museum_copy (f, "good");
  museum_scan (f);
  g_unsetenv ("AIONET_ADDRESS_BACKEND");
  provider =
      aionet_registry_create_provider (f->registry, AIONET_TYPE_ADDRESS_BACKEND, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aionet_provider_get_name (provider), !=, "throws");
  g_assert_cmpint (aionet_plugin_info_get_state (museum_find (f->registry, "throws")), ==,
                   AIONET_PLUGIN_STATE_UNSUPPORTED);
}

static void
test_never_answers (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) cancelled = NULL;

  g_test_summary ("A provider that never answers costs its deadline, or until it is cancelled");

  museum_copy (f, "never-answers");
  museum_scan (f);
  backend = create (f, "never-answers");
  g_assert_null (list (backend, 20, NULL, &late));
  g_assert_error (late, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (late->message, "“never-answers”"));
  g_assert_null (list (backend, 0, cancellable, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_finalize_object (g_steal_pointer (&backend));
}

static void
test_drops (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A provider that lets go of a request has failed at once");

  museum_copy (f, "drops");
  museum_scan (f);
  backend = create (f, "drops");
  g_assert_null (list (backend, 0, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_DROPPED);
}

static void
test_answers_twice (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Of two answers the first counts, the second is counted");

  museum_copy (f, "answers-twice");
  museum_scan (f);
  backend = create (f, "answers-twice");
  for (guint i = 1; i <= 2; i++)
    {
      g_autofree char *name = list (backend, 0, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (name, ==, "first0");
      g_assert_cmpuint (aionet_provider_get_n_late_answers (AIONET_PROVIDER (backend)), ==, i);
    }
}

static void
test_answers_wrong_type (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetAddressBackend) backend = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("An answer of a wrong type is the provider's fault");

  museum_copy (f, "answers-wrong-type");
  museum_scan (f);
  backend = create (f, "answers-wrong-type");
  g_assert_null (list (backend, 0, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED);
  g_assert_nonnull (strstr (error->message, "“answers-wrong-type”"));
}

static void
test_refused_by_name (MuseumFixture *f, gconstpointer data)
{
  g_autoptr (AionetProvider) provider = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Who asks for a refused module by name hears why it was refused");

  museum_copy (f, "wrong-abi");
  museum_scan (f);
  provider = aionet_registry_create_provider (f->registry, AIONET_TYPE_ADDRESS_BACKEND, "wrong-abi",
                                              &error);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER);
  g_assert_nonnull (strstr (error->message, "another binary interface"));
  g_assert_null (provider);
}

int
main (int argc, char *argv[])
{
  static const MuseumCase cases[] = {
    { "/aionet/museum/good", test_good },
    { "/aionet/museum/refused", test_refused },
    { "/aionet/museum/duplicate", test_duplicate },
    { "/aionet/museum/unsupported", test_unsupported },
    { "/aionet/museum/next-best", test_next_best },
    { "/aionet/museum/never-answers", test_never_answers },
    { "/aionet/museum/drops", test_drops },
    { "/aionet/museum/answers-twice", test_answers_twice },
    { "/aionet/museum/answers-wrong-type", test_answers_wrong_type },
    { "/aionet/museum/refused-by-name", test_refused_by_name },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);

  return museum_run (cases);
}
