/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

/* As a Python plugin does that raises an exception. */
static gboolean
is_supported (AionetProvider *self, GError **error)
{
  return FALSE;
}

MUSEUM_BACKEND (MuseumRefuses, museum_refuses, NULL, is_supported)

static const AionetPluginProvider providers[] = { { museum_refuses_get_type, 1000 }, { NULL } };

AIONET_PLUGIN_DEFINE (
    refuses, "refuses", "1.0", "Does not work and does not say why", "LGPL-2.1-or-later", providers)
