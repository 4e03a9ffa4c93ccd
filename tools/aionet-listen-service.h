/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* What `aionet listen` does for clients with --exec and --echo. */
typedef struct
{
  char       **command; /* (not owned) (nullable) to run for each; NULL: echo */
  gboolean     verbose; /* tells of commands that fail */
  GThreadPool *echoes;  /* (owned) (nullable) */
} ListenService;

void _listen_service_init (ListenService *self, char **command, gboolean verbose);
void _listen_service_clear (ListenService *self);

/* peer: the client, for AIONET_PEER */
void _listen_serve (const ListenService *self, GSocket *socket, const char *peer);
/* The same for a connection that is TLS. */
void _listen_serve_secure (const ListenService *self, GIOStream *stream, const char *peer);

G_END_DECLS
