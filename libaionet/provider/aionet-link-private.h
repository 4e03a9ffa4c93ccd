/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-link.h"

G_BEGIN_DECLS

/* From now on the link is immutable; attempts to change it are criticals. */
void _aionet_link_seal (AionetLink *self);

G_END_DECLS
