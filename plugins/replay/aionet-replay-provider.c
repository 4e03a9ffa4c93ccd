/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-provider.h"

#include "aionet-replay-file.h"

/* No packet is sent and no socket opened. An answer waits for its round trip in a timer of the
 * asker's context; silence is a source that only waits for the request to end. Either source holds
 * the request, so none is dropped unanswered and none outlives its end. */

/* For requests that leave the local endpoint to the system, which would pick one from here on. */
#define LOCAL_PORT 49152

struct _AionetReplayProvider
{
  AionetStunProvider    parent_instance;

  char                 *file;     /* (owned) (nullable) */
  AionetReplayDocument *document; /* (owned) (nullable): as it was at stamp */
  guint64               stamp;
};

typedef enum
{
  PROP_FILE = 1,
} AionetReplayProviderProperty;

static GParamSpec *props[PROP_FILE + 1];

G_DEFINE_FINAL_TYPE (AionetReplayProvider, aionet_replay_provider, AIONET_TYPE_STUN_PROVIDER)

typedef struct
{
  AionetStunRequest *request; /* (owned) */
  AionetMapping     *mapping; /* (owned) (nullable) */
  GError            *failure; /* (owned) (nullable) */
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_clear_object (&self->request);
  g_clear_object (&self->mapping);
  g_clear_error (&self->failure);
  g_free (self);
}

/* One load asks a dozen times; the file is read once as long as it stays the same. */
static gboolean
ensure_document (AionetReplayProvider *self, GError **error)
{
  guint64 stamp = 0;

  if (self->file == NULL)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER,
                           "AIONET_REPLAY_FILE names no file to replay");
      return FALSE;
    }
  stamp = aionet_replay_file_get_stamp (self->file);
  if (self->document != NULL && stamp != 0 && stamp == self->stamp)
    return TRUE;

  g_clear_pointer (&self->document, aionet_replay_document_unref);
  self->stamp = stamp;
  self->document = aionet_replay_file_load (self->file, error);
  return self->document != NULL;
}

static GInetSocketAddress *
build_endpoint (GInetAddress *address, GInetSocketAddress *port_of)
{
  const guint16 port = port_of != NULL ? g_inet_socket_address_get_port (port_of) : 0;

  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new (address, port != 0 ? port : LOCAL_PORT));
}

static Answer *
build_answer (AionetStunRequest *request, const AionetReplayMapping *record)
{
  GSocketAddress     *address = aionet_stun_request_get_local_address (request);
  GInetSocketAddress *asked_from =
      G_IS_INET_SOCKET_ADDRESS (address) ? G_INET_SOCKET_ADDRESS (address) : NULL;
  g_autoptr (GInetSocketAddress) local = NULL;
  g_autoptr (GInetSocketAddress) external = NULL;
  Answer *answer = g_new0 (Answer, 1);

  answer->request = g_object_ref (request);
  if (record == NULL)
    return answer;
  if (record->failure != NULL)
    {
      answer->failure =
          g_error_new_literal (AIONET_ERROR, AIONET_ERROR_STUN_FAILED, record->failure);
      return answer;
    }

  local = build_endpoint (record->local, asked_from);
  external = build_endpoint (record->external, asked_from);
  answer->mapping =
      g_object_new (AIONET_TYPE_MAPPING, "protocol", aionet_stun_request_get_protocol (request),
                    "server", aionet_stun_request_get_server (request), "local", local, "external",
                    external, "round-trip-us", (gint64) record->rtt_ms * 1000, "n-sent", 1u, NULL);
  return answer;
}

static gboolean
on_time (gpointer user_data)
{
  Answer        *answer = user_data;
  AionetRequest *request = AIONET_REQUEST (answer->request);

  if (aionet_request_is_done (request))
    return G_SOURCE_REMOVE;
  if (answer->failure != NULL)
    aionet_request_fail (request, answer->failure);
  else
    aionet_request_complete (request, G_OBJECT (answer->mapping));
  return G_SOURCE_REMOVE;
}

static gboolean
on_given_up (GCancellable *cancellable, gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

static gboolean
keep_waiting (GCancellable *cancellable, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
answer_after (Answer *answer, guint rtt_ms)
{
  GCancellable *cancellable = aionet_request_get_cancellable (AIONET_REQUEST (answer->request));
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) timer = g_timeout_source_new (rtt_ms);
  g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

  g_source_set_callback (cancelled, G_SOURCE_FUNC (keep_waiting), NULL, NULL);
  g_source_set_static_name (timer, "[aionet] replayed round trip");
  g_source_set_callback (timer, on_time, answer, answer_free);
  g_source_add_child_source (timer, cancelled);
  g_source_attach (timer, context);
}

static void
stay_silent (Answer *answer)
{
  GCancellable *cancellable = aionet_request_get_cancellable (AIONET_REQUEST (answer->request));
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

  g_source_set_static_name (source, "[aionet] replayed silence");
  g_source_set_callback (source, G_SOURCE_FUNC (on_given_up), answer, answer_free);
  g_source_attach (source, context);
}

static void
aionet_replay_provider_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  AionetReplayProvider      *self = AIONET_REPLAY_PROVIDER (provider);
  GSocketAddress            *local = aionet_stun_request_get_local_address (request);
  GInetSocketAddress        *server = aionet_stun_request_get_server (request);
  const AionetReplayMapping *record = NULL;
  g_autoptr (GError) error = NULL;
  Answer *answer = NULL;

  if (!ensure_document (self, &error))
    {
      aionet_request_fail (AIONET_REQUEST (request), error);
      return;
    }
  /* The format has nothing to say on answers from other addresses; nobody sends them. */
  if (aionet_stun_request_get_change (request) == AIONET_STUN_CHANGE_NONE)
    record = aionet_replay_document_find_mapping (
        self->document,
        G_IS_INET_SOCKET_ADDRESS (local)
            ? g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local))
            : NULL,
        server, aionet_stun_request_get_protocol (request));

  answer = build_answer (request, record);
  if (record != NULL)
    answer_after (answer, record->rtt_ms);
  else
    stay_silent (answer);
}

static char **
aionet_replay_provider_dup_servers (AionetStunProvider *provider)
{
  AionetReplayProvider *self = AIONET_REPLAY_PROVIDER (provider);

  /* What is wrong with the file, the request that follows tells. */
  if (!ensure_document (self, NULL))
    return NULL;
  return g_strdupv ((char **) aionet_replay_document_get_servers (self->document));
}

static gboolean
aionet_replay_provider_is_supported (AionetProvider *provider, GError **error)
{
  return ensure_document (AIONET_REPLAY_PROVIDER (provider), error);
}

static void
aionet_replay_provider_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetReplayProvider *self = AIONET_REPLAY_PROVIDER (object);

  switch ((AionetReplayProviderProperty) id)
    {
    case PROP_FILE:
      g_value_set_string (value, self->file);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_replay_provider_set_property (GObject      *object,
                                     guint         id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  AionetReplayProvider *self = AIONET_REPLAY_PROVIDER (object);

  switch ((AionetReplayProviderProperty) id)
    {
    case PROP_FILE:
      if (g_strcmp0 (self->file, g_value_get_string (value)) == 0)
        return;
      g_free (self->file);
      self->file = g_value_dup_string (value);
      g_clear_pointer (&self->document, aionet_replay_document_unref);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_replay_provider_finalize (GObject *object)
{
  AionetReplayProvider *self = AIONET_REPLAY_PROVIDER (object);

  g_clear_pointer (&self->document, aionet_replay_document_unref);
  g_free (self->file);

  G_OBJECT_CLASS (aionet_replay_provider_parent_class)->finalize (object);
}

static void
aionet_replay_provider_class_init (AionetReplayProviderClass *klass)
{
  GObjectClass            *object_class = G_OBJECT_CLASS (klass);
  AionetProviderClass     *provider_class = AIONET_PROVIDER_CLASS (klass);
  AionetStunProviderClass *stun_class = AIONET_STUN_PROVIDER_CLASS (klass);

  object_class->get_property = aionet_replay_provider_get_property;
  object_class->set_property = aionet_replay_provider_set_property;
  object_class->finalize = aionet_replay_provider_finalize;
  provider_class->is_supported = aionet_replay_provider_is_supported;
  stun_class->begin = aionet_replay_provider_begin;
  stun_class->dup_servers = aionet_replay_provider_dup_servers;

  /* The file to replay; AIONET_REPLAY_FILE at first, NULL for none. */
  props[PROP_FILE] =
      g_param_spec_string ("file", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_replay_provider_init (AionetReplayProvider *self)
{
  self->file = aionet_replay_file_dup_default ();
}
