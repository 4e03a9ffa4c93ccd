/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-error.h"

/* clang-format takes the name for a subtraction, and the text that bindings go by has no spaces. */
/* clang-format off */
/**
 * aionet_error_quark:
 *
 * Gets the domain of [error@Aionet.Error].
 *
 * Returns: the quark behind `AIONET_ERROR`
 *
 * Since: 0.1
 */
G_DEFINE_QUARK (aionet-error-quark, aionet_error)
/* clang-format on */
