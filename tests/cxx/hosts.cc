/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "hosts.h"

const char *const GUIDE_EXAMPLE = R"({
  "links": [
    { "name": "lo", "index": 1, "kind": "loopback", "addresses": [{ "ip": "127.0.0.1", "cidr": 8 }] },
    { "name": "eth0", "index": 2, "hardware_address": "02:00:00:00:00:02", "kind": "ethernet",
      "addresses": [{ "ip": "192.168.0.20", "cidr": 32 }, { "ip": "193.168.0.0", "cidr": 16 },
                    { "ip": "7.7.7.7", "cidr": 32 }, { "ip": "8.8.0.0", "cidr": 16 },
                    { "ip": "fe80::2", "cidr": 64 }],
      "gateways": [{ "af": 2, "address": "192.168.0.1", "metric": 100 }] }
  ],
  "mappings": [
    { "local": "192.168.0.20", "external": "1.3.3.7" },
    { "local": "193.168.0.1", "external": "1.3.3.7" },
    { "local": "7.7.7.7", "external": "1.3.3.7" },
    { "local": "8.8.0.1", "external": "8.8.0.1" }
  ]
})";

/* Never the host of the machine that runs the test: `main` has told the library what to replay. */
Ref<AionetHost>
replayed_host ()
{
  auto  host = take (aionet_host_new ());
  Error error;

  if (g_strcmp0 (g_getenv ("AIONET_ADDRESS_BACKEND"), "replay") != 0)
    abort ();
  EXPECT_NE (aionet_host_get_address_backend (host.get (), error.out ()), nullptr) << error;
  EXPECT_NE (aionet_host_get_stun_provider (host.get (), error.out ()), nullptr) << error;
  return host;
}

bool
refresh (AionetHost *host, Error &error, GCancellable *cancellable)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_host_refresh_async (host, cancellable, callback, data);
  });

  return aionet_host_refresh_finish (host, result.get (), error.out ());
}

bool
load_all (AionetHost *host, Error &error, GCancellable *cancellable)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_host_load_all_async (host, cancellable, callback, data);
  });

  return aionet_host_load_all_finish (host, result.get (), error.out ());
}

bool
load (AionetInterface *nic, Error &error, GCancellable *cancellable)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_interface_load_async (nic, cancellable, callback, data);
  });

  return aionet_interface_load_finish (nic, result.get (), error.out ());
}

Ref<AionetNat>
load_nat (AionetInterface *nic, Error &error)
{
  auto result = await ([&] (GAsyncReadyCallback callback, gpointer data) {
    aionet_interface_load_nat_async (nic, nullptr, callback, data);
  });

  return take (aionet_interface_load_nat_finish (nic, result.get (), error.out ()));
}

Ref<AionetInterface>
guide_interface ()
{
  Error error;
  auto  host = replayed_host ();

  EXPECT_TRUE (load_all (host.get (), error)) << error;
  return take (aionet_host_get_interface (host.get (), "eth0"));
}
