/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* What a STUN server would say. */
typedef struct
{
  GInetAddress   *local;    /* (owned) */
  GInetAddress   *external; /* (owned) (nullable): NULL with failure only */
  GInetAddress   *server;   /* (owned) (nullable): NULL for all servers */
  guint           port;     /* the server's; 0 for all */
  GSocketProtocol protocol; /* DEFAULT for both */
  char           *failure;  /* (owned) (nullable) */
  guint           rtt_ms;
} AionetReplayMapping;

/* A document that was read: a host that never was. Immutable but for its links, which their
 * receiver may seal. */
typedef struct _AionetReplayDocument AionetReplayDocument;

/* Errors: AIONET_ERROR_INVALID_JSON. */
AionetReplayDocument *aionet_replay_document_new (const char *text, gsize length, GError **error);
AionetReplayDocument *aionet_replay_document_ref (AionetReplayDocument *self);
void                  aionet_replay_document_unref (AionetReplayDocument *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetReplayDocument, aionet_replay_document_unref)

/* Returns: (transfer none) */
GListModel *aionet_replay_document_get_links (AionetReplayDocument *self);
/* The servers that were asked, as a host wants them. Returns: (transfer none) (nullable): none are
 * named */
const char *const *aionet_replay_document_get_servers (AionetReplayDocument *self);
/* The first mapping that fits; local NULL fits the first of the server's family. Returns: (transfer
 * none) (nullable) */
const AionetReplayMapping *aionet_replay_document_find_mapping (AionetReplayDocument *self,
                                                                GInetAddress         *local,
                                                                GInetSocketAddress   *server,
                                                                GSocketProtocol       protocol);

G_END_DECLS
