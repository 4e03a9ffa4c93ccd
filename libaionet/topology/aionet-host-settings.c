/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-host.h"

#include "topology/aionet-host-private.h"
#include "topology/aionet-server-list-private.h"

/* The part of AionetHost that holds what loads go by. */

/**
 * aionet_host_get_stun_servers: (get-property stun-servers)
 * @self: the host
 *
 * Gets the STUN servers that loads ask: those that were set, else those of `AIONET_STUN_SERVERS`,
 * else those that the STUN provider has of its own, else those of the user's own
 * `aionet/stun-servers.json` in the configuration directory, else the public ones that come with
 * the library.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): `host:port` or `[v6]:port` each,
 *   valid until the next call; %NULL when the configuration cannot be read, which a load then tells
 *
 * Since: 0.1
 */
const char *const *
aionet_host_get_stun_servers (AionetHost *self)
{
  AionetHostSettings *settings;
  g_autoptr (GPtrArray) servers = NULL;

  g_return_val_if_fail (AIONET_IS_HOST (self), NULL);

  settings = _aionet_host_get_settings (self);
  if (settings->stun_servers != NULL)
    return (const char *const *) settings->stun_servers;
  g_clear_pointer (&settings->shown_servers, g_strfreev);
  servers = _aionet_server_list_new_configured (aionet_host_get_stun_provider (self, NULL), NULL);
  if (servers != NULL)
    settings->shown_servers = _aionet_server_list_to_strv (servers);
  return (const char *const *) settings->shown_servers;
}

/**
 * aionet_host_set_stun_servers: (set-property stun-servers)
 * @self: the host
 * @servers: (nullable) (array zero-terminated=1) (transfer none): `host:port` or `[v6]:port` each,
 *   both families in one list, port 3478 where none is given; %NULL for the configured ones
 *
 * Sets the STUN servers to ask. A text that is no server fails the next load, which quotes it.
 *
 * Since: 0.1
 */
void
aionet_host_set_stun_servers (AionetHost *self, const char *const *servers)
{
  AionetHostSettings *settings;

  g_return_if_fail (AIONET_IS_HOST (self));

  settings = _aionet_host_get_settings (self);
  if (servers == NULL && settings->stun_servers == NULL)
    return;
  if (servers != NULL && settings->stun_servers != NULL &&
      g_strv_equal (servers, (const char *const *) settings->stun_servers))
    return;
  g_strfreev (settings->stun_servers);
  settings->stun_servers = g_strdupv ((char **) servers);
  _aionet_host_notify (self, AIONET_HOST_PROP_STUN_SERVERS);
}

GPtrArray *
_aionet_host_dup_servers (AionetHost *self, GError **error)
{
  AionetHostSettings *settings = _aionet_host_get_settings (self);

  if (settings->stun_servers == NULL)
    return _aionet_server_list_new_configured (aionet_host_get_stun_provider (self, NULL), error);
  return _aionet_server_list_new_from_strv ((const char *const *) settings->stun_servers, error);
}

/**
 * aionet_host_get_min_agree: (get-property min-agree)
 * @self: the host
 *
 * Gets how many STUN servers on distinct networks (IPv4 /24, IPv6 /48) must agree on an external
 * address.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
aionet_host_get_min_agree (AionetHost *self)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), 0);

  return _aionet_host_get_settings (self)->min_agree;
}

/**
 * aionet_host_set_min_agree: (set-property min-agree)
 * @self: the host
 * @min_agree: number of servers, 1 to 64
 *
 * Sets how many STUN servers on distinct networks must agree. With fewer servers configured, all
 * must agree, and routes say that they are not confirmed.
 *
 * Since: 0.1
 */
void
aionet_host_set_min_agree (AionetHost *self, guint min_agree)
{
  AionetHostSettings *settings;

  g_return_if_fail (AIONET_IS_HOST (self));
  g_return_if_fail (min_agree >= 1 && min_agree <= AIONET_SERVER_LIST_MAX);

  settings = _aionet_host_get_settings (self);
  if (settings->min_agree == min_agree)
    return;
  settings->min_agree = min_agree;
  _aionet_host_notify (self, AIONET_HOST_PROP_MIN_AGREE);
}

/**
 * aionet_host_get_timeout: (get-property timeout)
 * @self: the host
 *
 * Gets how long a load may take, in milliseconds.
 *
 * Returns: the time in milliseconds
 *
 * Since: 0.1
 */
guint
aionet_host_get_timeout (AionetHost *self)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), 0);

  return _aionet_host_get_settings (self)->timeout_ms;
}

/**
 * aionet_host_set_timeout: (set-property timeout)
 * @self: the host
 * @timeout_ms: the time in milliseconds, at least 1 and at most an hour
 *
 * Sets how long a load may take, of all interfaces together.
 *
 * Since: 0.1
 */
void
aionet_host_set_timeout (AionetHost *self, guint timeout_ms)
{
  AionetHostSettings *settings;

  g_return_if_fail (AIONET_IS_HOST (self));
  g_return_if_fail (timeout_ms >= 1 && timeout_ms <= AIONET_HOST_MAX_TIMEOUT_MS);

  settings = _aionet_host_get_settings (self);
  if (settings->timeout_ms == timeout_ms)
    return;
  settings->timeout_ms = timeout_ms;
  _aionet_host_notify (self, AIONET_HOST_PROP_TIMEOUT);
}

/**
 * aionet_host_get_allow_private: (get-property allow-private)
 * @self: the host
 *
 * Tells whether an external address may be one that is not globally reachable.
 *
 * Returns: %TRUE when it may
 *
 * Since: 0.1
 */
gboolean
aionet_host_get_allow_private (AionetHost *self)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), FALSE);

  return _aionet_host_get_settings (self)->allow_private;
}

/**
 * aionet_host_set_allow_private: (set-property allow-private)
 * @self: the host
 * @allow_private: %TRUE to accept private addresses
 *
 * Sets whether an external address may be one that is not globally reachable, as behind two NATs.
 *
 * Since: 0.1
 */
void
aionet_host_set_allow_private (AionetHost *self, gboolean allow_private)
{
  AionetHostSettings *settings;

  g_return_if_fail (AIONET_IS_HOST (self));

  settings = _aionet_host_get_settings (self);
  allow_private = !!allow_private;
  if (settings->allow_private == allow_private)
    return;
  settings->allow_private = allow_private;
  _aionet_host_notify (self, AIONET_HOST_PROP_ALLOW_PRIVATE);
}
