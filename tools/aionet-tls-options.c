/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-tls-options.h"

#include "aionet-commands.h"

void
_tls_options_add (TlsOptions *self, CommandLine *line, gboolean is_server)
{
  const GOptionEntry client[] = {
    { "tls", 0, 0, G_OPTION_ARG_NONE, &self->tls,
      "speak TLS, and only with a server that proves its name", NULL },
    { "tls-name", 0, 0, G_OPTION_ARG_STRING, &self->name,
      "the name it is to prove (that of the target)", "NAME" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self->ca,
      "trust the authorities in this PEM file instead of the system's", "FILE" },
    { "insecure", 0, 0, G_OPTION_ARG_NONE, &self->insecure,
      "take any certificate: anybody may be listening", NULL },
    { NULL },
  };
  const GOptionEntry server[] = {
    { "tls", 0, 0, G_OPTION_ARG_NONE, &self->tls, "speak TLS with the certificate of --cert",
      NULL },
    { NULL },
  };
  const GOptionEntry both[] = {
    { "cert", 0, 0, G_OPTION_ARG_FILENAME, &self->cert,
      "PEM file with the own certificate and those above it", "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &self->key,
      "PEM file with its private key, unless --cert has it", "FILE" },
    { "alpn", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->alpn,
      "protocol to speak inside (RFC 7301), the best first; can be given several times",
      "PROTOCOL" },
    { NULL },
  };

  _line_add (line, "TLS", is_server ? server : client);
  _line_add (line, "TLS", both);
}

void
_tls_options_clear (TlsOptions *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->ca, g_free);
  g_clear_pointer (&self->cert, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->alpn, g_strfreev);
  g_clear_object (&self->certificate);
  g_clear_object (&self->database);
}

/* NULL if the options go together. */
static const char *
find_fault (const TlsOptions *self, GSocketProtocol protocol, gboolean is_server)
{
  gboolean has_more = self->name != NULL || self->ca != NULL || self->insecure ||
                      self->cert != NULL || self->key != NULL || self->alpn != NULL;

  if (!self->tls)
    return has_more ? "--tls is missing for what goes with it" : NULL;
  if (protocol != G_SOCKET_PROTOCOL_TCP)
    return "--tls needs tcp";
  if (is_server && self->cert == NULL)
    return "--tls needs --cert here";
  if (self->key != NULL && self->cert == NULL)
    return "--key needs --cert";
  if (self->insecure && (self->ca != NULL || self->name != NULL))
    return "--insecure verifies nothing: it excludes --ca and --tls-name";
  return NULL;
}

static gboolean
load_certificate (TlsOptions *self, GError **error)
{
  self->certificate = self->key != NULL
                          ? g_tls_certificate_new_from_files (self->cert, self->key, error)
                          : g_tls_certificate_new_from_file (self->cert, error);
  return self->certificate != NULL;
}

/* GIO wants the name of this one absolute. */
static gboolean
load_database (TlsOptions *self, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (self->ca, NULL);

  self->database = g_tls_file_database_new (path, error);
  return self->database != NULL;
}

gboolean
_tls_options_load (TlsOptions     *self,
                   const char     *program,
                   GSocketProtocol protocol,
                   gboolean        is_server,
                   int            *status)
{
  const char *fault = find_fault (self, protocol, is_server);
  g_autoptr (GError) error = NULL;

  if (fault != NULL)
    *status = _cmd_misuse (program, "%s", fault);
  else if (self->cert != NULL && !load_certificate (self, &error))
    *status = _cmd_fail ("%s: %s", self->cert, error->message);
  else if (self->ca != NULL && !load_database (self, &error))
    *status = _cmd_fail ("%s: %s", self->ca, error->message);
  else
    return TRUE;
  return FALSE;
}

void
_tls_options_apply (const TlsOptions *self, AionetPipe *pipe)
{
  if (!self->tls)
    return;
  aionet_pipe_set_tls (pipe, TRUE);
  aionet_pipe_set_tls_certificate (pipe, self->certificate);
  aionet_pipe_set_tls_server_name (pipe, self->name);
  aionet_pipe_set_tls_alpn (pipe, (const char *const *) self->alpn);
  if (self->database != NULL)
    aionet_pipe_set_tls_database (pipe, self->database);
  if (self->insecure)
    aionet_pipe_set_tls_validation_flags (pipe, 0);
}
