/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-getifaddrs-backend.h"

#include "aionet-getifaddrs-monitor.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef AF_PACKET
#include <net/if_arp.h>
#include <netpacket/packet.h>
/* Carrier; net/if.h does not have it, but the flags do. */
#define CARRIER_FLAG (1u << 16)
#else
#define CARRIER_FLAG ((unsigned) IFF_RUNNING)
#endif

/* One call returns a list of (link, address) pairs, links without an address too where the system
 * has AF_PACKET. It takes milliseconds with thousands of addresses and waits for nobody, so it is
 * made in begin (). */

struct _AionetGetifaddrsBackend
{
  AionetAddressBackend     parent_instance;

  GMainContext            *context;
  AionetGetifaddrsMonitor *monitor; /* (nullable): not yet */
};

G_DEFINE_FINAL_TYPE (AionetGetifaddrsBackend,
                     aionet_getifaddrs_backend,
                     AIONET_TYPE_ADDRESS_BACKEND)

/* Aliases ("eth0:1") are labels of addresses on one link. */
static char *
dup_link_name (const struct ifaddrs *entry)
{
  return g_strndup (entry->ifa_name, strcspn (entry->ifa_name, ":"));
}

static guint
get_index (const struct ifaddrs *entry, const char *name)
{
#ifdef AF_PACKET
  if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_PACKET)
    return (guint) ((const struct sockaddr_ll *) (const void *) entry->ifa_addr)->sll_ifindex;
#endif
  return if_nametoindex (name);
}

static guint
read_mtu (int fd, const char *name)
{
  struct ifreq request = { 0 };

  g_strlcpy (request.ifr_name, name, sizeof request.ifr_name);
  return fd >= 0 && ioctl (fd, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0
             ? (guint) request.ifr_mtu
             : 0;
}

static AionetLinkKind
get_kind (const struct ifaddrs *entry)
{
  if (entry->ifa_flags & IFF_LOOPBACK)
    return AIONET_LINK_KIND_LOOPBACK;
#ifdef AF_PACKET
  if (entry->ifa_addr != NULL && entry->ifa_addr->sa_family == AF_PACKET)
    switch (((const struct sockaddr_ll *) (const void *) entry->ifa_addr)->sll_hatype)
      {
      case ARPHRD_ETHER:
        return AIONET_LINK_KIND_ETHERNET;
      case ARPHRD_TUNNEL:
      case ARPHRD_TUNNEL6:
      case ARPHRD_SIT:
      case ARPHRD_IPGRE:
      case ARPHRD_NONE:
        return AIONET_LINK_KIND_TUNNEL;
      default:
        break;
      }
#endif
  return entry->ifa_flags & IFF_POINTOPOINT ? AIONET_LINK_KIND_POINT_TO_POINT
                                            : AIONET_LINK_KIND_OTHER;
}

static char *
dup_hardware_address (const struct ifaddrs *entry)
{
#ifdef AF_PACKET
  const struct sockaddr_ll *address = (const void *) entry->ifa_addr;
  GString                  *text = NULL;

  /* sll_addr has room for eight bytes; longer ones (InfiniBand) are cut off by the call. */
  if (address == NULL || address->sll_family != AF_PACKET || address->sll_halen == 0 ||
      address->sll_halen > sizeof address->sll_addr)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < address->sll_halen; i++)
    g_string_append_printf (text, i == 0 ? "%02x" : ":%02x", address->sll_addr[i]);
  return g_string_free (text, FALSE);
#else
  return NULL;
#endif
}

static AionetLink *
build_link (const struct ifaddrs *entry, const char *name, int fd)
{
  const guint      index = get_index (entry, name);
  g_autofree char *valid_name = g_utf8_make_valid (name, -1);
  g_autofree char *hardware_address = dup_hardware_address (entry);
  AionetLink      *link = NULL;

  /* Gone since the list was made. */
  if (index == 0)
    return NULL;
  link = aionet_link_new (valid_name, index);
  g_object_set (link, "hardware-address", hardware_address, "mtu", read_mtu (fd, name), "kind",
                get_kind (entry), "is-up",
                (entry->ifa_flags & IFF_UP) != 0 && (entry->ifa_flags & CARRIER_FLAG) != 0, NULL);
  return link;
}

static const guint8 *
get_address_bytes (const struct sockaddr *address, gsize *size)
{
  if (address == NULL)
    return NULL;
  if (address->sa_family == AF_INET)
    {
      *size = 4;
      return (const guint8 *) &((const struct sockaddr_in *) (const void *) address)->sin_addr;
    }
  if (address->sa_family == AF_INET6)
    {
      *size = 16;
      return (const guint8 *) &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr;
    }
  return NULL;
}

/* Ones up to the first zero; what follows a gap is no prefix. Some systems leave the family of
 * masks unset, so that of the address counts. */
static guint
get_prefix_length (const struct ifaddrs *entry, const guint8 *bytes, gsize size)
{
  const gsize   offset = (gsize) (bytes - (const guint8 *) entry->ifa_addr);
  const guint8 *mask = NULL;
  const guint8 *other = NULL;
  gsize         other_size = 0;
  guint         length = 0;

  /* On a point-to-point link the mask is that of the other end's network. */
  if (entry->ifa_flags & IFF_POINTOPOINT)
    other = get_address_bytes (entry->ifa_dstaddr, &other_size);
  if (entry->ifa_netmask == NULL ||
      (other != NULL && other_size == size && memcmp (other, bytes, size) != 0))
    return size * 8;

  mask = (const guint8 *) entry->ifa_netmask + offset;
  while (length < size * 8 && (mask[length / 8] & (0x80 >> (length % 8))))
    length++;
  return length;
}

static void
add_address (AionetLink *link, const struct ifaddrs *entry)
{
  static const guint8 unspecified[16] = { 0 };
  gsize               size = 0;
  const guint8       *bytes = get_address_bytes (entry->ifa_addr, &size);
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (AionetIpRange) range = NULL;
  const char *scope_name = NULL;

  if (bytes == NULL || memcmp (bytes, unspecified, size) == 0)
    return;
  address = g_inet_address_new_from_bytes (bytes,
                                           size == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  if (size == 16 && g_inet_address_get_is_link_local (address))
    scope_name = aionet_link_get_name (link);
  range = aionet_ip_range_new_scoped (address, get_prefix_length (entry, bytes, size), scope_name);
  aionet_link_add_address (link, range, AIONET_ADDRESS_FLAGS_NONE);
}

static GListModel *
build_links (const struct ifaddrs *entries)
{
  g_autoptr (GHashTable) by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GListStore *links = g_list_store_new (AIONET_TYPE_LINK);
  const int   fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  for (const struct ifaddrs *entry = entries; entry != NULL; entry = entry->ifa_next)
    {
      g_autofree char *name = dup_link_name (entry);
      AionetLink      *link = g_hash_table_lookup (by_name, name);

      if (link == NULL)
        {
          g_autoptr (AionetLink) new_link = build_link (entry, name, fd);

          if (new_link == NULL)
            continue;
          g_list_store_append (links, new_link);
          link = new_link;
          g_hash_table_insert (by_name, g_steal_pointer (&name), link);
        }
      add_address (link, entry);
    }
  if (fd >= 0)
    close (fd);
  return G_LIST_MODEL (links);
}

static void
aionet_getifaddrs_backend_begin (AionetAddressBackend *backend, AionetRequest *request)
{
  AionetGetifaddrsBackend *self = AIONET_GETIFADDRS_BACKEND (backend);
  struct ifaddrs          *entries = NULL;
  g_autoptr (GListModel) links = NULL;

  if (self->monitor == NULL)
    self->monitor = aionet_getifaddrs_monitor_new (self->context, backend);

  if (getifaddrs (&entries) != 0)
    {
      const int number = errno;
      g_autoptr (GError) error = g_error_new (G_IO_ERROR, g_io_error_from_errno (number),
                                              "getifaddrs: %s", g_strerror (number));

      aionet_request_fail (request, error);
      return;
    }
  links = build_links (entries);
  freeifaddrs (entries);
  aionet_request_complete (request, G_OBJECT (links));
}

static void
aionet_getifaddrs_backend_dispose (GObject *object)
{
  AionetGetifaddrsBackend *self = AIONET_GETIFADDRS_BACKEND (object);

  g_clear_pointer (&self->monitor, aionet_getifaddrs_monitor_free);

  G_OBJECT_CLASS (aionet_getifaddrs_backend_parent_class)->dispose (object);
}

static void
aionet_getifaddrs_backend_finalize (GObject *object)
{
  AionetGetifaddrsBackend *self = AIONET_GETIFADDRS_BACKEND (object);

  g_main_context_unref (self->context);

  G_OBJECT_CLASS (aionet_getifaddrs_backend_parent_class)->finalize (object);
}

static void
aionet_getifaddrs_backend_class_init (AionetGetifaddrsBackendClass *klass)
{
  GObjectClass              *object_class = G_OBJECT_CLASS (klass);
  AionetAddressBackendClass *backend_class = AIONET_ADDRESS_BACKEND_CLASS (klass);

  object_class->dispose = aionet_getifaddrs_backend_dispose;
  object_class->finalize = aionet_getifaddrs_backend_finalize;
  backend_class->begin = aionet_getifaddrs_backend_begin;
}

static void
aionet_getifaddrs_backend_init (AionetGetifaddrsBackend *self)
{
  self->context = g_main_context_ref_thread_default ();
}

static const AionetPluginProvider providers[] = {
  { aionet_getifaddrs_backend_get_type, 10 },
  { NULL, 0 },
};

AIONET_PLUGIN_DEFINE (getifaddrs,
                      "getifaddrs",
                      AIONET_VERSION_TEXT,
                      "Links and addresses from POSIX getifaddrs()",
                      "LGPL-2.1-or-later",
                      providers)
