/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

#define AIONET_TYPE_REPLAY_BACKEND (aionet_replay_backend_get_type ())

G_DECLARE_FINAL_TYPE (
    AionetReplayBackend, aionet_replay_backend, AIONET, REPLAY_BACKEND, AionetAddressBackend)

G_END_DECLS
