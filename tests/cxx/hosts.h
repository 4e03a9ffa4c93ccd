/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* A host that is replayed, and loads that are waited for. */

#pragma once

#include "aionet-test.h"

/* The guide's first example: one card with single addresses, a block of its own, and a NAT. */
extern const char *const GUIDE_EXAMPLE;

/* Begins a case that needs a host that is replayed: a build may be without that plugin. */
#define NEEDS_REPLAY()                                                                             \
  if (aionet_registry_lookup (aionet_registry_get_default (), AIONET_TYPE_ADDRESS_BACKEND,         \
                              "replay") == nullptr)                                                \
  GTEST_SKIP () << "the plugin replay is not in this build"

/* A host that replays it; see `main`. */
Ref<AionetHost> replayed_host ();

bool            refresh (AionetHost *host, Error &error, GCancellable *cancellable = nullptr);
bool            load_all (AionetHost *host, Error &error, GCancellable *cancellable = nullptr);
bool            load (AionetInterface *nic, Error &error, GCancellable *cancellable = nullptr);
Ref<AionetNat>  load_nat (AionetInterface *nic, Error &error);

/* The interface of the example, loaded. */
Ref<AionetInterface> guide_interface ();
