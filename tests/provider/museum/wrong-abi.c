/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

/* What a plugin of a later generation exports. It must not be called. */
G_MODULE_EXPORT const void *aionet_plugin_2_wrong_abi_describe (void);

const void *
aionet_plugin_2_wrong_abi_describe (void)
{
  g_error ("A function of a foreign binary interface was called");
}
