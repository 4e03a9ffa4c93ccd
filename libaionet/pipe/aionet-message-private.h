/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-message.h"

G_BEGIN_DECLS

/* bytes: (transfer full); sender: (transfer none) (nullable) */
AionetMessage *_aionet_message_new_take (GBytes *bytes, GSocketAddress *sender);

G_END_DECLS
