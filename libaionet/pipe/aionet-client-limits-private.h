/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* How many clients a daemon has and may have, all in all and from one address. Shared by the
 * threads of its workers, hence the only part of a daemon with a lock. */
typedef struct _AionetClientLimits AionetClientLimits;

AionetClientLimits                *_aionet_client_limits_new (void);
void                               _aionet_client_limits_free (AionetClientLimits *self);

/* 0: as many as come. Those who are there already stay. */
void _aionet_client_limits_set (AionetClientLimits *self, guint max, guint max_per_address);

/* TRUE: counted, until _release () with the same peer. FALSE: counted as refused. */
gboolean _aionet_client_limits_admit (AionetClientLimits *self, const AionetSockaddr *peer);
void     _aionet_client_limits_release (AionetClientLimits *self, const AionetSockaddr *peer);

guint    _aionet_client_limits_get_n_clients (AionetClientLimits *self);
guint64  _aionet_client_limits_get_n_refused (AionetClientLimits *self);

G_END_DECLS
