/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-datagram-control-private.h"

#include <netinet/udp.h>
#include <string.h>

#ifdef __linux__
#include <linux/filter.h>
#endif

#ifdef UDP_SEGMENT

/* A kernel that does not know segments sends them as one datagram, so it has to be asked. */
gboolean
_aionet_control_can_segment (int fd)
{
  static gsize state;
  int          value = 0;
  socklen_t    size = sizeof value;

  if (g_once_init_enter (&state))
    g_once_init_leave (&state,
                       getsockopt (fd, IPPROTO_UDP, UDP_SEGMENT, &value, &size) == 0 ? 2 : 1);
  return state == 2;
}

gboolean
_aionet_control_set_merging (int fd, gboolean on)
{
  const int value = on;

  return setsockopt (fd, IPPROTO_UDP, UDP_GRO, &value, sizeof value) == 0;
}

static guint
read_segment (const struct cmsghdr *item)
{
  int size;

  if (item->cmsg_level != IPPROTO_UDP || item->cmsg_type != UDP_GRO)
    return 0;
  memcpy (&size, CMSG_DATA (item), sizeof size);
  return size > 0 ? (guint) size : 0;
}

#else

gboolean
_aionet_control_can_segment (int fd)
{
  return FALSE;
}

gboolean
_aionet_control_set_merging (int fd, gboolean on)
{
  return FALSE;
}

static guint
read_segment (const struct cmsghdr *item)
{
  return 0;
}

#endif

#ifdef SO_GET_FILTER

/* Not over a filter that the owner of the socket has set. */
gboolean
_aionet_control_set_deaf (int fd, gboolean on)
{
  struct sock_filter      drop = BPF_STMT (BPF_RET | BPF_K, 0);
  const struct sock_fprog program = { 1, &drop };
  const int               unused = 0;
  socklen_t               n_found = 0;

  if (!on)
    return setsockopt (fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused) == 0;
  return getsockopt (fd, SOL_SOCKET, SO_GET_FILTER, NULL, &n_found) == 0 && n_found == 0 &&
         setsockopt (fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

#else

gboolean
_aionet_control_set_deaf (int fd, gboolean on)
{
  return FALSE;
}

#endif

gboolean
_aionet_control_set_local (int fd, int family, gboolean on)
{
  const int value = on;

#ifdef IPV6_RECVPKTINFO
  if (family == AF_INET6)
    return setsockopt (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &value, sizeof value) == 0;
#endif
#ifdef IP_PKTINFO
  if (family == AF_INET)
    return setsockopt (fd, IPPROTO_IP, IP_PKTINFO, &value, sizeof value) == 0;
#endif
  return FALSE;
}

static gboolean
read_local (const struct cmsghdr *item, AionetSockaddr *local)
{
#ifdef IP_PKTINFO
  if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO)
    {
      struct in_pktinfo info;

      /* Of a group or a broadcast it is the address of this host that can answer. */
      memcpy (&info, CMSG_DATA (item), sizeof info);
      local->any.sa_family = AF_INET;
      local->v4.sin_addr = info.ipi_spec_dst;
      return TRUE;
    }
#endif
#ifdef IPV6_RECVPKTINFO
  if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO)
    {
      struct in6_pktinfo info;

      memcpy (&info, CMSG_DATA (item), sizeof info);
      if (IN6_IS_ADDR_MULTICAST (&info.ipi6_addr))
        return FALSE;
      local->any.sa_family = AF_INET6;
      local->v6.sin6_addr = info.ipi6_addr;
      if (IN6_IS_ADDR_LINKLOCAL (&info.ipi6_addr))
        local->v6.sin6_scope_id = info.ipi6_ifindex;
      return TRUE;
    }
#endif
  return FALSE;
}

void
_aionet_control_read (struct msghdr *header, guint *segment, AionetSockaddr *local)
{
  *segment = 0;
  memset (local, 0, sizeof *local);
  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL;
       item = CMSG_NXTHDR (header, item))
    if (!read_local (item, local) && *segment == 0)
      *segment = read_segment (item);
}

static void
append (struct msghdr *header, int level, int type, const void *data, gsize size)
{
  struct cmsghdr *item = (void *) ((char *) header->msg_control + header->msg_controllen);

  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (item), data, size);
  header->msg_controllen += CMSG_SPACE (size);
}

static void
append_local (struct msghdr *header, const AionetSockaddr *local)
{
#ifdef IP_PKTINFO
  if (local->any.sa_family == AF_INET)
    {
      const struct in_pktinfo info = { .ipi_spec_dst = local->v4.sin_addr };

      append (header, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    }
#endif
#ifdef IPV6_RECVPKTINFO
  if (local->any.sa_family == AF_INET6)
    {
      const struct in6_pktinfo info = { local->v6.sin6_addr, local->v6.sin6_scope_id };

      append (header, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    }
#endif
}

void
_aionet_control_write (struct msghdr        *header,
                       AionetSendControl    *control,
                       guint                 segment,
                       const AionetSockaddr *local)
{
#ifdef UDP_SEGMENT
  const guint16 size = (guint16) segment;
#endif

  header->msg_control = control->bytes;
  header->msg_controllen = 0;
#ifdef UDP_SEGMENT
  if (segment > 0)
    append (header, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
#endif
  if (local != NULL)
    append_local (header, local);
  if (header->msg_controllen == 0)
    header->msg_control = NULL;
}
