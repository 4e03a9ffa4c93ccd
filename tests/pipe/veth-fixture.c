/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "veth-fixture.h"

#include <net/if.h>

#include "../plugins/netns.h"

gboolean
veth_enter (void)
{
  g_autofree char *reason = NULL;

  if (!netns_enter (&reason))
    {
      g_print ("1..0 # SKIP %s\n", reason);
      return FALSE;
    }
  if (!netns_try ("ip link add veth0 type veth peer name veth1") ||
      !netns_try ("ip link set veth0 addrgenmode none") ||
      !netns_try ("ip address add " VETH_LINK_LOCAL "/64 dev veth0 nodad"))
    {
      g_print ("1..0 # SKIP no veth links with IPv6 here\n");
      return FALSE;
    }
  netns_run ("ip address add " VETH_PUBLIC_IPV6 "/64 dev veth0 nodad");
  netns_run ("ip address add " VETH_IPV4 "/24 dev veth0");
  netns_run ("ip address add " VETH_PUBLIC_IPV4 "/24 dev veth0");
  netns_run ("ip link set veth0 up");
  return TRUE;
}

AionetInterface *
veth_interface (void)
{
  g_autofree char *text = g_strdup_printf (
      "{\"name\": \"veth0\", \"index\": %u, \"is_default\": {\"2\": true, \"10\": true},"
      "\"rp\": {\"10\": [{\"af\": 10,"
      "\"nic_ips\": [{\"ip\": \"" VETH_LINK_LOCAL "\", \"cidr\": 128, \"af\": 10}],"
      "\"ext_ips\": [{\"ip\": \"" VETH_PUBLIC_IPV6 "\", \"cidr\": 128, \"af\": 10}]}]},"
      "\"addresses\": [{\"ip\": \"" VETH_IPV4 "\", \"cidr\": 24, \"af\": 2},"
      "{\"ip\": \"" VETH_PUBLIC_IPV4 "\", \"cidr\": 24, \"af\": 2}],"
      "\"link_local_ips\": [{\"ip\": \"" VETH_LINK_LOCAL "\", \"cidr\": 64, \"af\": 10}]}",
      if_nametoindex ("veth0"));
  g_autoptr (GError) error = NULL;
  AionetInterface *nic = aionet_interface_new_from_json_string (text, &error);

  g_assert_no_error (error);
  return nic;
}
