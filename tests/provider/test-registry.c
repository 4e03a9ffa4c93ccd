/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "provider/aionet-provider-private.h"
#include "provider/aionet-registry.h"
#include "provider/aionet-stun-provider.h"
#include "scripted-backend.h"
#include "value/aionet-error.h"

/* A kind of its own keeps the built-in plugins out of the picture. */
typedef AionetProvider          TestKind;
typedef AionetProviderClass     TestKindClass;

static const AionetProviderKind test_kind = {
  .name = "test-kind",
  .environment = "AIONET_TEST_KIND",
};

static GType test_kind_get_type (void);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (TestKind,
                                  test_kind,
                                  AIONET_TYPE_PROVIDER,
                                  _aionet_provider_kind_register (g_define_type_id, &test_kind))

static void
test_kind_class_init (TestKindClass *klass)
{
}

static void
test_kind_init (TestKind *self)
{
}

#define DEFINE_PROVIDER(TypeName, type_name, parent, is_supported_func)                            \
  typedef AionetProvider      TypeName;                                                            \
  typedef AionetProviderClass TypeName##Class;                                                     \
  static GType                type_name##_get_type (void);                                         \
  G_DEFINE_FINAL_TYPE (TypeName, type_name, parent)                                                \
  static void type_name##_class_init (TypeName##Class *klass)                                      \
  {                                                                                                \
    klass->is_supported = is_supported_func;                                                       \
  }                                                                                                \
  static void type_name##_init (TypeName *self) {}

static gboolean
always (AionetProvider *self, GError **error)
{
  return TRUE;
}

static guint    n_asked;
static gboolean works;

static gboolean
sometimes (AionetProvider *self, GError **error)
{
  n_asked++;
  if (!works)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Not today");
  return works;
}

static gboolean
yes_and_no (AionetProvider *self, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Says yes and fails");
  return TRUE;
}

DEFINE_PROVIDER (TestPlain, test_plain, test_kind_get_type (), NULL)
DEFINE_PROVIDER (TestAlways, test_always, test_kind_get_type (), always)
DEFINE_PROVIDER (TestSometimes, test_sometimes, test_kind_get_type (), sometimes)
DEFINE_PROVIDER (TestYesAndNo, test_yes_and_no, test_kind_get_type (), yes_and_no)
DEFINE_PROVIDER (TestNoKind, test_no_kind, AIONET_TYPE_PROVIDER, NULL)

static void
add (AionetRegistry *registry, GType type, const char *name, int priority)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (aionet_registry_add_type (registry, type, name, priority, &error));
  g_assert_no_error (error);
}

static void
assert_created (AionetRegistry *registry, const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetProvider) provider =
      aionet_registry_create_provider (registry, test_kind_get_type (), name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (aionet_provider_get_name (provider), ==, expected);
}

static void
assert_not_created (AionetRegistry *registry, const char *name, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetProvider) provider =
      aionet_registry_create_provider (registry, test_kind_get_type (), name, &error);

  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_null (provider);
}

static void
test_builtins (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autoptr (AionetRegistry) again = aionet_registry_new ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (registry));

  g_test_summary ("A new registry has the built-in plugins, and so has the next");

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (registry)) == AIONET_TYPE_PLUGIN_INFO);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (G_LIST_MODEL (registry), i);

      g_assert_cmpint (aionet_plugin_info_get_origin (info), ==, AIONET_PLUGIN_ORIGIN_BUILTIN);
      g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_READY);
      g_assert_nonnull (aionet_plugin_info_get_kind (info));
      g_assert_null (aionet_plugin_info_get_path (info));
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (registry), n));
}

static void
test_add_type (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  AionetPluginInfo *info;

  g_test_summary ("A type of the program becomes a plugin");

  add (registry, SCRIPTED_TYPE_BACKEND, "my-backend2", -5);
  info = aionet_registry_lookup (registry, AIONET_TYPE_ADDRESS_BACKEND, "my-backend2");
  g_assert_cmpint (aionet_plugin_info_get_origin (info), ==, AIONET_PLUGIN_ORIGIN_PROGRAM);
  g_assert_cmpstr (aionet_plugin_info_get_kind (info), ==, "address-backend");
  g_assert_true (aionet_plugin_info_get_provider_type (info) == SCRIPTED_TYPE_BACKEND);
  g_assert_cmpint (aionet_plugin_info_get_priority (info), ==, -5);
  g_assert_null (aionet_plugin_info_get_version (info));
  g_assert_null (aionet_registry_lookup (registry, AIONET_TYPE_STUN_PROVIDER, "my-backend2"));
  g_assert_null (aionet_registry_lookup (registry, AIONET_TYPE_ADDRESS_BACKEND, "other"));
}

static void
test_add_bad_types (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  const GType types[] = { G_TYPE_INVALID,       G_TYPE_OBJECT,         G_TYPE_INT,
                          AIONET_TYPE_PROVIDER, test_kind_get_type (), test_no_kind_get_type () };
  guint       n = g_list_model_get_n_items (G_LIST_MODEL (registry));

  g_test_summary ("Types that are no providers, of no kind, or abstract are refused");

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (aionet_registry_add_type (registry, types[i], "name", 0, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID);
      g_assert_nonnull (strstr (error->message, "“name”"));
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (registry)), ==, n);
}

static void
test_add_bad_names (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autofree char  *long_name = g_strnfill (65, 'x');
  const char *const names[] = {
    "", "1a", "-a", "Upper", "under_score", "a b", "ä", "a/b", long_name
  };

  g_test_summary ("Names have small letters, digits and dashes");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          aionet_registry_add_type (registry, test_plain_get_type (), names[i], 0, &error));
      g_assert_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID);
    }
}

static void
test_add_twice (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("One name is one provider of a kind; another kind may have it too");

  add (registry, test_plain_get_type (), "name", 0);
  g_assert_false (aionet_registry_add_type (registry, test_always_get_type (), "name", 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  add (registry, SCRIPTED_TYPE_BACKEND, "name", 0);
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, GString *seen)
{
  g_string_append_printf (seen, "-%u +%u =%u ", removed, added,
                          g_list_model_get_n_items (model) - position);
}

static void
test_items_changed (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autoptr (GString) seen = g_string_new (NULL);

  g_test_summary ("The list tells what is added to it");

  g_signal_connect (registry, "items-changed", G_CALLBACK (on_items_changed), seen);
  add (registry, test_plain_get_type (), "a", 0);
  add (registry, test_plain_get_type (), "b", 0);
  g_assert_cmpstr (seen->str, ==, "-0 +1 =1 -0 +1 =1 ");
}

static void
test_selection (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();

  g_test_summary ("A name decides, then priority, then the alphabet");

  add (registry, test_plain_get_type (), "middle-b", 10);
  add (registry, test_plain_get_type (), "middle-a", 10);
  assert_created (registry, NULL, "middle-a");
  add (registry, test_always_get_type (), "best", 11);
  add (registry, test_plain_get_type (), "worst", G_MININT);
  assert_created (registry, NULL, "best");
  assert_created (registry, "worst", "worst");
}

static void
test_unsupported (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  AionetPluginInfo *info;

  g_test_summary ("What does not work here is passed over, until it works");

  works = FALSE;
  n_asked = 0;
  add (registry, test_sometimes_get_type (), "sometimes", 100);
  add (registry, test_plain_get_type (), "plain", 0);
  info = aionet_registry_lookup (registry, test_kind_get_type (), "sometimes");
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_READY);
  g_assert_cmpuint (n_asked, ==, 0);

  assert_created (registry, NULL, "plain");
  g_assert_cmpuint (n_asked, ==, 1);
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_UNSUPPORTED);
  g_assert_cmpstr (aionet_plugin_info_get_reason (info), ==, "Not today");
  assert_not_created (registry, "sometimes", "test-kind “sometimes” does not work here: Not today");

  works = TRUE;
  assert_created (registry, NULL, "sometimes");
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_READY);
  g_assert_null (aionet_plugin_info_get_reason (info));
}

static void
test_nothing_works (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();

  g_test_summary ("When nothing works the error has the reason of each");

  works = FALSE;
  assert_not_created (registry, NULL, "No plugin provides a test-kind");
  add (registry, test_sometimes_get_type (), "sometimes", 1);
  add (registry, test_yes_and_no_get_type (), "yes-and-no", 2);
  assert_not_created (registry, NULL,
                      "No test-kind works here: yes-and-no: Says yes and fails; "
                      "sometimes: Not today");
}

static void
test_unknown (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();

  g_test_summary ("Who asks for an unknown name hears which there are");

  assert_not_created (registry, "foo", "No test-kind is named “foo”; there are: none");
  add (registry, test_plain_get_type (), "plain", 0);
  add (registry, test_always_get_type (), "always", 1);
  assert_not_created (registry, "foo", "No test-kind is named “foo”; there are: always, plain");
}

static void
test_environment (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();

  g_test_summary ("The environment chooses when the program does not; a wrong choice is an error");

  works = FALSE;
  add (registry, test_plain_get_type (), "plain", 0);
  add (registry, test_always_get_type (), "always", 1);
  add (registry, test_sometimes_get_type (), "sometimes", 2);
  g_setenv ("AIONET_TEST_KIND", "plain", TRUE);
  assert_created (registry, NULL, "plain");
  assert_created (registry, "always", "always");
  g_setenv ("AIONET_TEST_KIND", "foo", TRUE);
  assert_not_created (registry, NULL,
                      "AIONET_TEST_KIND=foo: No test-kind is named “foo”; "
                      "there are: sometimes, always, plain");
  g_setenv ("AIONET_TEST_KIND", "sometimes", TRUE);
  assert_not_created (
      registry, NULL,
      "AIONET_TEST_KIND=sometimes: test-kind “sometimes” does not work here: Not today");
  g_setenv ("AIONET_TEST_KIND", "", TRUE);
  assert_created (registry, NULL, "always");
  g_unsetenv ("AIONET_TEST_KIND");
}

static void
test_explain (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  g_autoptr (AionetProvider) provider = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("The registry explains what it would take and why");

  works = FALSE;
  add (registry, test_plain_get_type (), "plain", 1);
  add (registry, test_sometimes_get_type (), "sometimes", 2);
  provider = aionet_registry_create_provider (registry, test_kind_get_type (), NULL, NULL);
  text = aionet_registry_explain (registry, test_kind_get_type ());
  g_assert_cmpstr (text, ==,
                   "test-kind:\n"
                   "  sometimes, priority 2: does not work here: Not today\n"
                   "  plain, priority 1: ready\n");
}

static void
test_check_support (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  AionetPluginInfo *info;

  g_test_summary ("The registry can find out of all providers whether they work here");

  works = FALSE;
  add (registry, test_plain_get_type (), "plain", 1);
  add (registry, test_sometimes_get_type (), "sometimes", 0);
  aionet_registry_check_support (registry);
  info = aionet_registry_lookup (registry, test_kind_get_type (), "sometimes");
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_UNSUPPORTED);
  g_assert_cmpstr (aionet_plugin_info_get_reason (info), ==, "Not today");
  info = aionet_registry_lookup (registry, test_kind_get_type (), "plain");
  g_assert_cmpint (aionet_plugin_info_get_state (info), ==, AIONET_PLUGIN_STATE_READY);
}

static gpointer
read_in_thread (gpointer registry)
{
  guint n = 0;

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (AionetProvider) provider =
          aionet_registry_create_provider (registry, test_kind_get_type (), NULL, NULL);

      n += provider != NULL;
    }
  return GUINT_TO_POINTER (n);
}

static void
test_threads (void)
{
  g_autoptr (AionetRegistry) registry = aionet_registry_new ();
  GThread *thread;

  g_test_summary ("A registry may be used in one thread while another adds to it");

  add (registry, test_always_get_type (), "always", 1);
  thread = g_thread_new ("read", read_in_thread, registry);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("plain-%u", i);

      add (registry, test_plain_get_type (), name, 2);
    }
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (thread)), ==, 500);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/aionet/registry/builtins", test_builtins);
  g_test_add_func ("/aionet/registry/add-type", test_add_type);
  g_test_add_func ("/aionet/registry/add-bad-types", test_add_bad_types);
  g_test_add_func ("/aionet/registry/add-bad-names", test_add_bad_names);
  g_test_add_func ("/aionet/registry/add-twice", test_add_twice);
  g_test_add_func ("/aionet/registry/items-changed", test_items_changed);
  g_test_add_func ("/aionet/registry/selection", test_selection);
  g_test_add_func ("/aionet/registry/unsupported", test_unsupported);
  g_test_add_func ("/aionet/registry/nothing-works", test_nothing_works);
  g_test_add_func ("/aionet/registry/unknown", test_unknown);
  g_test_add_func ("/aionet/registry/environment", test_environment);
  g_test_add_func ("/aionet/registry/explain", test_explain);
  g_test_add_func ("/aionet/registry/check-support", test_check_support);
  g_test_add_func ("/aionet/registry/threads", test_threads);
  return g_test_run ();
}
