/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-tls-session-private.h"

struct _AionetTlsSession
{
  GSocket        *socket;     /* (owned) */
  GTlsConnection *connection; /* (owned) */
  gboolean        is_server;
  gboolean        is_secure;
};

static gboolean
on_accept_certificate (GTlsConnection      *connection,
                       GTlsCertificate     *certificate,
                       GTlsCertificateFlags faults,
                       gpointer             user_data)
{
  GTlsCertificateFlags fatal = GPOINTER_TO_UINT (user_data);

  return (faults & fatal) == 0;
}

static GTlsConnection *
new_connection (GIOStream *stream, const AionetTlsParameters *parameters, GError **error)
{
  GIOStream *connection;

  if (!parameters->is_server)
    connection = g_tls_client_connection_new (stream, parameters->identity, error);
  else if (parameters->certificate != NULL)
    connection = g_tls_server_connection_new (stream, parameters->certificate, error);
  else
    {
      g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED,
                           "A TLS server needs a certificate");
      return NULL;
    }
  return connection != NULL ? G_TLS_CONNECTION (connection) : NULL;
}

static void
configure (GTlsConnection *connection, const AionetTlsParameters *parameters)
{
  if (parameters->is_server)
    g_object_set (connection, "authentication-mode", parameters->authentication_mode, NULL);
  else if (parameters->certificate != NULL)
    g_tls_connection_set_certificate (connection, parameters->certificate);
  if (parameters->database != NULL)
    g_tls_connection_set_database (connection, parameters->database);
  if (parameters->alpn != NULL)
    g_tls_connection_set_advertised_protocols (connection, (const char *const *) parameters->alpn);
  g_signal_connect (connection, "accept-certificate", G_CALLBACK (on_accept_certificate),
                    GUINT_TO_POINTER (parameters->validation_flags));
}

AionetTlsSession *
_aionet_tls_session_new (GSocket *socket, const AionetTlsParameters *parameters, GError **error)
{
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
  GTlsConnection   *connection = new_connection (G_IO_STREAM (stream), parameters, error);
  AionetTlsSession *self;

  if (connection == NULL)
    return NULL;
  configure (connection, parameters);
  self = g_new0 (AionetTlsSession, 1);
  self->socket = g_object_ref (socket);
  self->connection = connection;
  self->is_server = parameters->is_server;
  return self;
}

/* An alert is some thirty bytes, and a socket that is writable has room for more. */
void
_aionet_tls_session_close (AionetTlsSession *self, gboolean notify)
{
  if (notify && self->is_secure &&
      (g_socket_condition_check (self->socket, G_IO_OUT | G_IO_HUP | G_IO_ERR) == G_IO_OUT))
    g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_socket_close (self->socket, NULL);
}

void
_aionet_tls_session_free (AionetTlsSession *self)
{
  g_object_unref (self->connection);
  g_object_unref (self->socket);
  g_free (self);
}

GIOStream *
_aionet_tls_session_free_to_stream (AionetTlsSession *self)
{
  GIOStream *stream = g_object_ref (G_IO_STREAM (self->connection));

  _aionet_tls_session_free (self);
  return stream;
}

void
_aionet_tls_session_handshake_async (AionetTlsSession   *self,
                                     GMainContext       *context,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  /* Certificates are judged there, too. */
  g_main_context_push_thread_default (context);
  g_tls_connection_handshake_async (self->connection, G_PRIORITY_DEFAULT, cancellable, callback,
                                    user_data);
  g_main_context_pop_thread_default (context);
}

static char *
describe_faults (GTlsCertificateFlags faults)
{
  static const struct
  {
    GTlsCertificateFlags fault;
    const char          *text;
  } texts[] = {
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "no known authority vouches for it" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, "it is for another host" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet" },
    { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
    { G_TLS_CERTIFICATE_REVOKED, "it was revoked" },
    { G_TLS_CERTIFICATE_INSECURE, "its algorithm is not secure" },
    { G_TLS_CERTIFICATE_GENERIC_ERROR, "it is not in order" },
  };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if ((faults & texts[i].fault) != 0)
      g_ptr_array_add (words, (gpointer) texts[i].text);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}

static void
propagate_failure (AionetTlsSession *self, GError *failure, GError **error)
{
  GTlsCertificateFlags faults = g_tls_connection_get_peer_certificate_errors (self->connection);
  g_autofree char     *text = describe_faults (faults);

  if (g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && faults != 0)
    g_prefix_error (&failure, "The certificate of the %s is not accepted (%s): ",
                    self->is_server ? "client" : "server", text);
  g_propagate_error (error, failure);
}

gboolean
_aionet_tls_session_handshake_finish (AionetTlsSession *self, GAsyncResult *result, GError **error)
{
  GError *failure = NULL;

  self->is_secure = g_tls_connection_handshake_finish (self->connection, result, &failure);
  if (!self->is_secure)
    propagate_failure (self, failure, error);
  return self->is_secure;
}

gssize
_aionet_tls_session_read (AionetTlsSession *self, guint8 *buffer, gsize length, GError **error)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));

  return g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, length,
                                                   NULL, error);
}

gssize
_aionet_tls_session_write (AionetTlsSession *self, const guint8 *data, gsize length, GError **error)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));

  return g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), data,
                                                     length, NULL, error);
}

const char *
_aionet_tls_session_get_protocol (AionetTlsSession *self)
{
  return g_tls_connection_get_negotiated_protocol (self->connection);
}

GTlsCertificate *
_aionet_tls_session_get_peer_certificate (AionetTlsSession *self)
{
  return g_tls_connection_get_peer_certificate (self->connection);
}
