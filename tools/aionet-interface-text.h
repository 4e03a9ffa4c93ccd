/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* Interfaces as a person or a program reads them. */

const char *_text_of_kind (AionetInterface *nic);
/* "192.168.21.21/24, fe80::21/64": as the system has them, link-local ones last. */
char *_text_of_addresses (AionetInterface *nic);
/* (element-type AionetInterface) */
JsonNode *_interfaces_to_json (GListModel *interfaces);

/* What `aionet show` tells a person. with_external: servers have been asked. */
void _interface_print (AionetInterface *nic, gboolean with_external);

G_END_DECLS
