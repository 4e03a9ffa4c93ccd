/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

#define AIONET_NICE_TYPE_PROVIDER (aionet_nice_provider_get_type ())

G_DECLARE_FINAL_TYPE (
    AionetNiceProvider, aionet_nice_provider, AIONET_NICE, PROVIDER, AionetStunProvider)

G_END_DECLS
