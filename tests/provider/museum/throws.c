/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

static gboolean
is_supported (AionetProvider *self, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "The moon is in the wrong phase");
  return FALSE;
}

MUSEUM_BACKEND (MuseumThrows, museum_throws, NULL, is_supported)

/* It would be the first choice. */
static const AionetPluginProvider providers[] = { { museum_throws_get_type, 1001 }, { NULL } };

AIONET_PLUGIN_DEFINE (
    throws, "throws", "1.0", "Does not work anywhere", "LGPL-2.1-or-later", providers)
