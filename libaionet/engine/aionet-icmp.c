/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-icmp-private.h"

#include <errno.h>
#include <string.h>

#ifdef __linux__
#include <linux/errqueue.h>
#endif

#ifdef __linux__

static void
switch_queue (int fd, GSocketFamily family, int on)
{
  if (family == G_SOCKET_FAMILY_IPV6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  else
    setsockopt (fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
}

void
_aionet_icmp_enable (int fd, GSocketFamily family)
{
  switch_queue (fd, family, 1);
}

void
_aionet_icmp_disable (int fd, GSocketFamily family)
{
  switch_queue (fd, family, 0);
}

static gboolean
is_report_header (const struct cmsghdr *header)
{
  return (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) ||
         (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR);
}

static int
find_code (struct msghdr *message)
{
  for (struct cmsghdr *header = CMSG_FIRSTHDR (message); header != NULL;
       header = CMSG_NXTHDR (message, header))
    {
      struct sock_extended_err report;

      if (!is_report_header (header) || header->cmsg_len < CMSG_LEN (sizeof report))
        continue;
      memcpy (&report, CMSG_DATA (header), sizeof report);
      return (int) report.ee_errno;
    }
  return 0;
}

gboolean
_aionet_icmp_take (int fd, AionetSockaddr *destination, int *code)
{
  /* The report comes with the offender's address behind it; aligned as cmsghdr wants it. */
  union
  {
    struct cmsghdr align;
    char bytes[CMSG_SPACE (sizeof (struct sock_extended_err) + sizeof (struct sockaddr_in6)) + 128];
  } control;
  char          payload[1];
  struct iovec  vector = { payload, sizeof payload };
  struct msghdr message = { 0 };

  memset (destination, 0, sizeof *destination);
  message.msg_name = destination;
  message.msg_namelen = sizeof *destination;
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  if (recvmsg (fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
    return FALSE;
  *code = find_code (&message);
  return TRUE;
}

#else

void
_aionet_icmp_enable (int fd, GSocketFamily family)
{
}

void
_aionet_icmp_disable (int fd, GSocketFamily family)
{
}

gboolean
_aionet_icmp_take (int fd, AionetSockaddr *destination, int *code)
{
  return FALSE;
}

#endif

gboolean
_aionet_icmp_is_report (int code)
{
  switch (code)
    {
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENOPROTOOPT:
    case EPROTO:
    case EACCES:
    case EMSGSIZE:
    case EOPNOTSUPP:
    case ENONET:
      return TRUE;
    default:
      return FALSE;
    }
}
