/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-command-line.h"

#include <aionet.h>

G_BEGIN_DECLS

/* The options of every command that asks servers, and the host they describe. */
typedef struct
{
  char   **stun_servers; /* (owned) */
  char    *backend;      /* (owned) */
  char    *provider;     /* (owned) */
  int      timeout_ms;   /* 0: the library's own */
  int      min_agree;    /* 0: the library's own */
  gboolean allow_private;
} HostOptions;

void _host_options_add_backend (HostOptions *self, CommandLine *line);
/* For commands that ask servers: --timeout and --provider. */
void _host_options_add_asking (HostOptions *self, CommandLine *line);
/* Those that only matter when several servers are asked for one address. */
void _host_options_add_consensus (HostOptions *self, CommandLine *line);
void _host_options_clear (HostOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HostOptions, _host_options_clear)

/* A host as the options want it. NULL after telling the user, with *status. */
AionetHost *_host_options_make_host (HostOptions *self, const char *program, int *status);
/* Lists the interfaces of host; no server is asked. FALSE after telling the user, with *status. */
gboolean _host_refresh (AionetHost *host, int *status);

G_END_DECLS
