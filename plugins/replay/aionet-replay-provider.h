/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

#define AIONET_TYPE_REPLAY_PROVIDER (aionet_replay_provider_get_type ())

G_DECLARE_FINAL_TYPE (
    AionetReplayProvider, aionet_replay_provider, AIONET, REPLAY_PROVIDER, AionetStunProvider)

G_END_DECLS
