/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-request.h"

G_BEGIN_DECLS

/* The request of address backends: takes a GListModel of AionetLink with distinct names and
 * indexes, seals the links, and hands out a list of its own that the provider cannot change. */

#define AIONET_TYPE_LINKS_REQUEST (_aionet_links_request_get_type ())
G_DECLARE_FINAL_TYPE (
    AionetLinksRequest, _aionet_links_request, AIONET, LINKS_REQUEST, AionetRequest)

AionetRequest *_aionet_links_request_new (void);

G_END_DECLS
