/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "topology/aionet-host.h"
#include "topology/aionet-interface-list-private.h"
#include "topology/aionet-join-private.h"

G_BEGIN_DECLS

#define AIONET_HOST_MAX_TIMEOUT_MS (60 * 60 * 1000)

typedef enum
{
  AIONET_HOST_PROP_REGISTRY = 1,
  AIONET_HOST_PROP_ADDRESS_BACKEND,
  AIONET_HOST_PROP_STUN_PROVIDER,
  AIONET_HOST_PROP_STUN_SERVERS,
  AIONET_HOST_PROP_MIN_AGREE,
  AIONET_HOST_PROP_TIMEOUT,
  AIONET_HOST_PROP_ALLOW_PRIVATE,
  AIONET_HOST_N_PROPS
} AionetHostProperty;

typedef struct
{
  char   **stun_servers;  /* (owned) (nullable: as configured) */
  char   **shown_servers; /* (owned) (nullable) what get_stun_servers () gave */
  guint    min_agree;
  guint    timeout_ms;
  gboolean allow_private;
} AionetHostSettings;

/* (transfer full) (element-type AionetServer) What the program set, else what is configured */
GPtrArray *_aionet_host_dup_servers (AionetHost *self, GError **error);

/* For the parts of the class. */
AionetHostSettings  *_aionet_host_get_settings (AionetHost *self);
void                 _aionet_host_notify (AionetHost *self, AionetHostProperty property);
AionetInterfaceList *_aionet_host_get_list (AionetHost *self);
AionetJoin          *_aionet_host_get_refreshing (AionetHost *self);
AionetJoin          *_aionet_host_get_loading (AionetHost *self);
/* Takes links into the list; from now on the host follows the backend's changes. */
void _aionet_host_take_links (AionetHost *self, GListModel *links);

G_END_DECLS
