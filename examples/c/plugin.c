/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* An address backend as a plugin: what netlink finds, without the interfaces of Docker. Programs
 * load it from the directories of AIONET_PLUGIN_PATH, and use it for its high priority.
 *
 *   $ cc -shared -fPIC -o libaionet-no-docker.so plugin.c $(pkg-config --cflags --libs libaionet-1)
 *   $ AIONET_PLUGIN_PATH=. ./interfaces
 */

#include <aionet.h>

G_DECLARE_FINAL_TYPE (NoDocker, no_docker, NO, DOCKER, AionetAddressBackend)

struct _NoDocker
{
  AionetAddressBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (NoDocker, no_docker, AIONET_TYPE_ADDRESS_BACKEND)

static void
on_links (GObject *system, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AionetRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) links =
      aionet_address_backend_list_links_finish (AIONET_ADDRESS_BACKEND (system), result, &error);
  g_autoptr (GListStore) kept = g_list_store_new (AIONET_TYPE_LINK);

  for (guint i = 0; links != NULL && i < g_list_model_get_n_items (links); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (links, i);

      if (!g_str_has_prefix (aionet_link_get_name (link), "docker"))
        g_list_store_append (kept, link);
    }
  if (links != NULL)
    aionet_request_complete (request, G_OBJECT (kept));
  else
    aionet_request_fail (request, error);
}

/* The other request ends when this one does. A backend that watches the host itself, as netlink
 * does, calls aionet_address_backend_emit_changed () when something happens. */
static void
no_docker_begin (AionetAddressBackend *self, AionetRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetProvider) netlink = aionet_registry_create_provider (
      aionet_registry_get_default (), AIONET_TYPE_ADDRESS_BACKEND, "netlink", &error);

  if (netlink != NULL)
    aionet_address_backend_list_links_async (AIONET_ADDRESS_BACKEND (netlink), 0,
                                             aionet_request_get_cancellable (request), on_links,
                                             g_object_ref (request));
  else
    aionet_request_fail (request, error);
}

static void
no_docker_class_init (NoDockerClass *klass)
{
  AIONET_ADDRESS_BACKEND_CLASS (klass)->begin = no_docker_begin;
}

static void
no_docker_init (NoDocker *self)
{
}

static const AionetPluginProvider providers[] = { { no_docker_get_type, 200 }, { NULL } };

AIONET_PLUGIN_DEFINE (
    no_docker, "no-docker", "1.0", "Hides the interfaces of Docker", "LGPL-2.1-or-later", providers)
