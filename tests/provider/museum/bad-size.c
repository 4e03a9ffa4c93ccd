/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

G_MODULE_EXPORT const AionetPluginDescriptor *AIONET_PLUGIN_SYMBOL (bad_size) (void);

/* No more than abi and size is there; the rest must not be read. */
const AionetPluginDescriptor *
AIONET_PLUGIN_SYMBOL (bad_size) (void)
{
  static const struct
  {
    guint abi;
    gsize size;
  } head = { AIONET_PLUGIN_ABI, sizeof head };

  return (const AionetPluginDescriptor *) &head;
}
