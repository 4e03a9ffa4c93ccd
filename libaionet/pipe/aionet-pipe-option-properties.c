/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-options-private.h"

/* What a program reads and sets of a socket. What it means for the socket is in
 * aionet-pipe-option-values.c. */

static GParamSpec *props[AIONET_N_OPTIONS];

static GParamSpec *
flag_property (const char *name, gboolean value)
{
  return g_param_spec_boolean (name, NULL, NULL, value,
                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                   G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
number_property (const char *name, guint maximum, guint value)
{
  return g_param_spec_uint (name, NULL, NULL, 0, maximum, value,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_time_options (void)
{
  /**
   * AionetPipe:receive-timeout-ms: (getter get_receive_timeout_ms) (setter set_receive_timeout_ms)
   *
   * How long [method@Pipe.receive_async], and the other calls that receive from the queue of the
   * pipe, wait when they are given a negative time, in milliseconds; 0, as long as nothing else is
   * set: for ever.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_RECEIVE_TIMEOUT_MS] = number_property ("receive-timeout-ms", G_MAXINT, 0);

  /**
   * AionetPipe:idle-timeout-ms: (getter get_idle_timeout_ms) (setter set_idle_timeout_ms)
   *
   * After how long without a message either way the pipe is closed, in milliseconds; 0, unless
   * set: never. The silence is noticed up to a quarter of that time late; [signal@Pipe::closed]
   * then tells %G_IO_ERROR_TIMED_OUT. A TCP server stays open, its clients inherit the property.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_IDLE_TIMEOUT_MS] = number_property ("idle-timeout-ms", G_MAXINT, 0);

  /**
   * AionetPipe:linger-ms: (getter get_linger_ms) (setter set_linger_ms)
   *
   * How long the system goes on, in the background, to deliver what it had taken when a pipe is
   * closed, in milliseconds. -1, unless set: as long as it sees fit. 0: not at all; the peer sees
   * a reset. Closing never blocks. TCP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_LINGER_MS] =
      g_param_spec_int ("linger-ms", NULL, NULL, -1, G_MAXINT, -1,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_tcp_options (void)
{
  /**
   * AionetPipe:keep-alive: (getter get_keep_alive) (setter set_keep_alive)
   *
   * Whether the system asks a silent peer for signs of life (RFC 9293, section 3.8.4) and closes
   * the connection when there are none; %FALSE unless set. TCP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_KEEP_ALIVE] = flag_property ("keep-alive", FALSE);

  /**
   * AionetPipe:keep-alive-idle-s: (getter get_keep_alive_idle_s) (setter set_keep_alive_idle_s)
   *
   * After how much silence [property@Pipe:keep-alive] asks for the first time, in seconds; 0: what
   * the system says, which setting 0 again does not bring back. TCP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_KEEP_ALIVE_IDLE_S] = number_property ("keep-alive-idle-s", 32767, 0);

  /**
   * AionetPipe:keep-alive-interval-s: (getter get_keep_alive_interval_s)
   *
   * How long [property@Pipe:keep-alive] waits for an answer before it asks again, in seconds; 0:
   * what the system says, which setting 0 again does not bring back. TCP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_KEEP_ALIVE_INTERVAL_S] = number_property ("keep-alive-interval-s", 32767, 0);

  /**
   * AionetPipe:no-delay: (getter get_no_delay) (setter set_no_delay)
   *
   * Whether small messages are sent at once instead of being collected (Nagle’s algorithm, RFC
   * 9293, section 3.7.4); %TRUE unless set. TCP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_NO_DELAY] = flag_property ("no-delay", TRUE);
}

static void
install_datagram_options (void)
{
  /**
   * AionetPipe:reuse-address: (getter get_reuse_address) (setter set_reuse_address)
   *
   * Whether other sockets that ask for it too may be bound to the same port (`SO_REUSEADDR`), as
   * listeners to a multicast group are; %FALSE unless set. UDP only, where it has to be set before
   * the pipe is opened to have an effect on its own port. A TCP server can always be restarted at
   * once on its port.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_REUSE_ADDRESS] = flag_property ("reuse-address", FALSE);

  /**
   * AionetPipe:broadcast: (getter get_broadcast) (setter set_broadcast)
   *
   * Whether the pipe may send to broadcast addresses; %FALSE unless set. UDP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_BROADCAST] = flag_property ("broadcast", FALSE);

  /**
   * AionetPipe:multicast-ttl: (getter get_multicast_ttl) (setter set_multicast_ttl)
   *
   * How many routers a packet to a multicast group may pass; 1, unless set: it stays on the link.
   * 0: it stays on the host. UDP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_MULTICAST_TTL] = number_property ("multicast-ttl", 255, 1);

  /**
   * AionetPipe:multicast-loopback: (getter get_multicast_loopback) (setter set_multicast_loopback)
   *
   * Whether what is sent to a multicast group also reaches members on this host; %TRUE unless set.
   * UDP only.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_MULTICAST_LOOPBACK] = flag_property ("multicast-loopback", TRUE);
}

static void
install_packet_options (void)
{
  /**
   * AionetPipe:ttl: (getter get_ttl) (setter set_ttl)
   *
   * How many routers a packet may pass: the time to live of IPv4, the hop limit of IPv6; 0, unless
   * set: what the system says. For multicast see [property@Pipe:multicast-ttl].
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_TTL] = number_property ("ttl", 255, 0);

  /**
   * AionetPipe:tos: (getter get_tos) (setter set_tos)
   *
   * The type of service byte of IPv4, the traffic class of IPv6: the code point of RFC 2474 in the
   * upper six bits; 0 unless set. The lower two belong to congestion control (RFC 3168), on TCP
   * the system keeps them.
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_TOS] = number_property ("tos", 255, 0);

  /**
   * AionetPipe:send-buffer-bytes: (getter get_send_buffer_bytes) (setter set_send_buffer_bytes)
   *
   * How much the system buffers for sending, in bytes; 0, unless set: what it sees fit, which on
   * TCP follows the connection; setting 0 again does not bring that back. The system has a limit
   * of its own, and Linux doubles the number for its book-keeping. It comes before
   * [property@Pipe:send-queue-bytes].
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_SEND_BUFFER_BYTES] = number_property ("send-buffer-bytes", G_MAXINT, 0);

  /**
   * AionetPipe:receive-buffer-bytes: (getter get_receive_buffer_bytes)
   *
   * How much the system buffers that was received, in bytes, as [property@Pipe:send-buffer-bytes].
   * It comes before [property@Pipe:receive-queue-bytes].
   *
   * Since: 0.1
   */
  props[AIONET_OPTION_RECEIVE_BUFFER_BYTES] = number_property ("receive-buffer-bytes", G_MAXINT, 0);
}

void
_aionet_pipe_install_options (GObjectClass *object_class, guint first_id)
{
  install_time_options ();
  install_tcp_options ();
  install_datagram_options ();
  install_packet_options ();
  for (guint i = 0; i < AIONET_N_OPTIONS; i++)
    g_object_class_install_property (object_class, first_id + i, props[i]);
}

void
_aionet_pipe_get_option_property (AionetPipe *self, AionetPipeOption option, GValue *value)
{
  int number = _aionet_pipe_get_option (self, option);

  if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, number);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, (guint) number);
  else
    g_value_set_int (value, number);
}

void
_aionet_pipe_change_option (AionetPipe *self, AionetPipeOption option, int value)
{
  if (_aionet_pipe_set_option (self, option, value))
    g_object_notify_by_pspec (G_OBJECT (self), props[option]);
}

void
_aionet_pipe_set_option_property (AionetPipe *self, AionetPipeOption option, const GValue *value)
{
  if (G_VALUE_HOLDS_BOOLEAN (value))
    _aionet_pipe_change_option (self, option, g_value_get_boolean (value));
  else if (G_VALUE_HOLDS_UINT (value))
    _aionet_pipe_change_option (self, option, (int) g_value_get_uint (value));
  else
    _aionet_pipe_change_option (self, option, g_value_get_int (value));
}
