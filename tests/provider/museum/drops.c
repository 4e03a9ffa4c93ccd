/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

static void
begin (AionetAddressBackend *self, AionetRequest *request)
{
}

MUSEUM_BACKEND (MuseumDrops, museum_drops, begin, NULL)

static const AionetPluginProvider providers[] = { { museum_drops_get_type, -20 }, { NULL } };

AIONET_PLUGIN_DEFINE (
    drops, "drops", "1.0", "Lets go of requests at once", "LGPL-2.1-or-later", providers)
