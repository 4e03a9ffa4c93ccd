/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-poller-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* The kernel keeps the list: a turn costs what is ready, not what is watched. */

G_STATIC_ASSERT ((int) G_IO_IN == (int) EPOLLIN);
G_STATIC_ASSERT ((int) G_IO_OUT == (int) EPOLLOUT);
G_STATIC_ASSERT ((int) G_IO_ERR == (int) EPOLLERR);
G_STATIC_ASSERT ((int) G_IO_HUP == (int) EPOLLHUP);

#define MAX_EVENTS 32

struct _AionetPoller
{
  int fd;
};

AionetPoller *
_aionet_poller_new (GSource *source, GError **error)
{
  AionetPoller *self;
  int           fd = epoll_create1 (EPOLL_CLOEXEC);

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Cannot make an epoll descriptor: %s", g_strerror (code));
      return NULL;
    }
  self = g_new0 (AionetPoller, 1);
  self->fd = fd;
  g_source_add_unix_fd (source, fd, G_IO_IN);
  return self;
}

void
_aionet_poller_free (AionetPoller *self)
{
  close (self->fd);
  g_free (self);
}

gboolean
_aionet_poller_add (AionetPoller *self,
                    int           fd,
                    GIOCondition  condition,
                    AionetWatch  *watch,
                    gpointer     *slot,
                    GError      **error)
{
  struct epoll_event event = { .events = condition, .data.ptr = watch };
  int                code;

  if (epoll_ctl (self->fd, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot wait for descriptor %d: %s",
               fd, g_strerror (code));
  return FALSE;
}

void
_aionet_poller_modify (
    AionetPoller *self, int fd, GIOCondition condition, AionetWatch *watch, gpointer slot)
{
  struct epoll_event event = { .events = condition, .data.ptr = watch };

  if (epoll_ctl (self->fd, EPOLL_CTL_MOD, fd, &event) != 0)
    g_critical ("Descriptor %d was closed while it was watched: %s", fd, g_strerror (errno));
}

void
_aionet_poller_remove (AionetPoller *self, int fd, gpointer slot)
{
  struct epoll_event event = { 0 };

  epoll_ctl (self->fd, EPOLL_CTL_DEL, fd, &event);
}

guint
_aionet_poller_take (AionetPoller *self, AionetReady *ready, guint n_max)
{
  struct epoll_event events[MAX_EVENTS];
  int                n = epoll_wait (self->fd, events, (int) MIN (n_max, MAX_EVENTS), 0);

  for (int i = 0; i < n; i++)
    {
      ready[i].watch = events[i].data.ptr;
      ready[i].condition = (GIOCondition) events[i].events;
    }
  return n > 0 ? (guint) n : 0;
}
