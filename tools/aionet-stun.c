/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-host-options.h"
#include "aionet-table.h"
#include "aionet-wait.h"

#include <net/if.h>

#define STUN_PORT 3478

static const char PROGRAM[] = "aionet stun";

typedef struct
{
  HostOptions host;
  gboolean    tcp;
  gboolean    json;
  char       *from; /* (owned) */
} StunOptions;

/* Where to ask from. */
typedef struct
{
  GSocketAddress *local;     /* (owned) (nullable) */
  char           *interface; /* (owned) (nullable) */
} Source;

static void
stun_options_clear (StunOptions *self)
{
  _host_options_clear (&self->host);
  g_clear_pointer (&self->from, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StunOptions, stun_options_clear)

static void
source_clear (Source *self)
{
  g_clear_object (&self->local);
  g_clear_pointer (&self->interface, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, source_clear)

static GInetSocketAddress *
make_endpoint (GInetAddress *address, guint16 port, const char *scope_name)
{
  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", (guint) port,
                       "scope-id", scope_name != NULL ? if_nametoindex (scope_name) : 0, NULL);
}

/* ------------------------------------------------------------------ where to ask from */

static gboolean
has_address (GListModel *ranges, GInetAddress *address)
{
  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);

      if (aionet_ip_range_get_index_of (range, address, NULL))
        return TRUE;
    }
  return FALSE;
}

static AionetInterface *
find_owner (AionetHost *host, GInetAddress *address)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (host)); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (G_LIST_MODEL (host), i);

      if (has_address (aionet_interface_get_addresses (nic), address) ||
          has_address (aionet_interface_get_link_locals (nic), address))
        return g_steal_pointer (&nic);
    }
  return NULL;
}

static gboolean
find_source (AionetHost *host, const char *from, Source *source, int *status)
{
  g_autoptr (AionetIpRange) range = NULL;
  g_autoptr (AionetInterface) nic = NULL;

  if (from == NULL)
    return TRUE;
  if (!_host_refresh (host, status))
    return FALSE;
  range = aionet_ip_range_new_from_string (from, NULL);
  if (range == NULL)
    nic = aionet_host_get_interface (host, from);
  else if (aionet_ip_range_get_scope_name (range) != NULL)
    nic = aionet_host_get_interface (host, aionet_ip_range_get_scope_name (range));
  else
    nic = find_owner (host, aionet_ip_range_get_address (range));
  if (nic == NULL)
    {
      *status = _cmd_fail ("this host has no interface or address “%s”", from);
      return FALSE;
    }
  source->interface = g_strdup (aionet_interface_get_name (nic));
  if (range != NULL)
    {
      const char *scope = aionet_ip_range_is_link_local (range) ? source->interface : NULL;

      source->local =
          G_SOCKET_ADDRESS (make_endpoint (aionet_ip_range_get_address (range), 0, scope));
    }
  return TRUE;
}

/* ------------------------------------------------------------------ whom to ask */

static GResolverNameLookupFlags
lookup_flags (const Source *source)
{
  if (source->local == NULL)
    return G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;
  return g_socket_address_get_family (source->local) == G_SOCKET_FAMILY_IPV6
             ? G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY
             : G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY;
}

static GInetSocketAddress *
find_server (AionetTarget *target, const Source *source, int *status)
{
  GInetAddress *address = aionet_target_get_address (target);
  guint16       port = aionet_target_get_port (target);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (AionetWait) wait = NULL;
  g_autoptr (GError) error = NULL;
  GInetSocketAddress *server = NULL;
  GList              *addresses;

  if (address != NULL)
    return make_endpoint (address, port, aionet_target_get_scope_name (target));
  wait = _wait_new ("looking up the server");
  g_resolver_lookup_by_name_with_flags_async (resolver, aionet_target_get_hostname (target),
                                              lookup_flags (source), _wait_get_cancellable (wait),
                                              _wait_ready, wait);
  addresses = g_resolver_lookup_by_name_with_flags_finish (resolver, _wait_run (wait), &error);
  if (addresses != NULL)
    server = make_endpoint (addresses->data, port, NULL);
  else
    *status = _wait_fail (wait, error);
  g_resolver_free_addresses (addresses);
  return server;
}

/* ------------------------------------------------------------------ what it said */

static JsonNode *
endpoint_to_json (GInetSocketAddress *endpoint)
{
  g_autofree char *ip = NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode     *node = json_node_new (JSON_NODE_OBJECT);
  GInetAddress *address;

  if (endpoint == NULL)
    {
      json_node_init_null (node);
      return node;
    }
  address = g_inet_socket_address_get_address (endpoint);
  ip = g_inet_address_to_string (address);
  json_object_set_string_member (object, "ip", ip);
  json_object_set_int_member (object, "port", g_inet_socket_address_get_port (endpoint));
  json_object_set_int_member (object, "af", g_inet_address_get_family (address));
  json_node_set_object (node, object);
  return node;
}

/* Not known after a retransmission: the answer may be to either request (Karn's rule). */
static gboolean
get_round_trip_ms (AionetMapping *mapping, double *ms)
{
  *ms = (double) aionet_mapping_get_round_trip_us (mapping) / 1000;
  return *ms >= 0;
}

static JsonNode *
mapping_to_json (AionetMapping *mapping)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  gboolean  tcp = aionet_mapping_get_protocol (mapping) == G_SOCKET_PROTOCOL_TCP;
  double    round_trip_ms;

  json_object_set_string_member (object, "protocol", tcp ? "tcp" : "udp");
  json_object_set_member (object, "server", endpoint_to_json (aionet_mapping_get_server (mapping)));
  json_object_set_member (object, "local", endpoint_to_json (aionet_mapping_get_local (mapping)));
  json_object_set_member (object, "external",
                          endpoint_to_json (aionet_mapping_get_external (mapping)));
  if (get_round_trip_ms (mapping, &round_trip_ms))
    json_object_set_double_member (object, "round_trip_ms", round_trip_ms);
  else
    json_object_set_null_member (object, "round_trip_ms");
  json_object_set_int_member (object, "sent", aionet_mapping_get_n_sent (mapping));
  json_object_set_member (object, "origin", endpoint_to_json (aionet_mapping_get_origin (mapping)));
  json_object_set_member (object, "other_address",
                          endpoint_to_json (aionet_mapping_get_other_address (mapping)));
  _output_add_string (object, "software", aionet_mapping_get_software (mapping));
  json_node_set_object (node, object);
  return node;
}

static void
add_endpoint (AionetTable *table, OutputStyle style, const char *name, GInetSocketAddress *endpoint)
{
  g_autofree char *text = NULL;

  if (endpoint == NULL)
    return;
  text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (endpoint));
  _table_add_row (table, style, (const char *[]){ name, text });
}

static char *
describe_exchange (AionetMapping *mapping)
{
  gboolean    tcp = aionet_mapping_get_protocol (mapping) == G_SOCKET_PROTOCOL_TCP;
  const char *protocol = tcp ? "TCP" : "UDP";
  guint       n_sent = aionet_mapping_get_n_sent (mapping);
  double      ms;

  if (get_round_trip_ms (mapping, &ms))
    return g_strdup_printf ("%.1f ms, %s, sent %u", ms, protocol, n_sent);
  return g_strdup_printf ("not known, %s, sent %u", protocol, n_sent);
}

static void
print_mapping (AionetMapping *mapping)
{
  g_autoptr (AionetTable) table = _table_new (2, NULL);
  g_autofree char *exchange = describe_exchange (mapping);
  const char      *software = aionet_mapping_get_software (mapping);

  add_endpoint (table, STYLE_GOOD, "external", aionet_mapping_get_external (mapping));
  add_endpoint (table, STYLE_PLAIN, "local", aionet_mapping_get_local (mapping));
  add_endpoint (table, STYLE_PLAIN, "server", aionet_mapping_get_server (mapping));
  _table_add_row (table, STYLE_PLAIN, (const char *[]){ "round trip", exchange });
  add_endpoint (table, STYLE_PLAIN, "origin", aionet_mapping_get_origin (mapping));
  add_endpoint (table, STYLE_PLAIN, "other address", aionet_mapping_get_other_address (mapping));
  if (software != NULL)
    _table_add_row (table, STYLE_PLAIN, (const char *[]){ "software", software });
  _table_print (table);
}

static int
ask (AionetHost *host, const StunOptions *options, AionetTarget *target)
{
  g_auto (Source) source = { 0 };
  g_autoptr (GInetSocketAddress) server = NULL;
  g_autoptr (AionetWait) wait = NULL;
  g_autoptr (AionetMapping) mapping = NULL;
  g_autoptr (GError) error = NULL;
  AionetStunProvider *provider;
  int                 status = EXIT_DONE;

  if (!find_source (host, options->from, &source, &status))
    return status;
  provider = aionet_host_get_stun_provider (host, &error);
  if (provider == NULL)
    return _cmd_fail_error (error);
  server = find_server (target, &source, &status);
  if (server == NULL)
    return status;
  wait = _wait_new ("asking the server");
  aionet_stun_provider_ask_async (
      provider, server, options->tcp ? G_SOCKET_PROTOCOL_TCP : G_SOCKET_PROTOCOL_UDP, source.local,
      source.interface, AIONET_STUN_CHANGE_NONE, aionet_host_get_timeout (host),
      _wait_get_cancellable (wait), _wait_ready, wait);
  mapping = aionet_stun_provider_ask_finish (provider, _wait_run (wait), &error);
  if (mapping == NULL)
    return _wait_fail (wait, error);
  if (options->json)
    _output_json (mapping_to_json (mapping));
  else
    print_mapping (mapping);
  return EXIT_DONE;
}

static const char *const EXAMPLES[] = {
  "aionet stun 192.0.2.10",
  "How this server sees the host, asked over UDP.",
  "aionet stun 192.0.2.10:3478 --tcp --from=eth0",
  "The same over TCP, from this interface.",
  "aionet stun 192.0.2.10 --json --timeout=500",
  "For a program that cannot wait.",
  NULL,
};

int
_cmd_stun (int argc, char *argv[])
{
  g_auto (StunOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "tcp", 0, 0, G_OPTION_ARG_NONE, &options.tcp, "ask over TCP instead of UDP", NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, "local address or interface to ask from",
      "ADDRESS|NIC" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print JSON: an object", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "SERVER[:PORT]",
                 "Asks one STUN server, at port 3478 unless told, which address it sees.");
  g_autoptr (AionetHost) host = NULL;
  g_autoptr (AionetTarget) target = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _host_options_add_backend (&options.host, line);
  _host_options_add_asking (&options.host, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return _cmd_misuse (PROGRAM, "one server is needed, as in “192.0.2.10:3478”");
  target = aionet_target_new_from_string (argv[1], STUN_PORT, &error);
  if (target == NULL)
    return _cmd_misuse (PROGRAM, "%s", error->message);
  host = _host_options_make_host (&options.host, PROGRAM, &status);
  return host != NULL ? ask (host, &options, target) : status;
}
