/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-tls.h"

#include "engine/aionet-compat-private.h"
#include "pipe/aionet-pipe-tls-private.h"

static GParamSpec *props[AIONET_N_TLS_PROPERTIES];

/* What a pipe without TLS answers. */
static const AionetPipeTls none = { .validation_flags = G_TLS_CERTIFICATE_VALIDATE_ALL };

static const AionetPipeTls *
peek_tls (AionetPipe *self)
{
  return self->tls != NULL ? self->tls : &none;
}

static AionetPipeTls *
ensure_tls (AionetPipe *self)
{
  if (self->tls == NULL)
    {
      self->tls = g_new (AionetPipeTls, 1);
      *self->tls = none;
    }
  return self->tls;
}

gboolean
_aionet_pipe_wants_tls (AionetPipe *self)
{
  return peek_tls (self)->enabled;
}

void
_aionet_pipe_inherit_tls (AionetPipe *self, AionetPipe *server)
{
  const AionetPipeTls *from = server->tls;
  AionetPipeTls       *tls;

  if (from == NULL || !from->enabled)
    return;
  tls = ensure_tls (self);
  tls->enabled = TRUE;
  g_set_object (&tls->certificate, from->certificate);
  g_set_object (&tls->database, from->database);
  tls->validation_flags = from->validation_flags;
  tls->authentication_mode = from->authentication_mode;
  tls->alpn = g_strdupv (from->alpn);
}

void
_aionet_pipe_clear_tls (AionetPipe *self)
{
  AionetPipeTls *tls = g_steal_pointer (&self->tls);

  if (tls == NULL)
    return;
  g_clear_object (&tls->certificate);
  g_clear_object (&tls->database);
  g_clear_object (&tls->peer_certificate);
  g_clear_error (&tls->write_error);
  g_strfreev (tls->alpn);
  g_free (tls->server_name);
  g_free (tls->protocol);
  g_free (tls);
}

static void
install_settings (void)
{
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * AionetPipe:tls: (getter get_tls)
   *
   * Whether the pipe speaks TLS (RFC 8446); %FALSE unless set. TCP only. Set it before the pipe
   * is opened: opening then includes the handshake, within [property@Pipe:connect-timeout-ms].
   * On a TCP server it holds for the clients that connect from then on: they are handed out once
   * they are secure. All else works as on a pipe without: what is sent and received is encrypted
   * on the way, closing says so to the peer, and a connection that is cut off without the peer’s
   * word ends with %G_TLS_ERROR_EOF in [signal@Pipe::closed].
   *
   * Since: 0.1
   */
  props[AIONET_TLS_ENABLED] = g_param_spec_boolean ("tls", NULL, NULL, FALSE, writable);

  /**
   * AionetPipe:tls-certificate: (getter get_tls_certificate)
   *
   * The certificate this side shows, with its private key: required of a server, of a client
   * only if the server asks for one.
   *
   * Since: 0.1
   */
  props[AIONET_TLS_CERTIFICATE] =
      g_param_spec_object ("tls-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, writable);

  /**
   * AionetPipe:tls-database: (getter get_tls_database)
   *
   * The authorities that are trusted to vouch for the peer, or %NULL, unless set, for those of
   * the system.
   *
   * Since: 0.1
   */
  props[AIONET_TLS_DATABASE] =
      g_param_spec_object ("tls-database", NULL, NULL, G_TYPE_TLS_DATABASE, writable);

  /**
   * AionetPipe:tls-validation-flags: (getter get_tls_validation_flags)
   *
   * Which faults of the peer’s certificate end the handshake; all of them, unless set. Whoever
   * leaves one out accepts any certificate with that fault, from anybody on the way, too: check
   * [property@Pipe:tls-peer-certificate] then.
   *
   * Since: 0.1
   */
  props[AIONET_TLS_VALIDATION_FLAGS] =
      g_param_spec_flags ("tls-validation-flags", NULL, NULL, G_TYPE_TLS_CERTIFICATE_FLAGS,
                          G_TLS_CERTIFICATE_VALIDATE_ALL, writable);

  /**
   * AionetPipe:tls-authentication-mode: (getter get_tls_authentication_mode)
   *
   * Whether a server asks its clients for certificates; %G_TLS_AUTHENTICATION_NONE unless set.
   * They are judged by [property@Pipe:tls-database] and [property@Pipe:tls-validation-flags].
   *
   * Since: 0.1
   */
  props[AIONET_TLS_AUTHENTICATION_MODE] =
      g_param_spec_enum ("tls-authentication-mode", NULL, NULL, G_TYPE_TLS_AUTHENTICATION_MODE,
                         G_TLS_AUTHENTICATION_NONE, writable);

  /**
   * AionetPipe:tls-alpn: (getter get_tls_alpn)
   *
   * The application protocols to offer, best first (RFC 7301), such as `h2` and `http/1.1`, or
   * %NULL, unless set, for none. See [property@Pipe:tls-negotiated-protocol].
   *
   * Since: 0.1
   */
  props[AIONET_TLS_ALPN] = g_param_spec_boxed ("tls-alpn", NULL, NULL, G_TYPE_STRV, writable);

  /**
   * AionetPipe:tls-server-name: (getter get_tls_server_name)
   *
   * The host name that the certificate of the server has to be for, and that is told to the
   * server (SNI, RFC 6066); %NULL, unless set, for the host of the target.
   *
   * Since: 0.1
   */
  props[AIONET_TLS_SERVER_NAME] =
      g_param_spec_string ("tls-server-name", NULL, NULL, NULL, writable);
}

static void
install_results (void)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * AionetPipe:tls-negotiated-protocol: (getter get_tls_negotiated_protocol)
   *
   * The one of [property@Pipe:tls-alpn] that both sides agreed on, or %NULL. It is known once
   * the pipe is open. Changes are not notified.
   *
   * Since: 0.1
   */
  props[AIONET_TLS_NEGOTIATED_PROTOCOL] =
      g_param_spec_string ("tls-negotiated-protocol", NULL, NULL, NULL, readable);

  /**
   * AionetPipe:tls-peer-certificate: (getter get_tls_peer_certificate)
   *
   * The certificate the peer showed, or %NULL. It is known once the pipe is open, and still when
   * it is closed. Changes are not notified.
   *
   * Since: 0.1
   */
  props[AIONET_TLS_PEER_CERTIFICATE] =
      g_param_spec_object ("tls-peer-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, readable);
}

void
_aionet_pipe_install_tls (GObjectClass *object_class, guint first_id)
{
  install_settings ();
  install_results ();
  for (guint i = 0; i < AIONET_N_TLS_PROPERTIES; i++)
    g_object_class_install_property (object_class, first_id + i, props[i]);
}

void
_aionet_pipe_get_tls_property (AionetPipe *self, AionetTlsProperty property, GValue *value)
{
  const AionetPipeTls *tls = peek_tls (self);

  switch (property)
    {
    case AIONET_TLS_ENABLED:
      g_value_set_boolean (value, tls->enabled);
      break;
    case AIONET_TLS_CERTIFICATE:
      g_value_set_object (value, tls->certificate);
      break;
    case AIONET_TLS_DATABASE:
      g_value_set_object (value, tls->database);
      break;
    case AIONET_TLS_VALIDATION_FLAGS:
      g_value_set_flags (value, tls->validation_flags);
      break;
    case AIONET_TLS_AUTHENTICATION_MODE:
      g_value_set_enum (value, tls->authentication_mode);
      break;
    case AIONET_TLS_ALPN:
      g_value_set_boxed (value, tls->alpn);
      break;
    case AIONET_TLS_SERVER_NAME:
      g_value_set_string (value, tls->server_name);
      break;
    case AIONET_TLS_NEGOTIATED_PROTOCOL:
      g_value_set_string (value, tls->protocol);
      break;
    case AIONET_TLS_PEER_CERTIFICATE:
      g_value_set_object (value, tls->peer_certificate);
      break;
    case AIONET_N_TLS_PROPERTIES:
    default:
      break;
    }
}

void
_aionet_pipe_set_tls_property (AionetPipe *self, AionetTlsProperty property, const GValue *value)
{
  switch ((int) property)
    {
    case AIONET_TLS_ENABLED:
      aionet_pipe_set_tls (self, g_value_get_boolean (value));
      break;
    case AIONET_TLS_CERTIFICATE:
      aionet_pipe_set_tls_certificate (self, g_value_get_object (value));
      break;
    case AIONET_TLS_DATABASE:
      aionet_pipe_set_tls_database (self, g_value_get_object (value));
      break;
    case AIONET_TLS_VALIDATION_FLAGS:
      aionet_pipe_set_tls_validation_flags (self, g_value_get_flags (value));
      break;
    case AIONET_TLS_AUTHENTICATION_MODE:
      aionet_pipe_set_tls_authentication_mode (self, g_value_get_enum (value));
      break;
    case AIONET_TLS_ALPN:
      aionet_pipe_set_tls_alpn (self, g_value_get_boxed (value));
      break;
    case AIONET_TLS_SERVER_NAME:
      aionet_pipe_set_tls_server_name (self, g_value_get_string (value));
      break;
    default:
      break;
    }
}

static void
notify (AionetPipe *self, AionetTlsProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}

/**
 * aionet_pipe_get_tls: (get-property tls)
 * @self: a pipe
 *
 * Gets whether the pipe speaks TLS; see [property@Pipe:tls].
 *
 * Returns: %TRUE if it does
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_get_tls (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);

  return peek_tls (self)->enabled;
}

/**
 * aionet_pipe_set_tls: (set-property tls)
 * @self: a pipe
 * @on: %TRUE to speak TLS
 *
 * Sets whether the pipe speaks TLS; see [property@Pipe:tls].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls (AionetPipe *self, gboolean on)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  if (peek_tls (self)->enabled == !!on)
    return;
  ensure_tls (self)->enabled = !!on;
  notify (self, AIONET_TLS_ENABLED);
}

/**
 * aionet_pipe_get_tls_certificate: (get-property tls-certificate)
 * @self: a pipe
 *
 * Gets the certificate this side shows; see [property@Pipe:tls-certificate].
 *
 * Returns: (transfer none) (nullable): it, or %NULL
 *
 * Since: 0.1
 */
GTlsCertificate *
aionet_pipe_get_tls_certificate (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return peek_tls (self)->certificate;
}

/**
 * aionet_pipe_set_tls_certificate: (set-property tls-certificate)
 * @self: a pipe
 * @certificate: (transfer none) (nullable): a certificate with a private key, or %NULL for none
 *
 * Sets the certificate this side shows; see [property@Pipe:tls-certificate].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls_certificate (AionetPipe *self, GTlsCertificate *certificate)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (certificate == NULL || G_IS_TLS_CERTIFICATE (certificate));

  if (g_set_object (&ensure_tls (self)->certificate, certificate))
    notify (self, AIONET_TLS_CERTIFICATE);
}

/**
 * aionet_pipe_get_tls_database: (get-property tls-database)
 * @self: a pipe
 *
 * Gets the authorities that are trusted; see [property@Pipe:tls-database].
 *
 * Returns: (transfer none) (nullable): it, or %NULL
 *
 * Since: 0.1
 */
GTlsDatabase *
aionet_pipe_get_tls_database (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return peek_tls (self)->database;
}

/**
 * aionet_pipe_set_tls_database: (set-property tls-database)
 * @self: a pipe
 * @database: (transfer none) (nullable): the trusted authorities, or %NULL for those of the system
 *
 * Sets the authorities that are trusted; see [property@Pipe:tls-database].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls_database (AionetPipe *self, GTlsDatabase *database)
{
  g_return_if_fail (AIONET_IS_PIPE (self));
  g_return_if_fail (database == NULL || G_IS_TLS_DATABASE (database));

  if (g_set_object (&ensure_tls (self)->database, database))
    notify (self, AIONET_TLS_DATABASE);
}

/**
 * aionet_pipe_get_tls_validation_flags: (get-property tls-validation-flags)
 * @self: a pipe
 *
 * Gets which faults of the peer’s certificate are not accepted; see
 * [property@Pipe:tls-validation-flags].
 *
 * Returns: the faults
 *
 * Since: 0.1
 */
GTlsCertificateFlags
aionet_pipe_get_tls_validation_flags (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), G_TLS_CERTIFICATE_VALIDATE_ALL);

  return peek_tls (self)->validation_flags;
}

/**
 * aionet_pipe_set_tls_validation_flags: (set-property tls-validation-flags)
 * @self: a pipe
 * @flags: the faults that are not accepted
 *
 * Sets which faults of the peer’s certificate are not accepted; see
 * [property@Pipe:tls-validation-flags].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls_validation_flags (AionetPipe *self, GTlsCertificateFlags flags)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  if (peek_tls (self)->validation_flags == flags)
    return;
  ensure_tls (self)->validation_flags = flags;
  notify (self, AIONET_TLS_VALIDATION_FLAGS);
}

/**
 * aionet_pipe_get_tls_authentication_mode: (get-property tls-authentication-mode)
 * @self: a pipe
 *
 * Gets whether a server asks its clients for certificates; see
 * [property@Pipe:tls-authentication-mode].
 *
 * Returns: the mode
 *
 * Since: 0.1
 */
GTlsAuthenticationMode
aionet_pipe_get_tls_authentication_mode (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), G_TLS_AUTHENTICATION_NONE);

  return peek_tls (self)->authentication_mode;
}

/**
 * aionet_pipe_set_tls_authentication_mode: (set-property tls-authentication-mode)
 * @self: a pipe
 * @mode: whether to ask
 *
 * Sets whether a server asks its clients for certificates; see
 * [property@Pipe:tls-authentication-mode].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls_authentication_mode (AionetPipe *self, GTlsAuthenticationMode mode)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  if (peek_tls (self)->authentication_mode == mode)
    return;
  ensure_tls (self)->authentication_mode = mode;
  notify (self, AIONET_TLS_AUTHENTICATION_MODE);
}

/**
 * aionet_pipe_get_tls_alpn: (get-property tls-alpn)
 * @self: a pipe
 *
 * Gets the application protocols that are offered; see [property@Pipe:tls-alpn].
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): it, or %NULL
 *
 * Since: 0.1
 */
const char *const *
aionet_pipe_get_tls_alpn (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return (const char *const *) peek_tls (self)->alpn;
}

/**
 * aionet_pipe_set_tls_alpn: (set-property tls-alpn)
 * @self: a pipe
 * @protocols: (transfer none) (nullable) (array zero-terminated=1): the protocols, or %NULL for
 * none
 *
 * Sets the application protocols that are offered; see [property@Pipe:tls-alpn].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls_alpn (AionetPipe *self, const char *const *protocols)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  g_strfreev (ensure_tls (self)->alpn);
  self->tls->alpn = g_strdupv ((char **) protocols);
  notify (self, AIONET_TLS_ALPN);
}

/**
 * aionet_pipe_get_tls_server_name: (get-property tls-server-name)
 * @self: a pipe
 *
 * Gets the name of the server, if it is not that of the target; see
 * [property@Pipe:tls-server-name].
 *
 * Returns: (transfer none) (nullable): it, or %NULL
 *
 * Since: 0.1
 */
const char *
aionet_pipe_get_tls_server_name (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return peek_tls (self)->server_name;
}

/**
 * aionet_pipe_set_tls_server_name: (set-property tls-server-name)
 * @self: a pipe
 * @name: (transfer none) (nullable): a host name, or %NULL for that of the target
 *
 * Sets the name of the server, if it is not that of the target; see
 * [property@Pipe:tls-server-name].
 *
 * Since: 0.1
 */
void
aionet_pipe_set_tls_server_name (AionetPipe *self, const char *name)
{
  g_return_if_fail (AIONET_IS_PIPE (self));

  if (_aionet_set_str (&ensure_tls (self)->server_name, name))
    notify (self, AIONET_TLS_SERVER_NAME);
}

/**
 * aionet_pipe_get_tls_negotiated_protocol: (get-property tls-negotiated-protocol)
 * @self: a pipe
 *
 * Gets the application protocol both sides agreed on; see [property@Pipe:tls-negotiated-protocol].
 *
 * Returns: (transfer none) (nullable): it, or %NULL
 *
 * Since: 0.1
 */
const char *
aionet_pipe_get_tls_negotiated_protocol (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return peek_tls (self)->protocol;
}

/**
 * aionet_pipe_get_tls_peer_certificate: (get-property tls-peer-certificate)
 * @self: a pipe
 *
 * Gets the certificate of the peer; see [property@Pipe:tls-peer-certificate].
 *
 * Returns: (transfer none) (nullable): it, or %NULL
 *
 * Since: 0.1
 */
GTlsCertificate *
aionet_pipe_get_tls_peer_certificate (AionetPipe *self)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), NULL);

  return peek_tls (self)->peer_certificate;
}
