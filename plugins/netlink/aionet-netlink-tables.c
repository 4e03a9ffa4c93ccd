/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-tables.h"

AionetNetlinkTables *
aionet_netlink_tables_new (void)
{
  AionetNetlinkTables *self = g_new0 (AionetNetlinkTables, 1);

  self->links = g_array_new (FALSE, FALSE, sizeof (AionetNetlinkLink));
  self->addresses = g_array_new (FALSE, FALSE, sizeof (AionetNetlinkAddress));
  self->routes = g_array_new (FALSE, FALSE, sizeof (AionetNetlinkRoute));
  self->rules = g_array_new (FALSE, FALSE, sizeof (AionetNetlinkRule));
  return self;
}

void
aionet_netlink_tables_free (AionetNetlinkTables *self)
{
  g_array_unref (self->links);
  g_array_unref (self->addresses);
  g_array_unref (self->routes);
  g_array_unref (self->rules);
  g_free (self);
}

void
aionet_netlink_tables_clear (AionetNetlinkTables *self)
{
  g_array_set_size (self->links, 0);
  g_array_set_size (self->addresses, 0);
  g_array_set_size (self->routes, 0);
  g_array_set_size (self->rules, 0);
  self->has_rules[0] = FALSE;
  self->has_rules[1] = FALSE;
  self->n_messages = 0;
  self->n_malformed = 0;
  self->n_strays = 0;
}
