/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/fake-providers.h"

#include <string.h>

struct _FakeBackend
{
  AionetAddressBackend parent_instance;

  GListStore          *links;
  GPtrArray           *kept; /* requests that are never answered */
  FakeMood             mood;
  guint                n_requests;
};

struct _FakeStun
{
  AionetStunProvider parent_instance;

  GHashTable        *mappings; /* local -> external */
  GHashTable        *moods;    /* "protocol server" -> mood */
  GHashTable        *lies;     /* server -> external */
  GHashTable        *sources;  /* local -> number of requests */
  GPtrArray         *kept;
  guint              n_udp;
  guint              n_tcp;
  gboolean           use_sockets;
  AionetNatBehavior  mapping; /* UNKNOWN: servers have one address */
  AionetNatBehavior  filtering;
  void (*hook) (gpointer);
  gpointer hook_data;
};

G_DEFINE_FINAL_TYPE (FakeBackend, fake_backend, AIONET_TYPE_ADDRESS_BACKEND)
G_DEFINE_FINAL_TYPE (FakeStun, fake_stun, AIONET_TYPE_STUN_PROVIDER)

static void
refuse (AionetRequest *request, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, text);

  aionet_request_fail (request, error);
}

static void
fake_backend_begin (AionetAddressBackend *backend, AionetRequest *request)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_autoptr (GListStore) links = g_list_store_new (AIONET_TYPE_LINK);

  self->n_requests++;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->links)); i++)
    {
      g_autoptr (AionetLink) link = g_list_model_get_item (G_LIST_MODEL (self->links), i);

      g_list_store_append (links, link);
    }
  if (self->mood == FAKE_MOOD_SILENT)
    {
      g_object_set_data_full (G_OBJECT (request), "links", g_steal_pointer (&links),
                              g_object_unref);
      g_ptr_array_add (self->kept, g_object_ref (request));
    }
  else if (self->mood == FAKE_MOOD_REFUSES)
    refuse (request, "no links today");
  else
    aionet_request_complete (request, G_OBJECT (links));
}

static void
fake_backend_finalize (GObject *object)
{
  FakeBackend *self = FAKE_BACKEND (object);

  g_object_unref (self->links);
  g_ptr_array_unref (self->kept);
  G_OBJECT_CLASS (fake_backend_parent_class)->finalize (object);
}

static void
fake_backend_class_init (FakeBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_backend_finalize;
  AIONET_ADDRESS_BACKEND_CLASS (klass)->begin = fake_backend_begin;
}

static void
fake_backend_init (FakeBackend *self)
{
  self->links = g_list_store_new (AIONET_TYPE_LINK);
  self->kept = g_ptr_array_new_with_free_func (g_object_unref);
}

static GInetSocketAddress *
endpoint_new (const char *address)
{
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (address, 40000));
}

static char *
endpoint_to_text (GSocketAddress *endpoint)
{
  return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (endpoint)));
}

static FakeMood
get_mood (FakeStun *self, GSocketProtocol protocol, const char *server)
{
  g_autofree char *own = g_strdup_printf ("%d %s", (int) protocol, server);
  g_autofree char *all = g_strdup_printf ("%d ", (int) protocol);
  gpointer         mood;

  if (g_hash_table_lookup_extended (self->moods, own, NULL, &mood) ||
      g_hash_table_lookup_extended (self->moods, all, NULL, &mood))
    return (FakeMood) GPOINTER_TO_INT (mood);
  return FAKE_MOOD_HONEST;
}

#define FAKE_PORT 3478
#define FAKE_OTHER_PORT 3479
#define FAKE_LOCAL_PORT 50000
#define FAKE_EXTERNAL_PORT 40000

/* The server's endpoint with the address, the port, or both exchanged for its other one */
static GInetSocketAddress *
change_endpoint (GInetSocketAddress *server, gboolean change_address, gboolean change_port)
{
  g_autofree char *text = endpoint_to_text (G_SOCKET_ADDRESS (server));
  guint            port = g_inet_socket_address_get_port (server);
  char            *digit = text + strlen (text) - 1;

  /* 9.1.1.1: the last but one; 2a01:1::1: the last */
  if (strchr (text, ':') == NULL)
    digit -= 2;
  if (change_address)
    *digit = *digit == '1' ? '2' : '1';
  if (change_port)
    port = port == FAKE_PORT ? FAKE_OTHER_PORT : FAKE_PORT;
  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (text, port));
}

static guint
get_external_port (FakeStun *self, GInetSocketAddress *server, guint local_port)
{
  g_autofree char *address = endpoint_to_text (G_SOCKET_ADDRESS (server));
  guint            number = 0;

  if (local_port != FAKE_LOCAL_PORT)
    return local_port;
  if (self->mapping >= AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT)
    number = 1 + g_str_hash (address) % 5000;
  if (self->mapping == AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT)
    number += 5000 * (g_inet_socket_address_get_port (server) - FAKE_PORT + 1);
  return FAKE_EXTERNAL_PORT + number;
}

static void
answer_from_nat (FakeStun *self, AionetStunRequest *request, const char *external)
{
  GInetSocketAddress *server = aionet_stun_request_get_server (request);
  GSocketAddress     *local = aionet_stun_request_get_local_address (request);
  AionetStunChange    change = aionet_stun_request_get_change (request);
  g_autofree char    *inside = endpoint_to_text (local);
  guint               port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  g_autoptr (GSocketAddress) from = NULL;
  g_autoptr (GSocketAddress) seen = NULL;
  g_autoptr (GInetSocketAddress) origin = NULL;
  g_autoptr (GInetSocketAddress) other = NULL;
  g_autoptr (AionetMapping) mapping = NULL;

  port = port != 0 ? port : FAKE_LOCAL_PORT;
  from = g_inet_socket_address_new_from_string (inside, port);
  seen = g_inet_socket_address_new_from_string (
      external, g_str_equal (inside, external) ? port : get_external_port (self, server, port));
  origin = change_endpoint (server, (change & AIONET_STUN_CHANGE_IP) != 0,
                            (change & AIONET_STUN_CHANGE_PORT) != 0);
  other = change_endpoint (server, TRUE, TRUE);
  mapping = g_object_new (AIONET_TYPE_MAPPING, "protocol",
                          aionet_stun_request_get_protocol (request), "server", server, "local",
                          from, "external", seen, "origin", origin, "other-address", other, NULL);
  aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
}

static gboolean
passes_filter (FakeStun *self, AionetStunRequest *request)
{
  AionetStunChange change = aionet_stun_request_get_change (request);

  switch (self->filtering)
    {
    case AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT:
      return change == AIONET_STUN_CHANGE_NONE;
    case AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT:
      return (change & AIONET_STUN_CHANGE_IP) == 0;
    case AIONET_NAT_BEHAVIOR_UNKNOWN:
    case AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT:
    default:
      return TRUE;
    }
}

static void
answer (FakeStun *self, AionetStunRequest *request, const char *external)
{
  g_autoptr (GInetSocketAddress) seen = endpoint_new (external);
  g_autoptr (AionetMapping) mapping = NULL;

  if (!passes_filter (self, request))
    {
      g_ptr_array_add (self->kept, g_object_ref (request));
      return;
    }
  if (self->mapping != AIONET_NAT_BEHAVIOR_UNKNOWN)
    {
      answer_from_nat (self, request, external);
      return;
    }
  mapping = aionet_mapping_new (
      aionet_stun_request_get_protocol (request), aionet_stun_request_get_server (request),
      G_INET_SOCKET_ADDRESS (aionet_stun_request_get_local_address (request)), seen);
  aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
}

static void
react (FakeStun *self, AionetStunRequest *request, const char *local, const char *server)
{
  const char *external = g_hash_table_lookup (self->mappings, local);
  FakeMood    mood = get_mood (self, aionet_stun_request_get_protocol (request), server);

  if (mood == FAKE_MOOD_REFUSES)
    refuse (AIONET_REQUEST (request), "port unreachable");
  else if (mood == FAKE_MOOD_LIAR)
    answer (self, request, g_hash_table_lookup (self->lies, server));
  else if (mood == FAKE_MOOD_SILENT || external == NULL)
    g_ptr_array_add (self->kept, g_object_ref (request));
  else
    answer (self, request, external);
}

static void
fake_stun_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  FakeStun        *self = FAKE_STUN (provider);
  g_autofree char *local = endpoint_to_text (aionet_stun_request_get_local_address (request));
  g_autofree char *server =
      endpoint_to_text (G_SOCKET_ADDRESS (aionet_stun_request_get_server (request)));
  guint n_requests = GPOINTER_TO_UINT (g_hash_table_lookup (self->sources, local));

  if (aionet_stun_request_get_protocol (request) == G_SOCKET_PROTOCOL_TCP)
    self->n_tcp++;
  else
    self->n_udp++;
  g_hash_table_insert (self->sources, g_strdup (local), GUINT_TO_POINTER (n_requests + 1));
  if (self->hook != NULL)
    self->hook (self->hook_data);
  if (self->use_sockets)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) socket = aionet_stun_request_dup_socket (request, &error);

      if (socket == NULL)
        {
          aionet_request_fail (AIONET_REQUEST (request), error);
          return;
        }
    }
  react (self, request, local, server);
}

static void
fake_stun_finalize (GObject *object)
{
  FakeStun *self = FAKE_STUN (object);

  g_hash_table_unref (self->mappings);
  g_hash_table_unref (self->moods);
  g_hash_table_unref (self->lies);
  g_hash_table_unref (self->sources);
  g_ptr_array_unref (self->kept);
  G_OBJECT_CLASS (fake_stun_parent_class)->finalize (object);
}

static void
fake_stun_class_init (FakeStunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_stun_finalize;
  AIONET_STUN_PROVIDER_CLASS (klass)->begin = fake_stun_begin;
}

static void
fake_stun_init (FakeStun *self)
{
  self->mappings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->moods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->kept = g_ptr_array_new_with_free_func (g_object_unref);
}

/* The kernel's words: host bits set is a single address, none set is a block. */
static AionetIpRange *
range_new (const char *text, const char *scope_name)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (parts[0]);
  guint prefix;

  g_assert_nonnull (address);
  prefix = (guint) g_inet_address_get_native_size (address) * 8;
  if (parts[1] != NULL)
    prefix = (guint) g_ascii_strtoull (parts[1], NULL, 10);
  return aionet_ip_range_new_scoped (address, prefix,
                                     g_inet_address_get_is_link_local (address) &&
                                             g_inet_address_get_family (address) ==
                                                 G_SOCKET_FAMILY_IPV6
                                         ? scope_name
                                         : NULL);
}

static void
add_gateway (AionetLink *link, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  g_autoptr (AionetGateway) gateway =
      aionet_gateway_new (g_str_equal (parts[0], "6") ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4,
                          NULL, (guint) g_ascii_strtoull (parts[1], NULL, 10), 254, NULL);

  aionet_link_add_gateway (link, gateway);
}

AionetLink *
fake_link_new (const char    *name,
               guint          index,
               AionetLinkKind kind,
               gboolean       is_up,
               const char    *addresses,
               const char    *blocks,
               const char    *gateways)
{
  AionetLink *link = aionet_link_new (name, index);
  g_auto (GStrv) address_list = g_strsplit (addresses, " ", -1);
  g_auto (GStrv) block_list = g_strsplit (blocks, " ", -1);
  g_auto (GStrv) gateway_list = g_strsplit (gateways, " ", -1);

  g_object_set (link, "kind", kind, "is-up", is_up, "hardware-address", "02:00:00:00:00:01", "mtu",
                1500, NULL);
  for (guint i = 0; address_list[i] != NULL && address_list[i][0] != '\0'; i++)
    {
      g_auto (GStrv) parts = g_strsplit (address_list[i], "!", 2);
      g_autoptr (AionetIpRange) range = range_new (parts[0], name);

      aionet_link_add_address (link, range,
                               parts[1] != NULL ? AIONET_ADDRESS_FLAGS_TENTATIVE
                                                : AIONET_ADDRESS_FLAGS_NONE);
    }
  for (guint i = 0; block_list[i] != NULL && block_list[i][0] != '\0'; i++)
    {
      g_autoptr (AionetIpRange) range = range_new (block_list[i], NULL);

      aionet_link_add_block (link, range);
    }
  for (guint i = 0; gateway_list[i] != NULL && gateway_list[i][0] != '\0'; i++)
    add_gateway (link, gateway_list[i]);
  return link;
}

FakeBackend *
fake_backend_new (void)
{
  return g_object_new (FAKE_TYPE_BACKEND, NULL);
}

void
fake_backend_add (FakeBackend *self, AionetLink *link)
{
  g_list_store_append (self->links, link);
  g_object_unref (link);
}

void
fake_backend_clear (FakeBackend *self)
{
  g_list_store_remove_all (self->links);
}

void
fake_backend_set_mood (FakeBackend *self, FakeMood mood)
{
  self->mood = mood;
}

void
fake_backend_answer_kept (FakeBackend *self)
{
  for (guint i = 0; i < self->kept->len; i++)
    aionet_request_complete (self->kept->pdata[i],
                             g_object_get_data (self->kept->pdata[i], "links"));
  g_ptr_array_set_size (self->kept, 0);
}

guint
fake_backend_get_n_requests (FakeBackend *self)
{
  return self->n_requests;
}

FakeStun *
fake_stun_new (void)
{
  return g_object_new (FAKE_TYPE_STUN, NULL);
}

void
fake_stun_map (FakeStun *self, const char *local, const char *external)
{
  g_hash_table_insert (self->mappings, g_strdup (local), g_strdup (external));
}

void
fake_stun_set_mood (FakeStun *self, GSocketProtocol protocol, const char *server, FakeMood mood)
{
  g_hash_table_insert (self->moods,
                       g_strdup_printf ("%d %s", (int) protocol, server != NULL ? server : ""),
                       GINT_TO_POINTER ((int) mood));
}

void
fake_stun_lie (FakeStun *self, const char *server, const char *external)
{
  fake_stun_set_mood (self, G_SOCKET_PROTOCOL_UDP, server, FAKE_MOOD_LIAR);
  fake_stun_set_mood (self, G_SOCKET_PROTOCOL_TCP, server, FAKE_MOOD_LIAR);
  g_hash_table_insert (self->lies, g_strdup (server), g_strdup (external));
}

void
fake_stun_set_nat (FakeStun *self, AionetNatBehavior mapping, AionetNatBehavior filtering)
{
  self->mapping = mapping;
  self->filtering = filtering;
}

void
fake_stun_use_sockets (FakeStun *self)
{
  self->use_sockets = TRUE;
}

void
fake_stun_set_hook (FakeStun *self, void (*hook) (gpointer), gpointer data)
{
  self->hook = hook;
  self->hook_data = data;
}

guint
fake_stun_get_n_requests (FakeStun *self, GSocketProtocol protocol)
{
  return protocol == G_SOCKET_PROTOCOL_TCP ? self->n_tcp : self->n_udp;
}

char *
fake_stun_get_sources (FakeStun *self)
{
  g_autoptr (GList) keys =
      g_list_sort (g_hash_table_get_keys (self->sources), (GCompareFunc) g_strcmp0);
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *l = keys; l != NULL; l = l->next)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", (const char *) l->data);
  return g_strdup (text->str);
}

guint
fake_stun_get_n_from (FakeStun *self, const char *local)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->sources, local));
}

guint
fake_stun_get_n_silent (FakeStun *self)
{
  return self->kept->len;
}

AionetHost *
fake_host_new (FakeBackend *backend, FakeStun *stun, const char *servers)
{
  AionetHost *host = aionet_host_new ();
  g_auto (GStrv) list = g_strsplit (servers, " ", -1);

  aionet_host_set_address_backend (host, AIONET_ADDRESS_BACKEND (backend));
  aionet_host_set_stun_provider (host, AIONET_STUN_PROVIDER (stun));
  aionet_host_set_stun_servers (host, (const char *const *) list);
  return host;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *place;
}

gboolean
fake_load (AionetInterface *interface, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_interface_load_async (interface, cancellable, on_result, &result);
  return aionet_interface_load_finish (interface, wait_for (&result), error);
}

AionetNat *
fake_load_nat (AionetInterface *interface, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_interface_load_nat_async (interface, cancellable, on_result, &result);
  return aionet_interface_load_nat_finish (interface, wait_for (&result), error);
}

gboolean
fake_refresh (AionetHost *host, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_host_refresh_async (host, NULL, on_result, &result);
  return aionet_host_refresh_finish (host, wait_for (&result), error);
}

gboolean
fake_load_all (AionetHost *host, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  aionet_host_load_all_async (host, cancellable, on_result, &result);
  return aionet_host_load_all_finish (host, wait_for (&result), error);
}

AionetInterface *
fake_get_loaded (AionetHost *host, const char *name)
{
  AionetInterface *interface;
  g_autoptr (GError) error = NULL;

  fake_refresh (host, &error);
  g_assert_no_error (error);
  interface = aionet_host_get_interface (host, name);
  g_assert_nonnull (interface);
  fake_load (interface, NULL, &error);
  g_assert_no_error (error);
  return interface;
}

char *
fake_describe_pool (AionetInterface *interface, GSocketFamily family)
{
  AionetRoutePool *pool = aionet_interface_get_route_pool (interface, family);
  GListModel      *groups = aionet_route_pool_get_groups (pool);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (groups); i++)
    {
      g_autoptr (AionetRoute) route = g_list_model_get_item (groups, i);
      g_autofree char *line = aionet_route_to_string (route);

      g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", line);
    }
  return g_strdup (text->str);
}
