/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* Providers written in C++: what they do with a request is a function object. */

#pragma once

#include "aionet-test.h"

using BeginBackend = std::function<void (AionetRequest *)>;
using BeginStun = std::function<void (AionetStunRequest *)>;

/* Without a function they answer: the backend with one link, "cxx0", the provider with what it was
 * asked from. */
Ref<AionetAddressBackend> backend (BeginBackend begin = nullptr);
Ref<AionetStunProvider>   stun_provider (BeginStun begin = nullptr);

GType                     cxx_backend_get_type ();
GType                     cxx_stun_get_type ();
/* A backend that works on no host. */
GType cxx_useless_get_type ();

/* An answer that says that the request was seen from `external`. */
Ref<AionetMapping> mapping (AionetStunRequest *request, const char *external);
/* The address that a request is to be sent from. */
std::string local_of (AionetStunRequest *request);

/* An interface as a backend reports it. */
Ref<AionetLink> link (const char *name, guint index, const std::string &addresses);
Ref<GListModel> links (std::initializer_list<AionetLink *> list);
