/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "../museum.h"

static void
begin (AionetAddressBackend *self, AionetRequest *request)
{
  g_autoptr (GListModel) links = museum_links ("duplicate0");

  aionet_request_complete (request, G_OBJECT (links));
}

/* The type has the name of the first one's, too. */
MUSEUM_BACKEND (MuseumGood, museum_good, begin, NULL)

static const AionetPluginProvider providers[] = { { museum_good_get_type, -10 }, { NULL } };

AIONET_PLUGIN_DEFINE (
    good, "good", "6.6", "Has the name of another plugin", "LGPL-2.1-or-later", providers)
