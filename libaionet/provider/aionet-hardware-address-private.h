/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `AA:BB:CC:dd:e:f`, `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff`, `aabbccddeeff` -> lower case with
 * colons and two digits an octet. Returns: (transfer full) (nullable): NULL for anything else. */
char *_aionet_hardware_address_normalize (const char *text);

G_END_DECLS
