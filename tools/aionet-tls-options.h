/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-command-line.h"

#include <aionet.h>

G_BEGIN_DECLS

/* --tls and what goes with it. */
typedef struct
{
  gboolean         tls;
  gboolean         insecure;
  char            *name;        /* (owned) (nullable) */
  char            *ca;          /* (owned) (nullable) file name */
  char            *cert;        /* (owned) (nullable) file name */
  char            *key;         /* (owned) (nullable) file name */
  char           **alpn;        /* (owned) (nullable) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  GTlsDatabase    *database;    /* (owned) (nullable) */
} TlsOptions;

/* is_server: of the server's side, which needs a certificate and does not verify. */
void _tls_options_add (TlsOptions *self, CommandLine *line, gboolean is_server);
void _tls_options_clear (TlsOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlsOptions, _tls_options_clear)

/* Reads the files. FALSE after telling the user, with *status. */
gboolean _tls_options_load (TlsOptions     *self,
                            const char     *program,
                            GSocketProtocol protocol,
                            gboolean        is_server,
                            int            *status);
/* Before the pipe is opened. */
void _tls_options_apply (const TlsOptions *self, AionetPipe *pipe);

G_END_DECLS
