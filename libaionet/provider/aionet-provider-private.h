/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-provider.h"

G_BEGIN_DECLS

/* A kind of provider: an abstract class right under AionetProvider. Kinds describe themselves, so
 * that the registry needs to know none of them. */
typedef struct
{
  const char *name;        /* for people and JSON: "address-backend" */
  const char *environment; /* the variable that names the provider to use */
} AionetProviderKind;

/* To be called in the type macro of a kind; kind is static. */
void _aionet_provider_kind_register (GType type, const AionetProviderKind *kind);

/* The kind that type is or derives from, and what it says of itself. Returns: G_TYPE_INVALID if it
 * is of no kind. */
GType _aionet_provider_type_get_kind (GType type, const AionetProviderKind **kind);

/* The registry names what it makes. */
void _aionet_provider_set_name (AionetProvider *self, const char *name);

/* The count of answers that came after their request had ended. Apart from the provider, so that
 * another thread can count without holding the provider itself.
 * Returns: (transfer full), for g_atomic_rc_box_release () */
int *_aionet_provider_dup_late_counter (AionetProvider *self);

G_END_DECLS
