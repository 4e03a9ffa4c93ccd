/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-plugin.h"

G_BEGIN_DECLS

typedef const AionetPluginDescriptor *(*AionetPluginDescribe) (void);

/* Ends with NULL; made by build-aux/make-builtins.py from the plugins that are built in. */
extern const AionetPluginDescribe _aionet_builtins[];

G_END_DECLS
