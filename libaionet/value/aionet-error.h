/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_ERROR (aionet_error_quark ())

/**
 * AionetError:
 * @AIONET_ERROR_INVALID_ADDRESS: text is not an address, range, prefix or target
 * @AIONET_ERROR_INVALID_JSON: text is not JSON, not of the expected form, too deep or too large
 * @AIONET_ERROR_INVALID_ROUTE: ranges that cannot form a route
 * @AIONET_ERROR_UNSUPPORTED_FAMILY: an address family that the object or host does not have
 * @AIONET_ERROR_NO_ROUTE: the interface has no route of that family
 * @AIONET_ERROR_NO_INTERFACE: no interface of that name, or none preferred by the system
 * @AIONET_ERROR_NO_PROVIDER: no plugin provides what was asked for
 * @AIONET_ERROR_PROVIDER_DROPPED: a provider let go of a request without answering it
 * @AIONET_ERROR_PROVIDER_MISBEHAVED: a provider answered something else than its kind promises
 * @AIONET_ERROR_STUN_FAILED: the STUN exchange ended without a usable mapping
 * @AIONET_ERROR_NAT_UNKNOWN: the observations do not allow a verdict on the NAT
 * @AIONET_ERROR_CLOSED: the pipe, subscription or daemon is closed
 * @AIONET_ERROR_BUSY: the object already runs an operation that allows no second one
 * @AIONET_ERROR_PLUGIN_INVALID: a module that is no valid plugin, or is not to be trusted
 * @AIONET_ERROR_PLUGIN_ABI: a plugin made for another binary interface
 *
 * Errors that libaionet reports beside those of [error@Gio.IOErrorEnum].
 *
 * Sockets, time-outs and cancellation keep their `G_IO_ERROR` codes.
 *
 * Since: 0.1
 */
typedef enum
{
  AIONET_ERROR_INVALID_ADDRESS,
  AIONET_ERROR_INVALID_JSON,
  AIONET_ERROR_INVALID_ROUTE,
  AIONET_ERROR_UNSUPPORTED_FAMILY,
  AIONET_ERROR_NO_ROUTE,
  AIONET_ERROR_NO_INTERFACE,
  AIONET_ERROR_NO_PROVIDER,
  AIONET_ERROR_PROVIDER_DROPPED,
  AIONET_ERROR_PROVIDER_MISBEHAVED,
  AIONET_ERROR_STUN_FAILED,
  AIONET_ERROR_NAT_UNKNOWN,
  AIONET_ERROR_CLOSED,
  AIONET_ERROR_BUSY,
  AIONET_ERROR_PLUGIN_INVALID,
  AIONET_ERROR_PLUGIN_ABI,
} AionetError;

AIONET_AVAILABLE_IN_0_1
GQuark aionet_error_quark (void);

G_END_DECLS
