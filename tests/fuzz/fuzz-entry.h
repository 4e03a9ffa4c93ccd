/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <stddef.h>
#include <stdint.h>

/* Called by libFuzzer, or by replay-corpus.c, once for each input. Must not keep anything. Returns
 * 0; a fault is an abort: of g_assert_*, or of a sanitizer. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
