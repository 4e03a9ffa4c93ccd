/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

MUSEUM_BACKEND (MuseumWrongName, museum_wrong_name, NULL, NULL)

static const AionetPluginProvider providers[] = { { museum_wrong_name_get_type, 0 }, { NULL } };

AIONET_PLUGIN_DEFINE (wrong_name,
                      "right-name",
                      "1.0",
                      "Calls itself something else than its file",
                      "LGPL-2.1-or-later",
                      providers)
