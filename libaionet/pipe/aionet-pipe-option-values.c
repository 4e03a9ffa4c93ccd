/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-options-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/aionet-task-private.h"

/* macOS calls it so. */
#if !defined(TCP_KEEPIDLE) && defined(TCP_KEEPALIVE)
#define TCP_KEEPIDLE TCP_KEEPALIVE
#endif

typedef struct
{
  int             initial;
  const char     *name;     /* (nullable) NULL: the socket does not know of it */
  GSocketProtocol protocol; /* that has it; unknown: all */
  int             level, option;
  int             level_v6, option_v6; /* 0: as in IPv4 */
  int             none;                /* what brings the system's value back, if value is 0 */
} OptionInfo;

#define NO_WAY_BACK G_MININT

static const OptionInfo infos[AIONET_N_OPTIONS] = {
  [AIONET_OPTION_RECEIVE_TIMEOUT_MS] = { .initial = 0 },
  [AIONET_OPTION_IDLE_TIMEOUT_MS] = { .initial = 0 },
  [AIONET_OPTION_LINGER_MS] = { .initial = -1 },
  [AIONET_OPTION_KEEP_ALIVE] = { 0, "keep-alive", G_SOCKET_PROTOCOL_TCP, SOL_SOCKET, SO_KEEPALIVE },
#ifdef TCP_KEEPIDLE
  [AIONET_OPTION_KEEP_ALIVE_IDLE_S] = { 0, "keep-alive-idle-s", G_SOCKET_PROTOCOL_TCP, IPPROTO_TCP,
                                        TCP_KEEPIDLE, .none = NO_WAY_BACK },
#endif
#ifdef TCP_KEEPINTVL
  [AIONET_OPTION_KEEP_ALIVE_INTERVAL_S] = { 0, "keep-alive-interval-s", G_SOCKET_PROTOCOL_TCP,
                                            IPPROTO_TCP, TCP_KEEPINTVL, .none = NO_WAY_BACK },
#endif
  [AIONET_OPTION_REUSE_ADDRESS] = { 0, "reuse-address", G_SOCKET_PROTOCOL_UDP, SOL_SOCKET,
                                    SO_REUSEADDR },
  [AIONET_OPTION_BROADCAST] = { 0, "broadcast", G_SOCKET_PROTOCOL_UDP, SOL_SOCKET, SO_BROADCAST },
  [AIONET_OPTION_TTL] = { 0, "ttl", G_SOCKET_PROTOCOL_UNKNOWN, IPPROTO_IP, IP_TTL, IPPROTO_IPV6,
                          IPV6_UNICAST_HOPS, -1 },
  [AIONET_OPTION_TOS] = { 0, "tos", G_SOCKET_PROTOCOL_UNKNOWN, IPPROTO_IP, IP_TOS, IPPROTO_IPV6,
                          IPV6_TCLASS },
  [AIONET_OPTION_MULTICAST_TTL] = { 1, "multicast-ttl", G_SOCKET_PROTOCOL_UDP, IPPROTO_IP,
                                    IP_MULTICAST_TTL, IPPROTO_IPV6, IPV6_MULTICAST_HOPS },
  [AIONET_OPTION_MULTICAST_LOOPBACK] = { 1, "multicast-loopback", G_SOCKET_PROTOCOL_UDP, IPPROTO_IP,
                                         IP_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP },
  [AIONET_OPTION_NO_DELAY] = { 1, "no-delay", G_SOCKET_PROTOCOL_TCP, IPPROTO_TCP, TCP_NODELAY },
  [AIONET_OPTION_SEND_BUFFER_BYTES] = { 0, "send-buffer-bytes", G_SOCKET_PROTOCOL_UNKNOWN,
                                        SOL_SOCKET, SO_SNDBUF, .none = NO_WAY_BACK },
  [AIONET_OPTION_RECEIVE_BUFFER_BYTES] = { 0, "receive-buffer-bytes", G_SOCKET_PROTOCOL_UNKNOWN,
                                           SOL_SOCKET, SO_RCVBUF, .none = NO_WAY_BACK },
};

AionetPipeOptions *
_aionet_pipe_ensure_options (AionetPipe *self)
{
  if (self->options != NULL)
    return self->options;
  self->options = g_new0 (AionetPipeOptions, 1);
  for (guint i = 0; i < AIONET_N_OPTIONS; i++)
    self->options->values[i] = infos[i].initial;
  return self->options;
}

int
_aionet_pipe_get_option (AionetPipe *self, AionetPipeOption option)
{
  return self->options != NULL ? self->options->values[option] : infos[option].initial;
}

static gboolean
fail (const OptionInfo *info, int value, GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot set %s to %d: %s",
               info->name, value, g_strerror (code));
  return FALSE;
}

static gboolean
apply_number (const OptionInfo *info, int fd, gboolean is_v6, int value, GError **error)
{
  gboolean differs = is_v6 && info->option_v6 != 0;
  int      number = value == 0 && info->none != 0 ? info->none : value;

  if (number == NO_WAY_BACK || info->name == NULL)
    return TRUE;
  if (setsockopt (fd, differs ? info->level_v6 : info->level,
                  differs ? info->option_v6 : info->option, &number, sizeof number) == 0)
    return TRUE;
  return fail (info, value, error);
}

/* More than zero seconds would block in close (), on sockets that never block, too. */
static gboolean
apply_abort (int fd, gboolean on, GError **error)
{
  const struct linger linger = { on, 0 };

  if (setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0)
    return TRUE;
  return fail (&(OptionInfo){ .name = "linger-ms" }, on ? 0 : -1, error);
}

static gboolean
is_v6_socket (int fd)
{
  AionetSockaddr local = { 0 };
  socklen_t      size = sizeof local;

  return getsockname (fd, &local.any, &size) == 0 && local.any.sa_family == AF_INET6;
}

static gboolean
apply (AionetPipe *self, int fd, AionetPipeOption option, GError **error)
{
  const OptionInfo *info = &infos[option];
  int               value = self->options->values[option];

  if (option == AIONET_OPTION_LINGER_MS)
    return self->protocol == G_SOCKET_PROTOCOL_UDP || apply_abort (fd, value == 0, error);
  if (info->protocol != G_SOCKET_PROTOCOL_UNKNOWN && (int) info->protocol != (int) self->protocol)
    return TRUE;
  return apply_number (info, fd, is_v6_socket (fd), value, error);
}

gboolean
_aionet_pipe_apply_options (AionetPipe *self, int fd, GError **error)
{
  if (self->options == NULL || self->options->chosen == 0)
    return TRUE;
  for (guint i = 0; i < AIONET_N_OPTIONS; i++)
    if ((self->options->chosen & (1u << i)) != 0 && !apply (self, fd, (AionetPipeOption) i, error))
      return FALSE;
  return TRUE;
}

gboolean
_aionet_pipe_set_option (AionetPipe *self, AionetPipeOption option, int value)
{
  g_autoptr (GError) error = NULL;

  if (_aionet_pipe_get_option (self, option) == value)
    return FALSE;
  _aionet_pipe_ensure_options (self)->values[option] = value;
  self->options->chosen |= 1u << option;
  /* It is for what is sent from now on. */
  _aionet_pipe_flush_collected (self);
  /* Ranges are checked: what fails here is the system's doing, and nobody is there to be told. */
  if (self->fd >= 0 && !apply (self, self->fd, option, &error))
    g_warning ("%s", error->message);
  if (option == AIONET_OPTION_IDLE_TIMEOUT_MS)
    _aionet_pipe_update_idle (self);
  return TRUE;
}

void
_aionet_pipe_inherit_options (AionetPipe *self, AionetPipe *server)
{
  AionetPipeOptions *options;

  if (server->options == NULL)
    return;
  options = _aionet_pipe_ensure_options (self);
  memcpy (options->values, server->options->values, sizeof options->values);
  options->chosen = server->options->chosen;
}

void
_aionet_pipe_apply_linger (AionetPipe *self)
{
#ifdef TCP_USER_TIMEOUT
  int value = _aionet_pipe_get_option (self, AIONET_OPTION_LINGER_MS);

  if (value > 0 && self->protocol == G_SOCKET_PROTOCOL_TCP && self->fd >= 0)
    setsockopt (self->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
#endif
}

void
_aionet_pipe_clear_options (AionetPipe *self)
{
  if (self->options == NULL)
    return;
  _aionet_clear_source (&self->options->idle_timer);
  g_clear_pointer (&self->options->groups, g_ptr_array_unref);
  g_clear_pointer (&self->options, g_free);
}
