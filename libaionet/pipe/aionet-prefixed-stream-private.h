/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stream of which some bytes were read already: they come first. Returns: (transfer full) */
GIOStream *_aionet_prefixed_stream_new (GIOStream *base, GBytes *prefix);

G_END_DECLS
