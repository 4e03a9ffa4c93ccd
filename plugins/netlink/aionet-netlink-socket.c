/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-socket.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <sys/socket.h>

/* The kernel fills buffers of 32 KiB with one dump turn, and makes smaller ones for who reads
 * less. A single message is larger only in absurd set-ups; the buffer then grows up to a limit. */
#define BUFFER_SIZE (32 * 1024)
#define BUFFER_SIZE_MAX (4 * 1024 * 1024)
#define DRAIN_BATCH 256

struct _AionetNetlinkSocket
{
  struct mnl_socket *socket; /* (owned) */
  guint8            *buffer; /* (owned) (nullable) */
  gsize              buffer_size;
  gboolean           is_strict;
};

static void
set_error (GError **error, const char *what)
{
  const int number = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "rtnetlink: %s failed: %s", what,
               g_strerror (number));
}

AionetNetlinkSocket *
aionet_netlink_socket_new (guint groups, GError **error)
{
  g_autoptr (AionetNetlinkSocket) self = g_new0 (AionetNetlinkSocket, 1);
  int on = 1;

  self->buffer_size = BUFFER_SIZE;
  self->socket = mnl_socket_open2 (NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (self->socket == NULL)
    {
      set_error (error, "opening the socket");
      return NULL;
    }
  if (mnl_socket_bind (self->socket, groups, MNL_SOCKET_AUTOPID) < 0)
    {
      set_error (error, "binding the socket");
      return NULL;
    }

  /* Kernels before 4.20 have no strict checks, before 4.12 no words with their errors: then dumps
   * are longer and errors shorter. */
  self->is_strict =
      mnl_socket_setsockopt (self->socket, NETLINK_GET_STRICT_CHK, &on, sizeof on) == 0;
  mnl_socket_setsockopt (self->socket, NETLINK_EXT_ACK, &on, sizeof on);
  mnl_socket_setsockopt (self->socket, NETLINK_CAP_ACK, &on, sizeof on);
  return g_steal_pointer (&self);
}

void
aionet_netlink_socket_free (AionetNetlinkSocket *self)
{
  if (self->socket != NULL)
    mnl_socket_close (self->socket);
  g_free (self->buffer);
  g_free (self);
}

int
aionet_netlink_socket_get_fd (AionetNetlinkSocket *self)
{
  return mnl_socket_get_fd (self->socket);
}

guint32
aionet_netlink_socket_get_port_id (AionetNetlinkSocket *self)
{
  return mnl_socket_get_portid (self->socket);
}

gboolean
aionet_netlink_socket_is_strict (AionetNetlinkSocket *self)
{
  return self->is_strict;
}

gboolean
aionet_netlink_socket_send (AionetNetlinkSocket   *self,
                            const struct nlmsghdr *message,
                            GError               **error)
{
  if (mnl_socket_sendto (self->socket, message, message->nlmsg_len) < 0)
    {
      set_error (error, "sending a request");
      return FALSE;
    }
  return TRUE;
}

static gssize
receive_message (AionetNetlinkSocket *self, struct sockaddr_nl *sender, int *flags)
{
  struct iovec  vector = { .iov_base = self->buffer, .iov_len = self->buffer_size };
  struct msghdr message = {
    .msg_name = sender, .msg_namelen = sizeof *sender, .msg_iov = &vector, .msg_iovlen = 1
  };
  gssize n = 0;

  do
    n = recvmsg (aionet_netlink_socket_get_fd (self), &message, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  *flags = message.msg_flags;
  return n;
}

AionetNetlinkReceived
aionet_netlink_socket_receive (AionetNetlinkSocket *self, AionetNetlinkBytes *bytes, GError **error)
{
  struct sockaddr_nl sender = { 0 };
  int                flags = 0;
  gssize             n = 0;

  if (self->buffer == NULL)
    self->buffer = g_malloc (self->buffer_size);
  n = receive_message (self, &sender, &flags);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return AIONET_NETLINK_RECEIVED_NOTHING;
  if (n < 0 && errno == ENOBUFS)
    return AIONET_NETLINK_RECEIVED_LOSS;
  if (n < 0)
    {
      set_error (error, "reading an answer");
      return AIONET_NETLINK_RECEIVED_ERROR;
    }
  if (flags & MSG_TRUNC)
    {
      self->buffer_size = MIN (self->buffer_size * 4, BUFFER_SIZE_MAX);
      g_clear_pointer (&self->buffer, g_free);
      return AIONET_NETLINK_RECEIVED_LOSS;
    }

  /* Port 0 is the kernel; nobody else has anything to tell us. */
  *bytes = (AionetNetlinkBytes){ self->buffer, sender.nl_pid == 0 ? (gsize) n : 0 };
  return AIONET_NETLINK_RECEIVED_BYTES;
}

gboolean
aionet_netlink_socket_drain (AionetNetlinkSocket *self)
{
  gboolean any = FALSE;
  char     byte = 0;

  for (guint i = 0; i < DRAIN_BATCH; i++)
    {
      const gssize n =
          recv (aionet_netlink_socket_get_fd (self), &byte, sizeof byte, MSG_DONTWAIT | MSG_TRUNC);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno != ENOBUFS)
        break;
      any = TRUE;
    }
  return any;
}
