/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

/* Defines an address backend that has these two functions (NULL: none), and nothing else. */
#define MUSEUM_BACKEND(TypeName, type_name, begin_func, is_supported_func)                         \
  typedef struct                                                                                   \
  {                                                                                                \
    AionetAddressBackend parent_instance;                                                          \
  } TypeName;                                                                                      \
  typedef AionetAddressBackendClass TypeName##Class;                                               \
  static GType                      type_name##_get_type (void);                                   \
  G_DEFINE_FINAL_TYPE (TypeName, type_name, AIONET_TYPE_ADDRESS_BACKEND)                           \
  static void type_name##_class_init (TypeName##Class *klass)                                      \
  {                                                                                                \
    AIONET_ADDRESS_BACKEND_CLASS (klass)->begin = begin_func;                                      \
    AIONET_PROVIDER_CLASS (klass)->is_supported = is_supported_func;                               \
  }                                                                                                \
  static void type_name##_init (TypeName *self) {}

/* One link of that name. */
static inline GListModel *
museum_links (const char *name)
{
  g_autoptr (AionetLink) link = aionet_link_new (name, 1);
  GListStore *links = g_list_store_new (AIONET_TYPE_LINK);

  g_list_store_append (links, link);
  return G_LIST_MODEL (links);
}
