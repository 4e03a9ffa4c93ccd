/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-source.h"

#include "aionet-commands.h"
#include "aionet-wait.h"

void
_source_options_add (SourceOptions *self, CommandLine *line)
{
  const GOptionEntry entries[] = {
    { "route", 0, 0, G_OPTION_ARG_STRING, &self->route,
      "leave through this interface, under the external address with this number of family 4 or 6, "
      "from 0 (asks STUN servers; “default” asks nobody)",
      "NIC[/FAMILY[/INDEX]]" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &self->from, "leave from this local address (asks nobody)",
      "ADDRESS" },
    { NULL },
  };

  _line_add (line, "Where to leave from", entries);
  _host_options_add_asking (&self->host, line);
  _host_options_add_backend (&self->host, line);
  _host_options_add_consensus (&self->host, line);
}

void
_source_options_clear (SourceOptions *self)
{
  _host_options_clear (&self->host);
  g_clear_pointer (&self->route, g_free);
  g_clear_pointer (&self->from, g_free);
}

/* ------------------------------------------------------------------ --route */

static gboolean
parse_family (const char *text, GSocketFamily *family)
{
  *family = G_SOCKET_FAMILY_INVALID;
  if (g_strcmp0 (text, "4") == 0)
    *family = G_SOCKET_FAMILY_IPV4;
  else if (g_strcmp0 (text, "6") == 0)
    *family = G_SOCKET_FAMILY_IPV6;
  return text == NULL || *family != G_SOCKET_FAMILY_INVALID;
}

static AionetInterface *
load_interface (AionetHost *host, const char *name, int *status)
{
  g_autoptr (AionetInterface) nic = NULL;
  g_autoptr (AionetWait) wait = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (name, "default"))
    return aionet_interface_new_default ();
  if (!_host_refresh (host, status))
    return NULL;
  nic = aionet_host_get_interface (host, name);
  if (nic == NULL)
    {
      *status = _cmd_fail ("this host has no interface “%s”", name);
      return NULL;
    }
  wait = _wait_new ("asking STUN servers");
  aionet_interface_load_async (nic, _wait_get_cancellable (wait), _wait_ready, wait);
  if (aionet_interface_load_finish (nic, _wait_run (wait), &error))
    return g_steal_pointer (&nic);
  *status = _wait_fail (wait, error);
  return NULL;
}

static AionetRoute *
pick_route (AionetInterface *nic, GSocketFamily family, const char *index, int *status)
{
  g_autoptr (GError) error = NULL;
  AionetRoutePool *pool;
  AionetRoute     *route;
  guint64          position = index != NULL ? g_ascii_strtoull (index, NULL, 10) : 0;

  if (index == NULL)
    {
      route = aionet_interface_get_route (nic, family, &error);
      if (route == NULL)
        *status = _cmd_fail_error (error);
      return route;
    }
  pool = aionet_interface_get_route_pool (nic, family);
  route = pool != NULL ? aionet_route_pool_get_route_at (pool, position) : NULL;
  if (route == NULL)
    *status = _cmd_fail ("interface “%s” has %" G_GUINT64_FORMAT " such external addresses: "
                         "there is no index %s",
                         aionet_interface_get_name (nic),
                         pool != NULL ? aionet_route_pool_get_n_addresses (pool) : 0, index);
  return route;
}

static gboolean
find_by_route (SourceOptions *self, const char *program, AionetRoute **route, int *status)
{
  g_auto (GStrv) parts = g_strsplit (self->route, "/", -1);
  guint n = g_strv_length (parts);
  g_autoptr (AionetHost) host = NULL;
  g_autoptr (AionetInterface) nic = NULL;
  GSocketFamily family;

  if (n < 1 || n > 3 || *parts[0] == '\0' || !parse_family (n > 1 ? parts[1] : NULL, &family) ||
      (n > 2 && !g_ascii_string_to_unsigned (parts[2], 10, 0, G_MAXUINT64, NULL, NULL)))
    {
      *status = _cmd_misuse (program, "--route is NIC, NIC/4, NIC/6 or NIC/4/INDEX, not “%s”",
                             self->route);
      return FALSE;
    }
  host = _host_options_make_host (&self->host, program, status);
  nic = host != NULL ? load_interface (host, parts[0], status) : NULL;
  *route = nic != NULL ? pick_route (nic, family, n > 2 ? parts[2] : NULL, status) : NULL;
  return *route != NULL;
}

/* ------------------------------------------------------------------ --from */

static AionetInterface *
find_owner (AionetHost *host, GInetAddress *address)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (host)); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (G_LIST_MODEL (host), i);
      GListModel *ranges = aionet_interface_get_addresses (nic);

      for (guint j = 0; j < g_list_model_get_n_items (ranges); j++)
        {
          g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, j);

          if (aionet_ip_range_get_index_of (range, address, NULL))
            return g_steal_pointer (&nic);
        }
    }
  return NULL;
}

/* Through the interface that has the address, whatever the kernel would take; loopback and
 * link-local addresses, which have a scope, belong where they belong anyway. */
static AionetRoute *
make_route (AionetHost *host, AionetIpRange *range, GError **error)
{
  g_autoptr (AionetInterface) nic = find_owner (host, aionet_ip_range_get_address (range));
  g_autoptr (GListStore) ranges = g_list_store_new (AIONET_TYPE_IP_RANGE);
  GSocketFamily family = aionet_ip_range_get_family (range);

  if (nic == NULL || g_inet_address_get_is_loopback (aionet_ip_range_get_address (range)))
    {
      g_autoptr (AionetInterface) any = aionet_interface_new_default ();

      return aionet_interface_get_route (any, family, error);
    }
  g_list_store_append (ranges, range);
  return aionet_route_new (family, G_LIST_MODEL (ranges), G_LIST_MODEL (ranges), nic, error);
}

static gboolean
find_by_address (SourceOptions *self, const char *program, AionetRoute **route, int *status)
{
  g_autoptr (AionetIpRange) range = NULL;
  g_autoptr (AionetHost) host = NULL;
  g_autoptr (AionetRoute) unbound = NULL;
  g_autoptr (GError) error = NULL;

  range = aionet_ip_range_new_from_string (self->from, &error);
  if (range == NULL)
    {
      *status = _cmd_misuse (program, "--from: %s", error->message);
      return FALSE;
    }
  host = _host_options_make_host (&self->host, program, status);
  if (host == NULL || !_host_refresh (host, status))
    return FALSE;
  unbound = make_route (host, range, &error);
  *route = unbound != NULL ? aionet_route_bind_to (unbound, self->from, 0, &error) : NULL;
  if (*route == NULL)
    *status = _cmd_fail_error (error);
  return *route != NULL;
}

gboolean
_source_find_route (SourceOptions *self, const char *program, AionetRoute **route, int *status)
{
  *route = NULL;
  if (self->route != NULL && self->from != NULL)
    {
      *status = _cmd_misuse (program, "--route and --from exclude each other");
      return FALSE;
    }
  if (self->route != NULL)
    return find_by_route (self, program, route, status);
  return self->from == NULL || find_by_address (self, program, route, status);
}

gboolean
_source_parse_protocol (const char *text, GSocketProtocol *protocol)
{
  gboolean is_udp = g_str_equal (text, "udp");

  *protocol = is_udp ? G_SOCKET_PROTOCOL_UDP : G_SOCKET_PROTOCOL_TCP;
  return is_udp || g_str_equal (text, "tcp");
}
