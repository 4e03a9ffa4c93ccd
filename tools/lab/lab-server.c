/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-server.h"

static void
server_free (LabServer *server)
{
  g_free (server->address);
  g_free (server->alternate);
  g_free (server);
}

/* The first servers have the first roles. */
static LabServerRole
role_of (const LabPlan *plan, guint position)
{
  guint role = 0;

  for (guint n = 0; role < LAB_N_SERVER_ROLES; role++)
    {
      n += plan->n_of_role[role];
      if (position < n)
        break;
    }
  return role;
}

static LabServer *
server_new (const LabPlan *plan, GSocketFamily family, guint position)
{
  static const char *const documented[] = { "192.0.2", "198.51.100", "203.0.113" };
  LabServer               *server = g_new0 (LabServer, 1);
  g_autofree char         *network = NULL;

  server->family = family;
  server->number = position + 1;
  server->role = role_of (plan, position);
  if (family == G_SOCKET_FAMILY_IPV6)
    network = g_strdup_printf ("2001:db8:%x:", server->number);
  else if (position < G_N_ELEMENTS (documented))
    network = g_strdup (documented[position]);
  else
    network = g_strdup_printf ("198.18.%u", server->number);
  server->address = g_strconcat (network, family == G_SOCKET_FAMILY_IPV6 ? ":10" : ".10", NULL);
  server->alternate = g_strconcat (network, family == G_SOCKET_FAMILY_IPV6 ? ":11" : ".11", NULL);
  return server;
}

GPtrArray *
_lab_servers_new (const LabPlan *plan)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_free);

  gboolean   ipv4 = plan->scenario->ipv4 || (plan->peer != NULL && plan->peer->ipv4);
  gboolean   ipv6 = plan->scenario->ipv6 || (plan->peer != NULL && plan->peer->ipv6);

  for (guint i = 0; ipv4 && i < plan->n_servers; i++)
    g_ptr_array_add (servers, server_new (plan, G_SOCKET_FAMILY_IPV4, i));
  for (guint i = 0; ipv6 && i < plan->n_servers; i++)
    g_ptr_array_add (servers, server_new (plan, G_SOCKET_FAMILY_IPV6, i));
  return servers;
}

static void
append_address (GString *setup, const LabServer *server, const char *address)
{
  gboolean is_ipv6 = server->family == G_SOCKET_FAMILY_IPV6;

  g_string_append_printf (setup, "address add %s/%u dev lo%s\n", address, is_ipv6 ? 128 : 32,
                          is_ipv6 ? " nodad" : "");
}

char *
_lab_servers_get_setup (GPtrArray *servers)
{
  GString *setup = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      append_address (setup, server, server->address);
      append_address (setup, server, server->alternate);
    }
  return g_string_free (setup, FALSE);
}

static void
append_silence (GString *rules, const LabServer *server, const char *address)
{
  g_string_append_printf (rules, "%s daddr %s drop\n",
                          server->family == G_SOCKET_FAMILY_IPV6 ? "ip6" : "ip", address);
}

char *
_lab_servers_get_rules (GPtrArray *servers)
{
  g_autoptr (GString) rules = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];

      if (server->role == LAB_SERVER_SILENT)
        append_silence (rules, server, server->address);
      if (server->role == LAB_SERVER_SILENT || server->role == LAB_SERVER_DEAD_ALTERNATE)
        append_silence (rules, server, server->alternate);
    }
  if (rules->len == 0)
    return g_strdup ("");
  return g_strdup_printf ("table inet silent { chain in {"
                          " type filter hook input priority filter;\n%s}\n}\n",
                          rules->str);
}

char *
_lab_servers_to_string (GPtrArray *servers, gboolean ipv4, gboolean ipv6)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      const LabServer *server = servers->pdata[i];
      gboolean         is_ipv6 = server->family == G_SOCKET_FAMILY_IPV6;

      if (is_ipv6 ? ipv6 : ipv4)
        g_string_append_printf (text, is_ipv6 ? "%s[%s]:%u" : "%s%s:%u", text->len > 0 ? "," : "",
                                server->address, LAB_SERVER_PORT);
    }
  return g_string_free (text, FALSE);
}
