/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-provider.h"

#include "aionet-nice-rto-cache.h"
#include "aionet-nice-schedule.h"
#include "aionet-nice-stream.h"
#include "aionet-nice-transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Asks STUN servers: libnice's codec for the bytes, the library's pipes for the packets. Holds what
 * outlives one question: how fast servers answer. One provider serves one main context. */
struct _AionetNiceProvider
{
  AionetStunProvider  parent_instance;

  AionetNiceRtoCache *cache; /* (owned) */
  guint               initial_rto;
};

typedef enum
{
  PROP_INITIAL_RTO = 1,
} AionetNiceProviderProperty;

static GParamSpec *props[PROP_INITIAL_RTO + 1];

G_DEFINE_FINAL_TYPE (AionetNiceProvider, aionet_nice_provider, AIONET_TYPE_STUN_PROVIDER)

static GQuark pipe_quark;

/* Late answers and strays are nobody's: without a reader the pipe would keep them. */
static void
discard (
    AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender, gpointer user_data)
{
}

/* The descriptor is duplicated so that the socket can own its pipe without the pipe owning the
 * socket: the pipe goes when whoever made the socket lets go of it. */
static AionetPipe *
make_pipe (GSocket *socket, GError **error)
{
  g_autoptr (GSocket) duplicate = NULL;
  AionetPipe *pipe;
  int         fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Socket for STUN: %s",
                   g_strerror (code));
      return NULL;
    }
  duplicate = g_socket_new_from_fd (fd, error);
  if (duplicate == NULL)
    {
      close (fd);
      return NULL;
    }
  pipe = aionet_pipe_new_for_socket (duplicate, NULL);
  aionet_pipe_set_message_func (pipe, discard, NULL, NULL);
  return pipe;
}

/* Returns: (transfer none) (nullable) the one pipe on socket */
static AionetPipe *
get_pipe (GSocket *socket, GError **error)
{
  AionetPipe *pipe = g_object_get_qdata (G_OBJECT (socket), pipe_quark);

  if (pipe != NULL && aionet_pipe_is_open (pipe))
    return pipe;
  pipe = make_pipe (socket, error);
  if (pipe != NULL)
    g_object_set_qdata_full (G_OBJECT (socket), pipe_quark, pipe, g_object_unref);
  return pipe;
}

static void
begin_udp (AionetNiceProvider *self, AionetStunRequest *request, GSocket *socket)
{
  g_autoptr (GError) error = NULL;
  AionetPipe *pipe = get_pipe (socket, &error);

  if (pipe != NULL)
    aionet_nice_transaction_start (request, pipe, self->cache, self->initial_rto);
  else
    aionet_request_fail (AIONET_REQUEST (request), error);
}

static void
aionet_nice_provider_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = aionet_stun_request_dup_socket (request, &error);

  if (socket == NULL)
    aionet_request_fail (AIONET_REQUEST (request), error);
  else if (aionet_stun_request_get_protocol (request) == G_SOCKET_PROTOCOL_TCP)
    aionet_nice_stream_start (request, socket);
  else
    begin_udp (AIONET_NICE_PROVIDER (provider), request, socket);
}

static void
aionet_nice_provider_finalize (GObject *object)
{
  AionetNiceProvider *self = AIONET_NICE_PROVIDER (object);

  aionet_nice_rto_cache_unref (self->cache);

  G_OBJECT_CLASS (aionet_nice_provider_parent_class)->finalize (object);
}

static void
aionet_nice_provider_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetNiceProvider *self = AIONET_NICE_PROVIDER (object);

  switch ((AionetNiceProviderProperty) id)
    {
    case PROP_INITIAL_RTO:
      g_value_set_uint (value, self->initial_rto);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_nice_provider_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  AionetNiceProvider *self = AIONET_NICE_PROVIDER (object);

  switch ((AionetNiceProviderProperty) id)
    {
    case PROP_INITIAL_RTO:
      if (self->initial_rto == g_value_get_uint (value))
        return;
      self->initial_rto = g_value_get_uint (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_nice_provider_class_init (AionetNiceProviderClass *klass)
{
  GObjectClass            *object_class = G_OBJECT_CLASS (klass);
  AionetStunProviderClass *provider_class = AIONET_STUN_PROVIDER_CLASS (klass);

  object_class->finalize = aionet_nice_provider_finalize;
  object_class->get_property = aionet_nice_provider_get_property;
  object_class->set_property = aionet_nice_provider_set_property;
  provider_class->begin = aionet_nice_provider_begin;

  pipe_quark = g_quark_from_static_string ("aionet-nice-pipe");

  /* How long to wait, in ms, before the first repetition to a server nothing is known of, and the
   * least to wait for any. RFC 8489, section 6.2.1: SHOULD be 500 ms or more on the Internet; less
   * is for networks that are known. */
  props[PROP_INITIAL_RTO] =
      g_param_spec_uint ("initial-rto", NULL, NULL, 1, 60000, AIONET_NICE_DEFAULT_RTO_MS,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_nice_provider_init (AionetNiceProvider *self)
{
  self->cache = aionet_nice_rto_cache_new ();
  self->initial_rto = AIONET_NICE_DEFAULT_RTO_MS;
}

static const AionetPluginProvider providers[] = {
  { aionet_nice_provider_get_type, 50 },
  { NULL, 0 },
};

AIONET_PLUGIN_DEFINE (nice,
                      "nice",
                      AIONET_VERSION_STRING,
                      "Asks STUN servers over UDP and TCP; messages by libnice",
                      "LGPL-2.1-or-later",
                      providers)
