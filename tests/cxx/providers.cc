/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "providers.h"

#include <sstream>

/* ------------------------------------------------------------------ an address backend */

struct CxxBackend
{
  AionetAddressBackend parent_instance;
  BeginBackend        *begin; /* (owned): GObject runs no constructors */
};

struct CxxBackendClass
{
  AionetAddressBackendClass parent_class;
};

G_DEFINE_TYPE (CxxBackend, cxx_backend, AIONET_TYPE_ADDRESS_BACKEND)

static void
cxx_backend_begin (AionetAddressBackend *self, AionetRequest *request)
{
  const BeginBackend &begin = *reinterpret_cast<CxxBackend *> (self)->begin;

  if (begin)
    begin (request);
  else
    aionet_request_complete (request,
                             G_OBJECT (links ({ link ("cxx0", 7, "192.0.2.7/24").get () }).get ()));
}

static void
cxx_backend_finalize (GObject *self)
{
  delete reinterpret_cast<CxxBackend *> (self)->begin;
  G_OBJECT_CLASS (cxx_backend_parent_class)->finalize (self);
}

static void
cxx_backend_class_init (CxxBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cxx_backend_finalize;
  klass->parent_class.begin = cxx_backend_begin;
}

static void
cxx_backend_init (CxxBackend *self)
{
  self->begin = new BeginBackend ();
}

Ref<AionetAddressBackend>
backend (BeginBackend begin)
{
  auto made =
      static_cast<CxxBackend *> (g_object_new (cxx_backend_get_type (), "name", "cxx", nullptr));

  *made->begin = std::move (begin);
  return take (AIONET_ADDRESS_BACKEND (made));
}

/* ------------------------------------------------------------------ one that works nowhere */

using CxxUseless = CxxBackend;
using CxxUselessClass = CxxBackendClass;

G_DEFINE_TYPE (CxxUseless, cxx_useless, cxx_backend_get_type ())

static gboolean
cxx_useless_is_supported (AionetProvider *, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "There is no such host");
  return FALSE;
}

static void
cxx_useless_class_init (CxxUselessClass *klass)
{
  AIONET_PROVIDER_CLASS (klass)->is_supported = cxx_useless_is_supported;
}

static void
cxx_useless_init (CxxUseless *)
{
}

/* ------------------------------------------------------------------ a STUN provider */

struct CxxStun
{
  AionetStunProvider parent_instance;
  BeginStun         *begin; /* (owned) */
};

struct CxxStunClass
{
  AionetStunProviderClass parent_class;
};

G_DEFINE_TYPE (CxxStun, cxx_stun, AIONET_TYPE_STUN_PROVIDER)

static void
cxx_stun_begin (AionetStunProvider *self, AionetStunRequest *request)
{
  const BeginStun &begin = *reinterpret_cast<CxxStun *> (self)->begin;

  if (begin)
    begin (request);
  else
    aionet_request_complete (AIONET_REQUEST (request),
                             G_OBJECT (mapping (request, local_of (request).c_str ()).get ()));
}

static void
cxx_stun_finalize (GObject *self)
{
  delete reinterpret_cast<CxxStun *> (self)->begin;
  G_OBJECT_CLASS (cxx_stun_parent_class)->finalize (self);
}

static char **
cxx_stun_dup_servers (AionetStunProvider *)
{
  return g_strsplit ("192.0.2.1:3478 [2001:db8::1]:3478", " ", -1);
}

static void
cxx_stun_class_init (CxxStunClass *klass)
{
  klass->parent_class.dup_servers = cxx_stun_dup_servers;
  G_OBJECT_CLASS (klass)->finalize = cxx_stun_finalize;
  klass->parent_class.begin = cxx_stun_begin;
}

static void
cxx_stun_init (CxxStun *self)
{
  self->begin = new BeginStun ();
}

Ref<AionetStunProvider>
stun_provider (BeginStun begin)
{
  auto made = static_cast<CxxStun *> (g_object_new (cxx_stun_get_type (), "name", "cxx", nullptr));

  *made->begin = std::move (begin);
  return take (AIONET_STUN_PROVIDER (made));
}

/* ------------------------------------------------------------------ what they answer with */

static GSocketAddress *
local_endpoint (AionetStunRequest *request, Ref<GSocketAddress> &owner)
{
  GSocketAddress *local = aionet_stun_request_get_local_address (request);
  Error           error;

  if (local != nullptr && port_of (local) != 0)
    return local;
  auto socket = take (aionet_stun_request_dup_socket (request, error.out ()));
  EXPECT_TRUE (socket) << error;
  owner = take (g_socket_get_local_address (socket.get (), nullptr));
  return owner.get ();
}

Ref<AionetMapping>
mapping (AionetStunRequest *request, const char *external)
{
  Ref<GSocketAddress> owner;
  GSocketAddress     *local = aionet_stun_request_get_local_address (request);
  auto                seen = endpoint (external, local != nullptr ? port_of (local) : 0);

  /* Who is seen as they are has a socket; addresses that are made up cannot have any. */
  if (local == nullptr || to_text (local).rfind ("127.", 0) == 0)
    {
      local = local_endpoint (request, owner);
      seen = endpoint (external, port_of (local));
    }
  return take (aionet_mapping_new (
      aionet_stun_request_get_protocol (request), aionet_stun_request_get_server (request),
      G_INET_SOCKET_ADDRESS (local), G_INET_SOCKET_ADDRESS (seen.get ())));
}

std::string
local_of (AionetStunRequest *request)
{
  GSocketAddress *local = aionet_stun_request_get_local_address (request);

  return local == nullptr
             ? "0.0.0.0"
             : to_text (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));
}

/* An address with a prefix length, host bits and all, as systems tell them. */
static Ref<AionetIpRange>
address_of_link (const std::string &text)
{
  auto slash = text.find ('/');

  return take (aionet_ip_range_new (address (text.substr (0, slash).c_str ()).get (),
                                    guint (std::stoul (text.substr (slash + 1)))));
}

Ref<AionetLink>
link (const char *name, guint index, const std::string &addresses)
{
  auto               made = take (aionet_link_new (name, index));
  std::istringstream stream (addresses);
  std::string        text;

  aionet_link_set_hardware_address (made.get (), "02:00:00:00:00:01");
  aionet_link_set_kind (made.get (), AIONET_LINK_KIND_ETHERNET);
  aionet_link_set_mtu (made.get (), 1500);
  aionet_link_set_is_up (made.get (), TRUE);
  while (stream >> text)
    aionet_link_add_address (made.get (), address_of_link (text).get (), AIONET_ADDRESS_FLAGS_NONE);
  return made;
}

Ref<GListModel>
links (std::initializer_list<AionetLink *> list)
{
  GListStore *store = g_list_store_new (AIONET_TYPE_LINK);

  for (AionetLink *one : list)
    g_list_store_append (store, one);
  return take (G_LIST_MODEL (store));
}
