/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe-helpers.h"

/* Pipes that speak TLS over loopback, with the certificates of the folder tls. */

gboolean         has_tls (void); /* skips the program when FALSE */

GTlsCertificate *certificate (const char *name);
GTlsDatabase    *authorities (void);
/* name: (nullable) of the server's certificate */
AionetPipe *tls_server (const char *name);
/* Trusts the authority of the tests. Not open yet. */
AionetPipe *tls_client (AionetPipe *server);

/* Both ends of a secure connection. */
typedef struct
{
  AionetPipe *server, *client, *peer; /* (owned) */
} Pair;

void pair_init (Pair *self);
/* For a server and a client that are prepared otherwise. */
void pair_open (Pair *self);
void pair_clear (Pair *self);
