/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "value/aionet-address-bits-private.h"
#include "value/aionet-address-text.h"

G_BEGIN_DECLS

/* What `ADDRESS[%SCOPE][/PREFIX]` says; a prefix is a number, a netmask, or a netmask and the
 * number that it amounts to. */
typedef struct
{
  AionetAddressBits bits;
  GSocketFamily     family;
  guint             prefix_length; /* the whole address when the text has no prefix */
  char             *scope_name;    /* (owned) (nullable) */
} AionetAddressText;

/* Fails with AIONET_ERROR_INVALID_ADDRESS, and leaves nothing to clear then. */
gboolean _aionet_address_text_parse (const char *text, AionetAddressText *parsed, GError **error);
void     _aionet_address_text_clear (AionetAddressText *parsed);

/* A bare address, nothing before or after it. */
gboolean
_aionet_address_bits_parse (const char *text, AionetAddressBits *bits, GSocketFamily *family);

/* Whether a name survives being written behind a `%` and read again. */
gboolean _aionet_scope_name_is_valid (const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AionetAddressText, _aionet_address_text_clear)

G_END_DECLS
