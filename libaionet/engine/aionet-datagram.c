/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-datagram-private.h"

#include <errno.h>
#include <string.h>

#include "engine/aionet-datagram-control-private.h"
#include "engine/aionet-icmp-private.h"

#define FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL)

/* An ICMP report about an earlier datagram shows up as the failure of this one, once each. Those
 * that stay are this one's own. */
#define MAX_ATTEMPTS 4

/* What every kernel that has segments takes at once; RFC 768: 65535 less the headers. */
#define MAX_SEGMENTS 64
#define MAX_SEGMENTED_BYTES 65507

/* Every link carries these (RFC 791: 576 with headers): if they are refused it is not the size. */
#define SMALL_SEGMENT 512

#ifndef HAVE_MMSG
struct mmsghdr
{
  struct msghdr msg_hdr;
  unsigned int  msg_len;
};

static int
sendmmsg (int fd, struct mmsghdr *headers, unsigned int n, int flags)
{
  unsigned int i = 0;

  while (i < n && sendmsg (fd, &headers[i].msg_hdr, flags) >= 0)
    i++;
  return i > 0 ? (int) i : -1;
}
#endif

typedef struct
{
  struct mmsghdr    headers[AIONET_MAX_DATAGRAMS];
  struct iovec      vectors[AIONET_MAX_DATAGRAMS];
  guint             n_datagrams[AIONET_MAX_DATAGRAMS]; /* of each header */
  guint             n;

  AionetSendControl controls[AIONET_MAX_DATAGRAMS];
} Plan;

static gboolean
equal_endpoint (const AionetSockaddr *a, const AionetSockaddr *b)
{
  if (a == b || a == NULL || b == NULL)
    return a == b;
  if (a->any.sa_family == AF_UNSPEC || b->any.sa_family == AF_UNSPEC)
    return a->any.sa_family == b->any.sa_family;
  return _aionet_sockaddr_equal (a, b) &&
         (a->any.sa_family != AF_INET6 || a->v6.sin6_scope_id == b->v6.sin6_scope_id);
}

/* How many, from the first, can go as the segments of one: all as large as the first, but the last
 * that may be smaller. */
static guint
count_run (const AionetDatagram *first, guint n, guint max_segment)
{
  gsize total = first->length;
  guint i;

  if (first->length == 0 || first->length > max_segment)
    return 1;
  for (i = 1; i < MIN (n, MAX_SEGMENTS) && first[i - 1].length == first->length; i++)
    {
      total += first[i].length;
      if (first[i].length == 0 || first[i].length > first->length || total > MAX_SEGMENTED_BYTES ||
          !equal_endpoint (first[i].peer, first->peer) ||
          !equal_endpoint (first[i].local, first->local))
        break;
    }
  return i;
}

static void
add_run (Plan *plan, const AionetDatagram *first, guint n)
{
  struct msghdr *header = &plan->headers[plan->n].msg_hdr;
  gboolean       is_connected = first->peer->any.sa_family == AF_UNSPEC;

  header->msg_name = is_connected ? NULL : (void *) first->peer;
  header->msg_namelen = is_connected ? 0 : _aionet_sockaddr_get_size (first->peer);
  header->msg_iovlen = n;
  header->msg_flags = 0;
  _aionet_control_write (header, &plan->controls[plan->n], n > 1 ? (guint) first->length : 0,
                         first->local);
  plan->n_datagrams[plan->n] = n;
  plan->n++;
}

static void
make_plan (Plan *plan, const AionetDatagram *datagrams, guint n, guint max_segment)
{
  plan->n = 0;
  for (guint i = 0; i < n; i += plan->n_datagrams[plan->n - 1])
    {
      guint length = count_run (&datagrams[i], n - i, max_segment);

      for (guint j = i; j < i + length; j++)
        plan->vectors[j] = (struct iovec){ (void *) datagrams[j].data, datagrams[j].length };
      plan->headers[plan->n].msg_hdr.msg_iov = &plan->vectors[i];
      add_run (plan, &datagrams[i], length);
    }
}

static int
send_one (int fd, const AionetDatagram *datagram)
{
  const struct sockaddr *peer =
      datagram->peer->any.sa_family != AF_UNSPEC ? &datagram->peer->any : NULL;
  socklen_t size = peer != NULL ? _aionet_sockaddr_get_size (datagram->peer) : 0;

  return sendto (fd, datagram->data, datagram->length, FLAGS, peer, size) >= 0 ? 1 : -1;
}

/* Returns how many were taken, or -1 and errno. n_first: how many the first attempt stood for. */
static int
send_some (int fd, const AionetDatagram *datagrams, guint n, guint max_segment, guint *n_first)
{
  Plan plan;
  int  n_taken, n_datagrams = 0;

  *n_first = 1;
  if (n == 1 && datagrams->local == NULL)
    return send_one (fd, datagrams);
  make_plan (&plan, datagrams, n, max_segment);
  *n_first = plan.n_datagrams[0];
  n_taken = plan.n == 1 ? (sendmsg (fd, &plan.headers[0].msg_hdr, FLAGS) >= 0 ? 1 : -1)
                        : sendmmsg (fd, plan.headers, plan.n, FLAGS);
  for (int i = 0; i < n_taken; i++)
    n_datagrams += (int) plan.n_datagrams[i];
  return n_taken > 0 ? n_datagrams : -1;
}

static gboolean
is_refusal_of_segments (int code)
{
  return code == EINVAL || code == EIO || code == EMSGSIZE || code == EOPNOTSUPP;
}

static guint16
get_smaller (gsize refused, int code)
{
  return code == EIO || refused <= SMALL_SEGMENT ? 0 : (guint16) (refused - 1);
}

guint
_aionet_datagrams_send (
    int fd, const AionetDatagram *datagrams, guint n, guint16 *max_segment, int *code)
{
  guint16 known = *max_segment;
  guint   n_done = 0, n_attempts = 0, n_first;

  if (n > 1 && *max_segment > 0 && !_aionet_control_can_segment (fd))
    known = *max_segment = 0;
  while (n_done < n)
    {
      int n_taken = send_some (fd, &datagrams[n_done], MIN (n - n_done, AIONET_MAX_DATAGRAMS),
                               *max_segment, &n_first);

      *code = errno;
      if (n_taken > 0)
        {
          known = *max_segment;
          n_done += (guint) n_taken;
          n_attempts = 0;
        }
      else if (n_first > 1 && is_refusal_of_segments (*code))
        *max_segment = get_smaller (datagrams[n_done].length, *code);
      else if ((*code != EINTR && !_aionet_icmp_is_report (*code)) || ++n_attempts >= MAX_ATTEMPTS)
        break;
    }
  /* What fails alone as well says nothing about segments. */
  if (n_done < n)
    *max_segment = known;
  return n_done;
}
