/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* A plugin in C++: an address backend of a host that has no links. */

#include <aionet.h>

struct NoLinks
{
  AionetAddressBackend parent_instance;
};

struct NoLinksClass
{
  AionetAddressBackendClass parent_class;
};

static GType no_links_get_type ();

G_DEFINE_TYPE (NoLinks, no_links, AIONET_TYPE_ADDRESS_BACKEND)

static void
no_links_begin (AionetAddressBackend *, AionetRequest *request)
{
  g_autoptr (GListStore) none = g_list_store_new (AIONET_TYPE_LINK);

  aionet_request_complete (request, G_OBJECT (none));
}

static void
no_links_class_init (NoLinksClass *klass)
{
  klass->parent_class.begin = no_links_begin;
}

static void
no_links_init (NoLinks *)
{
}

static const AionetPluginProvider providers[] = { { no_links_get_type, 1 }, { nullptr, 0 } };

AIONET_PLUGIN_DEFINE (cxx_module, "cxx-module", "1.0", "No links, in C++", "MIT", providers)
