/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-stun-provider.h"
#include "value/aionet-target.h"

G_BEGIN_DECLS

/* STUN servers as somebody configured them: names, nothing looked up. What is not known about a
 * server (udp, tcp, ipv4, ipv6) is taken as TRUE, so that it is tried. */

#define AIONET_STUN_DEFAULT_PORT 3478
/* More servers than this are refused: each probe could ask them all. */
#define AIONET_SERVER_LIST_MAX 64

typedef struct
{
  AionetTarget *target;        /* (owned) */
  char         *operator_name; /* (owned) (nullable) */
  gboolean      udp;
  gboolean      tcp;
  gboolean      ipv4;
  gboolean      ipv6;
} AionetServer;

void _aionet_server_free (AionetServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetServer, _aionet_server_free)

/* All: (transfer full) (element-type AionetServer), never empty. A wrong entry is an error that
 * quotes it: INVALID_ADDRESS for texts, INVALID_JSON for files. */

/* AIONET_STUN_SERVERS, else the provider's own, else the user's file, else the list compiled into
 * the library. Reads the environment and the file at each call. provider: (nullable) */
GPtrArray *_aionet_server_list_new_configured (AionetStunProvider *provider, GError **error);
GPtrArray *_aionet_server_list_new_from_strv (const char *const *servers, GError **error);
GPtrArray *_aionet_server_list_new_from_json (const char *text, gssize length, GError **error);
GPtrArray *_aionet_server_list_new_built_in (GError **error);

/* (transfer full) "host:port" of each */
char **_aionet_server_list_to_strv (GPtrArray *servers);

G_END_DECLS
