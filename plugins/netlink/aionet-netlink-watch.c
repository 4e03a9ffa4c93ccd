/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-watch.h"

#include "aionet-netlink-socket.h"

#include <glib-unix.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <sys/socket.h>

/* Events say only that something changed; what, the next listing tells. That makes lost events
 * (ENOBUFS) events too, and their content harmless.
 *
 * A router with a full table has hundreds of route events a second that are none of our business;
 * a filter in the kernel lets default routes and operator-made local routes through, so the others
 * do not even wake us. */

#define COALESCE_MS 50

#define GROUPS                                                                                     \
  (RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | \
   RTMGRP_IPV4_RULE | 1u << (RTNLGRP_IPV6_RULE - 1))

struct _AionetNetlinkWatch
{
  AionetNetlinkSocket *socket;
  GMainContext        *context;
  GSource             *source;
  GSource             *timer; /* (nullable): runs from the first event of a burst */
  void (*changed) (gpointer user_data);
  gpointer user_data;
};

#define ROUTE_OFFSET(member) (NLMSG_HDRLEN + offsetof (struct rtmsg, member))
#define LOAD_BYTE(offset) BPF_STMT (BPF_LD | BPF_B | BPF_ABS, (offset))
#define IF_EQUAL(value, yes, no) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define RETURN(value) BPF_STMT (BPF_RET | BPF_K, (value))

static gboolean
set_filter (AionetNetlinkSocket *nl_socket)
{
  struct sock_filter code[] = {
    /* 0: the type is in host order, the filter reads network order */
    BPF_STMT (BPF_LD | BPF_H | BPF_ABS, offsetof (struct nlmsghdr, nlmsg_type)),
    /* 1 */ IF_EQUAL (GUINT16_TO_BE (RTM_NEWROUTE), 1, 0),
    /* 2 */ IF_EQUAL (GUINT16_TO_BE (RTM_DELROUTE), 0, 9),
    /* 3 */ LOAD_BYTE (ROUTE_OFFSET (rtm_table)),
    /* 4 */ IF_EQUAL (RT_TABLE_LOCAL, 2, 0),
    /* 5 */ LOAD_BYTE (ROUTE_OFFSET (rtm_dst_len)),
    /* 6 */ IF_EQUAL (0, 5, 4),
    /* 7 */ LOAD_BYTE (ROUTE_OFFSET (rtm_type)),
    /* 8 */ IF_EQUAL (RTN_LOCAL, 0, 2),
    /* 9 */ LOAD_BYTE (ROUTE_OFFSET (rtm_protocol)),
    /* 10 */ IF_EQUAL (RTPROT_KERNEL, 0, 1),
    /* 11 */ RETURN (0),
    /* 12 */ RETURN (G_MAXUINT32),
  };
  const struct sock_fprog program = { G_N_ELEMENTS (code), code };

  return setsockopt (aionet_netlink_socket_get_fd (nl_socket), SOL_SOCKET, SO_ATTACH_FILTER,
                     &program, sizeof program) == 0;
}

static gboolean
on_burst_over (gpointer user_data)
{
  AionetNetlinkWatch *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  /* May free self. */
  self->changed (self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_event (int fd, GIOCondition condition, gpointer user_data)
{
  AionetNetlinkWatch *self = user_data;

  if (aionet_netlink_socket_drain (self->socket) && self->timer == NULL)
    {
      self->timer = g_timeout_source_new (COALESCE_MS);
      g_source_set_static_name (self->timer, "[aionet] netlink burst");
      g_source_set_callback (self->timer, on_burst_over, self, NULL);
      g_source_attach (self->timer, self->context);
    }
  return G_SOURCE_CONTINUE;
}

AionetNetlinkWatch *
aionet_netlink_watch_new (GMainContext *context,
                          void (*changed) (gpointer user_data),
                          gpointer user_data,
                          GError **error)
{
  g_autoptr (AionetNetlinkSocket) nl_socket = aionet_netlink_socket_new (GROUPS, error);
  AionetNetlinkWatch *self = NULL;

  if (nl_socket == NULL)
    return NULL;
  if (!set_filter (nl_socket))
    g_debug ("Every route event will wake the watch: the kernel refused its filter");

  self = g_new0 (AionetNetlinkWatch, 1);
  self->socket = g_steal_pointer (&nl_socket);
  self->context = g_main_context_ref (context);
  self->changed = changed;
  self->user_data = user_data;
  self->source =
      g_unix_fd_source_new (aionet_netlink_socket_get_fd (self->socket), G_IO_IN | G_IO_ERR);
  g_source_set_static_name (self->source, "[aionet] netlink watch");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_event), self, NULL);
  g_source_attach (self->source, context);
  return self;
}

void
aionet_netlink_watch_free (AionetNetlinkWatch *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_main_context_unref (self->context);
  aionet_netlink_socket_free (self->socket);
  g_free (self);
}
