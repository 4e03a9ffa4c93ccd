/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "socket-calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <time.h>

/* The program's own definitions come before those of the system. */

SocketCalls socket_calls;

#define NEXT(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

static gboolean
is_bad (const struct sockaddr *to)
{
  return to != NULL && socket_calls.bad_port != 0 &&
         g_ntohs (((const struct sockaddr_in *) (const void *) to)->sin_port) ==
             socket_calls.bad_port;
}

static gboolean
is_segmented (const struct msghdr *message)
{
  struct cmsghdr *item = CMSG_FIRSTHDR (message);

  return item != NULL && item->cmsg_level == IPPROTO_UDP && item->cmsg_type == UDP_SEGMENT;
}

static int
fail (int code)
{
  errno = code;
  return -1;
}

/* Returns 0 if the kernel is to be asked. */
static int
find_failure (const struct msghdr *message)
{
  if (is_segmented (message))
    {
      socket_calls.n_segmented++;
      if (socket_calls.fail_segments != 0)
        return socket_calls.fail_segments;
    }
  return is_bad (message->msg_name) ? socket_calls.bad_code : 0;
}

static gboolean
is_busy (void)
{
  socket_calls.n_sends++;
  if (socket_calls.n_busy == 0)
    return FALSE;
  socket_calls.n_busy--;
  return TRUE;
}

ssize_t
sendto (int fd, const void *data, size_t n, int flags, __CONST_SOCKADDR_ARG to, socklen_t size)
{
  if (is_busy ())
    return fail (EAGAIN);
  if (is_bad (to.__sockaddr__))
    return fail (socket_calls.bad_code);
  return NEXT (sendto) (fd, data, n, flags, to, size);
}

ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
  int code;

  if (is_busy ())
    return fail (EAGAIN);
  code = find_failure (message);
  return code != 0 ? fail (code) : NEXT (sendmsg) (fd, message, flags);
}

int
sendmmsg (int fd, struct mmsghdr *messages, unsigned int n, int flags)
{
  unsigned int n_good = 0;
  int          code = 0;

  if (is_busy ())
    return fail (EAGAIN);
  while (n_good < n && code == 0)
    {
      code = find_failure (&messages[n_good].msg_hdr);
      n_good += code == 0;
    }
  return n_good == 0 ? fail (code) : NEXT (sendmmsg) (fd, messages, n_good, flags);
}

ssize_t
recvfrom (int fd, void *data, size_t n, int flags, __SOCKADDR_ARG from, socklen_t *size)
{
  socket_calls.n_receives++;
  return NEXT (recvfrom) (fd, data, n, flags, from, size);
}

int
recvmmsg (int fd, struct mmsghdr *messages, unsigned int n, int flags, struct timespec *timeout)
{
  socket_calls.n_receives++;
  return NEXT (recvmmsg) (fd, messages, n, flags, timeout);
}

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result = NEXT (clock_gettime) (clock, now);

  if (clock == CLOCK_MONOTONIC_COARSE && socket_calls.is_slow)
    now->tv_sec += ++socket_calls.n_ticks;
  return result;
}
