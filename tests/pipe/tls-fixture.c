/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "tls-fixture.h"

#include "pipe/aionet-pipe-tls.h"

GTlsCertificate *
certificate (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "pipe", "tls", name, NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *loaded = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return loaded;
}

GTlsDatabase *
authorities (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "pipe", "tls", "authority.pem", NULL);
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  return database;
}

AionetPipe *
tls_server (const char *name)
{
  AionetPipe *server = loopback_server (G_SOCKET_PROTOCOL_TCP, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GTlsCertificate) own = name != NULL ? certificate (name) : NULL;

  g_object_set (server, "tls", TRUE, "tls-certificate", own, "connect-timeout-ms", 10000, NULL);
  return server;
}

AionetPipe *
tls_client (AionetPipe *server)
{
  g_autofree char *target = target_of (server);
  g_autoptr (GTlsDatabase) database = authorities ();
  AionetPipe *client = aionet_pipe_new (G_SOCKET_PROTOCOL_TCP, target, NULL);

  g_object_set (client, "tls", TRUE, "tls-database", database, "connect-timeout-ms", 10000, NULL);
  return client;
}

void
pair_open (Pair *self)
{
  g_autoptr (GError) error = NULL;

  open_pipe (self->client, NULL, &error);
  g_assert_no_error (error);
  self->peer = accept_client (self->server);
}

void
pair_init (Pair *self)
{
  self->server = tls_server ("server.pem");
  self->client = tls_client (self->server);
  pair_open (self);
}

void
pair_clear (Pair *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->peer);
  g_clear_object (&self->server);
}

gboolean
has_tls (void)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return TRUE;
  g_print ("1..0 # SKIP GIO has no TLS backend here (package glib-networking)\n");
  return FALSE;
}
