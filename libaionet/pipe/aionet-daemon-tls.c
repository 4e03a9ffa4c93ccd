/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-daemon-private.h"

#include "pipe/aionet-pipe-tls.h"

/* UDP beside TLS would be in the clear without a word. */
gboolean
_aionet_daemon_check_tls (AionetDaemon *self, GPtrArray *places, GError **error)
{
  if (_aionet_daemon_get_private (self)->tls_certificate == NULL)
    return TRUE;
  for (guint i = 0; i < places->len; i++)
    if (((AionetListenPlace *) places->pdata[i])->protocol != G_SOCKET_PROTOCOL_TCP)
      {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                             "A daemon with a TLS certificate can listen on TCP only");
        return FALSE;
      }
  return TRUE;
}

void
_aionet_daemon_secure (AionetDaemon *self, AionetPipe *listener)
{
  GTlsCertificate *certificate = _aionet_daemon_get_private (self)->tls_certificate;

  if (certificate == NULL)
    return;
  aionet_pipe_set_tls_certificate (listener, certificate);
  aionet_pipe_set_tls (listener, TRUE);
}

/**
 * aionet_daemon_get_tls_certificate: (get-property tls-certificate)
 * @self: a daemon
 *
 * Gets the certificate that TCP clients are shown.
 *
 * Returns: (transfer none) (nullable): the certificate, or %NULL without TLS
 *
 * Since: 0.1
 */
GTlsCertificate *
aionet_daemon_get_tls_certificate (AionetDaemon *self)
{
  g_return_val_if_fail (AIONET_IS_DAEMON (self), NULL);

  return _aionet_daemon_get_private (self)->tls_certificate;
}

/**
 * aionet_daemon_set_tls_certificate: (set-property tls-certificate)
 * @self: a daemon
 * @certificate: (transfer none) (nullable): a certificate with its private key, or %NULL
 *
 * Sets the certificate that TCP clients are shown; %NULL for no TLS.
 *
 * To be called before the daemon listens.
 *
 * Since: 0.1
 */
void
aionet_daemon_set_tls_certificate (AionetDaemon *self, GTlsCertificate *certificate)
{
  AionetDaemonPrivate *priv;

  g_return_if_fail (AIONET_IS_DAEMON (self));
  g_return_if_fail (certificate == NULL || G_IS_TLS_CERTIFICATE (certificate));
  priv = _aionet_daemon_get_private (self);
  g_return_if_fail (priv->threads->len == 0);
  g_return_if_fail (g_list_model_get_n_items (G_LIST_MODEL (priv->listeners)) == 0);

  if (g_set_object (&priv->tls_certificate, certificate))
    g_object_notify (G_OBJECT (self), "tls-certificate");
}
