/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-complete-values.h"

#include "aionet-host-options.h"
#include "aionet-interface-text.h"
#include "aionet-output.h"
#ifdef HAVE_LAB
#include "lab/lab-scenario.h"
#endif

#include <stdio.h>
#include <string.h>

/* Words that no shell splits, expands or runs: an interface can be called "$(halt)". */
#define SAFE G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.:,/=@%+[]"

void
_completion_add (const Completion *self, const char *text, const char *about)
{
  g_autofree char *word = g_strdup_printf ("%.*s%s", (int) self->skip, self->prefix, text);
  g_autofree char *line = g_strdup (about != NULL ? about : "");

  if (text[strspn (text, SAFE)] != '\0' || !g_str_has_prefix (word, self->prefix))
    return;
  g_print ("%s\t%s\n", word, g_strdelimit (line, "\t\r\n", ' '));
}

void
_completion_end (const Completion *self)
{
  if (self->command_at != 0)
    g_print (":command %d\n", self->command_at);
  else
    g_print (":%s\n", self->wants_files ? "files" : self->wants_commands ? "commands" : "done");
}

/* ------------------------------------------------------------------ interfaces and addresses */

/* (transfer full) (nullable): a shell is not the place for what is wrong with it */
static GListModel *
list_interfaces (const Completion *self)
{
  g_auto (HostOptions) options = { .backend = g_strdup (self->backend) };
  g_autoptr (AionetHost) host = NULL;
  int status;

  host = _host_options_make_host (&options, "aionet", &status);
  if (host == NULL || !_host_refresh (host, &status))
    return NULL;
  return G_LIST_MODEL (g_steal_pointer (&host));
}

static void
for_each_interface (Completion *self, void (*func) (Completion *self, AionetInterface *nic))
{
  g_autoptr (GListModel) interfaces = list_interfaces (self);

  for (guint i = 0; interfaces != NULL && i < g_list_model_get_n_items (interfaces); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (interfaces, i);

      func (self, nic);
    }
}

static void
add_interface (Completion *self, AionetInterface *nic)
{
  g_autofree char *addresses = _text_of_addresses (nic);
  g_autofree char *about = g_strdup_printf ("%s, %s", _text_of_kind (nic), addresses);

  _completion_add (self, aionet_interface_get_name (nic), about);
}

static gboolean
has_family (AionetInterface *nic, GSocketFamily family)
{
  GListModel *ranges = aionet_interface_get_addresses (nic);

  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);

      if (aionet_ip_range_get_family (range) == family)
        return TRUE;
    }
  return FALSE;
}

/* How many external addresses there are only servers could tell, and none is asked here. */
static void
add_routes (Completion *self, AionetInterface *nic)
{
  const char      *name = aionet_interface_get_name (nic);
  g_autofree char *v4 = g_strdup_printf ("%s/4", name);
  g_autofree char *v6 = g_strdup_printf ("%s/6", name);

  add_interface (self, nic);
  if (has_family (nic, G_SOCKET_FAMILY_IPV4))
    _completion_add (self, v4, "its first external IPv4 address");
  if (has_family (nic, G_SOCKET_FAMILY_IPV6))
    _completion_add (self, v6, "its first external IPv6 address");
}

static void
add_addresses (Completion *self, AionetInterface *nic)
{
  GListModel *ranges = aionet_interface_get_addresses (nic);

  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      g_autofree char *address = g_inet_address_to_string (aionet_ip_range_get_address (range));

      _completion_add (self, address, aionet_interface_get_name (nic));
    }
}

static void
add_all_interfaces (Completion *self)
{
  for_each_interface (self, add_interface);
}

static void
add_all_routes (Completion *self)
{
  _completion_add (self, "default", "the way the system prefers; no server is asked");
  for_each_interface (self, add_routes);
}

static void
add_all_addresses (Completion *self)
{
  for_each_interface (self, add_addresses);
}

static void
add_addresses_and_interfaces (Completion *self)
{
  for_each_interface (self, add_addresses);
  for_each_interface (self, add_interface);
}

/* ------------------------------------------------------------------ the rest */

static void
add_plugins (Completion *self, GType type)
{
  GListModel *infos = G_LIST_MODEL (aionet_registry_get_default ());

  for (guint i = 0; i < g_list_model_get_n_items (infos); i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (infos, i);

      if (g_type_is_a (aionet_plugin_info_get_provider_type (info), type))
        _completion_add (self, aionet_plugin_info_get_name (info),
                         aionet_plugin_info_get_description (info));
    }
}

static void
add_backends (Completion *self)
{
  add_plugins (self, AIONET_TYPE_ADDRESS_BACKEND);
}

static void
add_providers (Completion *self)
{
  add_plugins (self, AIONET_TYPE_STUN_PROVIDER);
}

static void
add_servers (Completion *self)
{
  g_autoptr (AionetHost) host = aionet_host_new ();
  const char *const *servers = aionet_host_get_stun_servers (host);

  for (; servers != NULL && *servers != NULL; servers++)
    _completion_add (self, *servers, "STUN server");
}

static void
add_networks_with (Completion *self, const char *suffix)
{
#ifdef HAVE_LAB
  for (const LabScenario *scenario = LAB_SCENARIOS; scenario->name != NULL; scenario++)
    {
      g_autofree char *name = g_strconcat (scenario->name, suffix, NULL);

      _completion_add (self, name, scenario->summary);
    }
#endif
}

static void
add_networks (Completion *self)
{
  add_networks_with (self, "");
}

static void
add_networks_of_peers (Completion *self)
{
  add_networks_with (self, ":");
}

static void
add_protocols (Completion *self)
{
  _completion_add (self, "tcp:", "TCP");
  _completion_add (self, "udp:", "UDP");
}

static void
add_inner_protocols (Completion *self)
{
  _completion_add (self, "h2", "HTTP/2");
  _completion_add (self, "http/1.1", "HTTP/1.1");
}

static void
want_files (Completion *self)
{
  self->wants_files = TRUE;
}

static void
want_commands (Completion *self)
{
  self->wants_commands = TRUE;
}

/* NULL: nothing can be said. */
static const struct
{
  const char *what;
  void (*add) (Completion *self);
} VALUES[] = {
  { "ADDRESS", add_all_addresses },
  { "ADDRESS[,…]", add_all_addresses },
  { "ADDRESS[:PORT]", NULL },
  { "ADDRESS|NIC", add_addresses_and_interfaces },
  { "BACKEND", add_backends },
  { "CODE", NULL },
  { "COMMAND LINE", want_commands },
  { "FILE", want_files },
  { "HOST:PORT", NULL },
  { "LISTEN", add_protocols },
  { "MS", NULL },
  { "N", NULL },
  { "NAME", NULL },
  { "NETWORK", add_networks },
  { "NETWORK:COMMAND LINE", add_networks_of_peers },
  { "NIC", add_all_interfaces },
  { "NIC[/FAMILY[/INDEX]]", add_all_routes },
  { "NUMBER", NULL },
  { "PERCENT", NULL },
  { "PORT", NULL },
  { "PROTOCOL", add_inner_protocols },
  { "PROVIDER", add_providers },
  { "SECONDS", NULL },
  { "SERVER[:PORT]", add_servers },
  { "TARGET", add_protocols },
};

/* "tcp|udp": such words stand for themselves. */
static gboolean
add_alternatives (const Completion *self, const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, "|", -1);

  if (words[1] == NULL || !g_ascii_islower (what[0]))
    return FALSE;
  for (char **word = words; *word != NULL; word++)
    _completion_add (self, *word, NULL);
  return TRUE;
}

void
_completion_add_values (Completion *self, const char *what)
{
  if (add_alternatives (self, what))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (VALUES); i++)
    if (g_str_equal (what, VALUES[i].what))
      {
        if (VALUES[i].add != NULL)
          VALUES[i].add (self);
        return;
      }
  _output_tell ("aionet: nobody has said how to complete “%s”\n", what);
}
