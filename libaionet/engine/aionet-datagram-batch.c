/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-datagram-private.h"

#include <string.h>

#include "engine/aionet-datagram-control-private.h"

/* Holds any datagram. Not a power of two apart, or the first bytes of all buffers, which is all of
 * a small datagram, would compete for the same few lines of the processor's caches. */
#define BUFFER_SIZE 65536
#define BUFFER_STRIDE (BUFFER_SIZE + 192)

#ifndef HAVE_MMSG
struct mmsghdr
{
  struct msghdr msg_hdr;
  unsigned int  msg_len;
};

static int
recvmmsg (int fd, struct mmsghdr *headers, unsigned int n, int flags, void *timeout)
{
  unsigned int i;
  ssize_t      length = 0;

  for (i = 0; i < n; i++)
    {
      length = recvmsg (fd, &headers[i].msg_hdr, flags);
      if (length < 0)
        break;
      headers[i].msg_len = (unsigned int) length;
    }
  return i > 0 ? (int) i : -1;
}
#endif

struct _AionetDatagramBatch
{
  guint          n;       /* buffers filled */
  guint          at;      /* the one that is being taken apart */
  gsize          offset;  /* in it */
  guint          segment; /* size of its parts, 0: it is one */
  AionetSockaddr local;   /* where it was sent to */
  gboolean       in_use;

  struct mmsghdr headers[AIONET_MAX_BUFFERS];
  struct iovec   vectors[AIONET_MAX_BUFFERS];
  AionetSockaddr peers[AIONET_MAX_BUFFERS];
  AionetControl  controls[AIONET_MAX_BUFFERS];
  guint8        *buffers; /* (owned) pages nobody wrote to cost nothing */
};

static void
batch_free (gpointer data)
{
  AionetDatagramBatch *self = data;

  g_free (self->buffers);
  g_free (self);
}

static AionetDatagramBatch *
batch_new (void)
{
  AionetDatagramBatch *self = g_new0 (AionetDatagramBatch, 1);

  self->buffers = g_malloc ((gsize) AIONET_MAX_BUFFERS * BUFFER_STRIDE);
  for (guint i = 0; i < AIONET_MAX_BUFFERS; i++)
    {
      struct msghdr *header = &self->headers[i].msg_hdr;

      self->vectors[i] = (struct iovec){ self->buffers + (gsize) i * BUFFER_STRIDE, BUFFER_SIZE };
      header->msg_iov = &self->vectors[i];
      header->msg_iovlen = 1;
      header->msg_name = &self->peers[i];
      header->msg_control = self->controls[i].bytes;
    }
  return self;
}

static GPrivate batch_key = G_PRIVATE_INIT (batch_free);

AionetDatagramBatch *
_aionet_datagram_batch_acquire (void)
{
  AionetDatagramBatch *self = g_private_get (&batch_key);

  if (self == NULL)
    {
      self = batch_new ();
      g_private_set (&batch_key, self);
    }
  else if (self->in_use)
    self = batch_new ();
  self->in_use = TRUE;
  self->n = self->at = 0;
  return self;
}

void
_aionet_datagram_batch_release (AionetDatagramBatch *self)
{
  self->in_use = FALSE;
  if (self != g_private_get (&batch_key))
    batch_free (self);
}

int
_aionet_datagram_batch_receive (AionetDatagramBatch *self, int fd, guint n)
{
  int n_filled;

  for (guint i = 0; i < n; i++)
    {
      self->headers[i].msg_hdr.msg_namelen = sizeof self->peers[i];
      self->headers[i].msg_hdr.msg_controllen = sizeof self->controls[i].bytes;
    }
  n_filled = recvmmsg (fd, self->headers, n, MSG_DONTWAIT, NULL);
  self->n = n_filled > 0 ? (guint) n_filled : 0;
  self->at = 0;
  self->offset = 0;
  return n_filled;
}

gboolean
_aionet_datagram_batch_is_empty (AionetDatagramBatch *self)
{
  return self->at == self->n;
}

static void
begin_buffer (AionetDatagramBatch *self)
{
  struct msghdr *header = &self->headers[self->at].msg_hdr;

  if (header->msg_namelen < sizeof self->peers[0].v4)
    self->peers[self->at].any.sa_family = AF_UNSPEC;
  _aionet_control_read (header, &self->segment, &self->local);
}

gboolean
_aionet_datagram_batch_next (AionetDatagramBatch *self, AionetDatagram *datagram)
{
  gsize length, size;

  if (_aionet_datagram_batch_is_empty (self))
    return FALSE;
  if (self->offset == 0)
    begin_buffer (self);
  length = self->headers[self->at].msg_len;
  size = self->segment > 0 ? MIN (self->segment, length - self->offset) : length;
  datagram->data = (const guint8 *) self->vectors[self->at].iov_base + self->offset;
  datagram->length = size;
  datagram->peer = &self->peers[self->at];
  datagram->local = self->local.any.sa_family != AF_UNSPEC ? &self->local : NULL;
  self->offset += size;
  if (self->offset >= length)
    {
      self->at++;
      self->offset = 0;
    }
  return TRUE;
}
