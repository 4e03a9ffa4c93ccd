/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "providers.h"

/* While it lives the environment does not choose. */
class FreeChoice
{
public:
  FreeChoice () { g_unsetenv (NAME); }
  ~FreeChoice () { g_setenv (NAME, "replay", TRUE); }

private:
  static constexpr auto NAME = "AIONET_ADDRESS_BACKEND";
};

TEST (Registry, MakesWhatAProgramAdds)
{
  FreeChoice free_choice;
  Error      error;
  auto       registry = take (aionet_registry_new ());

  ASSERT_TRUE (
      aionet_registry_add_type (registry.get (), cxx_backend_get_type (), "cxx", 500, error.out ()))
      << error;
  auto named = take (aionet_registry_create_provider (registry.get (), AIONET_TYPE_ADDRESS_BACKEND,
                                                      "cxx", error.out ()));
  auto best = take (aionet_registry_create_provider (registry.get (), AIONET_TYPE_ADDRESS_BACKEND,
                                                     nullptr, error.out ()));
  ASSERT_TRUE (named && best) << error;
  EXPECT_TRUE (G_TYPE_CHECK_INSTANCE_TYPE (named.get (), cxx_backend_get_type ()));
  EXPECT_TRUE (G_TYPE_CHECK_INSTANCE_TYPE (best.get (), cxx_backend_get_type ()));
  EXPECT_NE (named, best);
  EXPECT_STREQ (aionet_provider_get_name (named.get ()), "cxx");
}

TEST (Registry, RefusesWhatIsNoProvider)
{
  Error error;
  auto  registry = take (aionet_registry_new ());

  EXPECT_FALSE (
      aionet_registry_add_type (registry.get (), AIONET_TYPE_LINK, "cxx", 0, error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_PLUGIN_INVALID)) << error;
  EXPECT_FALSE (aionet_registry_add_type (registry.get (), cxx_backend_get_type (), "Not A Name", 0,
                                          error.out ()));
  EXPECT_TRUE (error.is (AIONET_ERROR_PLUGIN_INVALID)) << error;
  ASSERT_TRUE (
      aionet_registry_add_type (registry.get (), cxx_backend_get_type (), "cxx", 0, error.out ()));
  EXPECT_FALSE (
      aionet_registry_add_type (registry.get (), cxx_backend_get_type (), "cxx", 0, error.out ()));
  EXPECT_TRUE (error.is (G_IO_ERROR_EXISTS)) << error;
  EXPECT_FALSE (take (aionet_registry_create_provider (registry.get (), AIONET_TYPE_ADDRESS_BACKEND,
                                                       "nobody", error.out ())));
  EXPECT_TRUE (error.is (AIONET_ERROR_NO_PROVIDER)) << error;
}

TEST (Registry, PassesOverWhatDoesNotWorkHereAndSaysWhy)
{
  FreeChoice free_choice;
  Error      error;
  auto       registry = take (aionet_registry_new ());

  aionet_registry_add_type (registry.get (), cxx_useless_get_type (), "useless", 501, nullptr);
  aionet_registry_add_type (registry.get (), cxx_backend_get_type (), "cxx", 500, nullptr);
  auto best = take (aionet_registry_create_provider (registry.get (), AIONET_TYPE_ADDRESS_BACKEND,
                                                     nullptr, error.out ()));
  ASSERT_TRUE (best) << error;
  EXPECT_STREQ (aionet_provider_get_name (best.get ()), "cxx");

  AionetPluginInfo *info =
      aionet_registry_lookup (registry.get (), AIONET_TYPE_ADDRESS_BACKEND, "useless");
  ASSERT_NE (info, nullptr);
  EXPECT_EQ (aionet_plugin_info_get_state (info), AIONET_PLUGIN_STATE_UNSUPPORTED);
  EXPECT_STREQ (aionet_plugin_info_get_reason (info), "There is no such host");
  auto explained =
      to_string (aionet_registry_explain (registry.get (), AIONET_TYPE_ADDRESS_BACKEND));
  EXPECT_NE (explained.find ("There is no such host"), std::string::npos) << explained;
}

TEST (Registry, ChecksAllAtOnce)
{
  auto registry = take (aionet_registry_new ());

  aionet_registry_add_type (registry.get (), cxx_useless_get_type (), "useless", 0, nullptr);
  AionetPluginInfo *info =
      aionet_registry_lookup (registry.get (), AIONET_TYPE_ADDRESS_BACKEND, "useless");
  EXPECT_EQ (aionet_plugin_info_get_state (info), AIONET_PLUGIN_STATE_READY);
  aionet_registry_check_support (registry.get ());
  EXPECT_EQ (aionet_plugin_info_get_state (info), AIONET_PLUGIN_STATE_UNSUPPORTED);
}

TEST (Registry, KnowsWhatAProgramAdded)
{
  auto registry = take (aionet_registry_new ());

  aionet_registry_add_type (registry.get (), cxx_stun_get_type (), "cxx", -3, nullptr);
  AionetPluginInfo *info =
      aionet_registry_lookup (registry.get (), AIONET_TYPE_STUN_PROVIDER, "cxx");
  ASSERT_NE (info, nullptr);
  EXPECT_STREQ (aionet_plugin_info_get_name (info), "cxx");
  EXPECT_EQ (aionet_plugin_info_get_priority (info), -3);
  EXPECT_EQ (aionet_plugin_info_get_origin (info), AIONET_PLUGIN_ORIGIN_PROGRAM);
  EXPECT_EQ (aionet_plugin_info_get_provider_type (info), cxx_stun_get_type ());
  EXPECT_STREQ (aionet_plugin_info_get_kind (info), "stun-provider");
  EXPECT_EQ (aionet_plugin_info_get_path (info), nullptr);
  EXPECT_EQ (aionet_registry_lookup (registry.get (), AIONET_TYPE_ADDRESS_BACKEND, "cxx"), nullptr);
}

TEST (Registry, TheDefaultOneIsThatOfTheHost)
{
  EXPECT_EQ (aionet_registry_get_default (), aionet_host_get_registry (aionet_host_get_default ()));
  EXPECT_GT (items<AionetPluginInfo> (aionet_registry_get_default ()).size (), 0u);
}

/* ------------------------------------------------------------------ a module in C++ */

TEST (Registry, LoadsAModuleWrittenInCxx)
{
  const char *directory = g_getenv ("AIONET_TEST_CXX_MODULES");
  Error       error;
  auto        registry = take (aionet_registry_new ());

  if (directory == nullptr)
    GTEST_SKIP () << "AIONET_TEST_CXX_MODULES names no directory of modules";
  ASSERT_TRUE (aionet_registry_scan (registry.get (), directory, error.out ())) << error;
  AionetPluginInfo *info =
      aionet_registry_lookup (registry.get (), AIONET_TYPE_ADDRESS_BACKEND, "cxx-module");
  ASSERT_NE (info, nullptr) << to_string (
      aionet_registry_explain (registry.get (), AIONET_TYPE_ADDRESS_BACKEND));
  EXPECT_EQ (aionet_plugin_info_get_origin (info), AIONET_PLUGIN_ORIGIN_MODULE);
  EXPECT_STREQ (aionet_plugin_info_get_version (info), "1.0");
  EXPECT_STREQ (aionet_plugin_info_get_license (info), "MIT");
  EXPECT_STREQ (aionet_plugin_info_get_description (info), "No links, in C++");
  EXPECT_NE (aionet_plugin_info_get_path (info), nullptr);
  EXPECT_EQ (aionet_plugin_info_get_reason (info), nullptr);
}

TEST (Registry, ReportsADirectoryThatIsNot)
{
  Error error;
  auto  registry = take (aionet_registry_new ());

  EXPECT_FALSE (aionet_registry_scan (registry.get (), "/nowhere/at/all", error.out ()));
  EXPECT_TRUE (error.is (G_IO_ERROR_NOT_FOUND)) << error;
}
