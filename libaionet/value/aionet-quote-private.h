/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text from outside as an error message may show it: in quotation marks, at most 64 bytes of it,
 * valid UTF-8, nothing that moves a terminal's cursor. Takes NULL. */
char *_aionet_quote (const char *text);

G_END_DECLS
