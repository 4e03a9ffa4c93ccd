/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-special-purpose-private.h"

#include "value/aionet-address-bits-private.h"

/* The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), IPv4 as of 2025-10-09.
 *
 * A row whose "globally reachable" column is blank or N/A (6to4, Teredo, ORCHID) counts as not
 * reachable. Among the unreachable ones PRIVATE are those that a host can be given. */

#define V4(a, b, c, d)                                                                             \
  ((guint64) (a) << 56 | (guint64) (b) << 48 | (guint64) (c) << 40 | (guint64) (d) << 32)
#define V6(a, b, c, d)                                                                             \
  ((guint64) (a) << 48 | (guint64) (b) << 32 | (guint64) (c) << 16 | (guint64) (d))

#define PUBLIC AIONET_ADDRESS_CLASS_PUBLIC
#define PRIVATE AIONET_ADDRESS_CLASS_PRIVATE
#define LINK_LOCAL AIONET_ADDRESS_CLASS_LINK_LOCAL
#define LOOPBACK AIONET_ADDRESS_CLASS_LOOPBACK
#define MULTICAST AIONET_ADDRESS_CLASS_MULTICAST
#define UNUSABLE AIONET_ADDRESS_CLASS_UNUSABLE

typedef struct
{
  AionetAddressBits  bits;
  guint8             prefix_length;
  AionetAddressClass address_class;
} Entry;

/* Both tables begin with the class of everything that no other row names. */

/* clang-format off */
static const Entry ipv4_registry[] = {
  { { 0, 0 },                      0, PUBLIC },
  { { V4 (0, 0, 0, 0), 0 },        8, UNUSABLE },   /* this network, RFC 791 */
  { { V4 (10, 0, 0, 0), 0 },       8, PRIVATE },    /* RFC 1918 */
  { { V4 (100, 64, 0, 0), 0 },    10, PRIVATE },    /* shared, behind carrier-grade NAT, RFC 6598 */
  { { V4 (127, 0, 0, 0), 0 },      8, LOOPBACK },
  { { V4 (169, 254, 0, 0), 0 },   16, LINK_LOCAL }, /* RFC 3927 */
  { { V4 (172, 16, 0, 0), 0 },    12, PRIVATE },    /* RFC 1918 */
  { { V4 (192, 0, 0, 0), 0 },     24, PRIVATE },    /* IETF protocol assignments */
  { { V4 (192, 0, 0, 0), 0 },     29, PRIVATE },    /* DS-Lite, 464XLAT, RFC 7335 */
  { { V4 (192, 0, 0, 8), 0 },     32, PRIVATE },    /* dummy address, RFC 7600 */
  { { V4 (192, 0, 0, 9), 0 },     32, PUBLIC },     /* PCP anycast, RFC 7723 */
  { { V4 (192, 0, 0, 10), 0 },    32, PUBLIC },     /* TURN anycast, RFC 8155 */
  { { V4 (192, 0, 0, 170), 0 },   31, UNUSABLE },   /* NAT64 discovery, RFC 7050: .170 and .171 */
  { { V4 (192, 0, 2, 0), 0 },     24, PRIVATE },    /* documentation, RFC 5737 */
  { { V4 (192, 31, 196, 0), 0 },  24, PUBLIC },     /* AS112, RFC 7535 */
  { { V4 (192, 52, 193, 0), 0 },  24, PUBLIC },     /* AMT, RFC 7450 */
  { { V4 (192, 88, 99, 0), 0 },   24, PRIVATE },    /* 6to4 relay anycast, deprecated, RFC 7526 */
  { { V4 (192, 88, 99, 2), 0 },   32, PRIVATE },    /* 6a44 relay anycast, RFC 6751 */
  { { V4 (192, 168, 0, 0), 0 },   16, PRIVATE },    /* RFC 1918 */
  { { V4 (192, 175, 48, 0), 0 },  24, PUBLIC },     /* AS112, RFC 7534 */
  { { V4 (198, 18, 0, 0), 0 },    15, PRIVATE },    /* benchmarking, RFC 2544 */
  { { V4 (198, 51, 100, 0), 0 },  24, PRIVATE },    /* documentation, RFC 5737 */
  { { V4 (203, 0, 113, 0), 0 },   24, PRIVATE },    /* documentation, RFC 5737 */
  { { V4 (224, 0, 0, 0), 0 },      4, MULTICAST },
  { { V4 (240, 0, 0, 0), 0 },      4, UNUSABLE },   /* reserved, RFC 1112 */
  { { V4 (255, 255, 255, 255), 0 }, 32, UNUSABLE }, /* limited broadcast, RFC 919 */
};

static const Entry ipv6_registry[] = {
  { { 0, 0 },                                     0, UNUSABLE },   /* not allocated */
  { { V6 (0x2000, 0, 0, 0), 0 },                  3, PUBLIC },     /* global unicast, RFC 4291 */
  { { 0, 0 },                                   128, UNUSABLE },   /* unspecified */
  { { 0, 1 },                                   128, LOOPBACK },
  { { 0, V6 (0, 0xffff, 0, 0) },                 96, UNUSABLE },   /* IPv4-mapped, RFC 4291 */
  { { V6 (0x64, 0xff9b, 0, 0), 0 },              96, PUBLIC },     /* NAT64, RFC 6052 */
  { { V6 (0x64, 0xff9b, 1, 0), 0 },              48, PRIVATE },    /* local NAT64, RFC 8215 */
  { { V6 (0x100, 0, 0, 0), 0 },                  64, UNUSABLE },   /* discard, RFC 6666 */
  { { V6 (0x100, 0, 0, 1), 0 },                  64, UNUSABLE },   /* dummy prefix, RFC 9780 */
  { { V6 (0x2001, 0, 0, 0), 0 },                 23, PRIVATE },    /* IETF assignments, RFC 2928 */
  { { V6 (0x2001, 0, 0, 0), 0 },                 32, PRIVATE },    /* Teredo, RFC 4380 */
  { { V6 (0x2001, 1, 0, 0), 1 },                128, PUBLIC },     /* PCP anycast, RFC 7723 */
  { { V6 (0x2001, 1, 0, 0), 2 },                128, PUBLIC },     /* TURN anycast, RFC 8155 */
  { { V6 (0x2001, 1, 0, 0), 3 },                128, PUBLIC },     /* DNS-SD anycast, RFC 9665 */
  { { V6 (0x2001, 2, 0, 0), 0 },                 48, PRIVATE },    /* benchmarking, RFC 5180 */
  { { V6 (0x2001, 3, 0, 0), 0 },                 32, PUBLIC },     /* AMT, RFC 7450 */
  { { V6 (0x2001, 4, 0x112, 0), 0 },             48, PUBLIC },     /* AS112, RFC 7535 */
  { { V6 (0x2001, 0x10, 0, 0), 0 },              28, PRIVATE },    /* ORCHID, deprecated */
  { { V6 (0x2001, 0x20, 0, 0), 0 },              28, PUBLIC },     /* ORCHIDv2, RFC 7343 */
  { { V6 (0x2001, 0x30, 0, 0), 0 },              28, PUBLIC },     /* drone tags, RFC 9374 */
  { { V6 (0x2001, 0xdb8, 0, 0), 0 },             32, PRIVATE },    /* documentation, RFC 3849 */
  { { V6 (0x2002, 0, 0, 0), 0 },                 16, PRIVATE },    /* 6to4, RFC 3056 */
  { { V6 (0x2620, 0x4f, 0x8000, 0), 0 },         48, PUBLIC },     /* AS112, RFC 7534 */
  { { V6 (0x3fff, 0, 0, 0), 0 },                 20, PRIVATE },    /* documentation, RFC 9637 */
  { { V6 (0x5f00, 0, 0, 0), 0 },                 16, PRIVATE },    /* SRv6 SIDs, RFC 9602 */
  { { V6 (0xfc00, 0, 0, 0), 0 },                  7, PRIVATE },    /* unique local, RFC 4193 */
  { { V6 (0xfe80, 0, 0, 0), 0 },                 10, LINK_LOCAL }, /* RFC 4291 */
  { { V6 (0xfec0, 0, 0, 0), 0 },                 10, PRIVATE },    /* site-local, deprecated */
  { { V6 (0xff00, 0, 0, 0), 0 },                  8, MULTICAST },
};
/* clang-format on */

static const Entry *
get_registry (GSocketFamily family, guint *n_entries)
{
  if (family == G_SOCKET_FAMILY_IPV4)
    {
      *n_entries = G_N_ELEMENTS (ipv4_registry);
      return ipv4_registry;
    }
  *n_entries = G_N_ELEMENTS (ipv6_registry);
  return ipv6_registry;
}

gboolean
_aionet_network_classify (AionetAddressBits   network,
                          guint               prefix_length,
                          GSocketFamily       family,
                          AionetAddressClass *address_class)
{
  guint        n_entries;
  const Entry *registry = get_registry (family, &n_entries);
  const Entry *cover = registry;

  for (guint i = 0; i < n_entries; i++)
    {
      const Entry *entry = &registry[i];

      if (entry->prefix_length <= prefix_length && entry->prefix_length >= cover->prefix_length &&
          _aionet_address_bits_match (entry->bits, network, entry->prefix_length))
        cover = entry;
    }
  for (guint i = 0; i < n_entries; i++)
    {
      const Entry *entry = &registry[i];

      if (entry->prefix_length > prefix_length && entry->address_class != cover->address_class &&
          _aionet_address_bits_match (entry->bits, network, prefix_length))
        return FALSE;
    }
  *address_class = cover->address_class;
  return TRUE;
}

AionetAddressClass
_aionet_inet_address_classify (GInetAddress *address)
{
  GSocketFamily      family = g_inet_address_get_family (address);
  AionetAddressClass address_class = AIONET_ADDRESS_CLASS_UNUSABLE;

  _aionet_network_classify (_aionet_address_bits_from_address (address),
                            _aionet_family_get_width (family), family, &address_class);
  return address_class;
}

gboolean
_aionet_inet_address_is_public (GInetAddress *address)
{
  return _aionet_inet_address_classify (address) == AIONET_ADDRESS_CLASS_PUBLIC;
}

gboolean
_aionet_inet_address_same_network (GInetAddress *a, GInetAddress *b)
{
  GSocketFamily family = g_inet_address_get_family (a);

  return family == g_inet_address_get_family (b) &&
         _aionet_address_bits_match (_aionet_address_bits_from_address (a),
                                     _aionet_address_bits_from_address (b),
                                     family == G_SOCKET_FAMILY_IPV4 ? 24 : 48);
}
