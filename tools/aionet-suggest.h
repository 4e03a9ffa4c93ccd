/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The candidate that somebody who typed word may have meant, or NULL if none is near enough. */
const char *_suggest_nearest (const char *word, const char *const *candidates);

G_END_DECLS
