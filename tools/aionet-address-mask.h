/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Other addresses for those of a host. What its routes depend on stays: the family; what kind of
 * address it is (public, 10/8, link-local …); which addresses share a network, of whatever length;
 * zero host bits, which make a block, and the first address of a block. Loopback and unspecified
 * addresses stay as they are. Pure but for the key, which is random. */
typedef struct _AddressMask AddressMask;

AddressMask                *_address_mask_new (void);
void                        _address_mask_free (AddressMask *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AddressMask, _address_mask_free)

/* length: of the network that the address is in; that of the address where none is known */
void _address_mask_add (AddressMask *self, GInetAddress *address, guint length);
/* Finds a key with which all of the above holds. */
gboolean _address_mask_prepare (AddressMask *self, GError **error);
/* Returns: (transfer full): address need not have been added */
GInetAddress *_address_mask_map (AddressMask *self, GInetAddress *address);

G_END_DECLS
