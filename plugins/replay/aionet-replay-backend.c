/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-backend.h"

#include "aionet-replay-file.h"
#include "aionet-replay-provider.h"

/* The file is read anew for each request, since the core takes the links it gets for its own. */

struct _AionetReplayBackend
{
  AionetAddressBackend parent_instance;

  char                *file; /* (owned) (nullable) */
};

typedef enum
{
  PROP_FILE = 1,
} AionetReplayBackendProperty;

static GParamSpec *props[PROP_FILE + 1];

G_DEFINE_FINAL_TYPE (AionetReplayBackend, aionet_replay_backend, AIONET_TYPE_ADDRESS_BACKEND)

static AionetReplayDocument *
load (AionetReplayBackend *self, GError **error)
{
  if (self->file != NULL)
    return aionet_replay_file_load (self->file, error);
  g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER,
                       "AIONET_REPLAY_FILE names no file to replay");
  return NULL;
}

static void
aionet_replay_backend_begin (AionetAddressBackend *backend, AionetRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetReplayDocument) document = load (AIONET_REPLAY_BACKEND (backend), &error);

  if (document == NULL)
    aionet_request_fail (request, error);
  else
    aionet_request_complete (request, G_OBJECT (aionet_replay_document_get_links (document)));
}

static gboolean
aionet_replay_backend_is_supported (AionetProvider *provider, GError **error)
{
  g_autoptr (AionetReplayDocument) document = load (AIONET_REPLAY_BACKEND (provider), error);

  return document != NULL;
}

static void
aionet_replay_backend_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetReplayBackend *self = AIONET_REPLAY_BACKEND (object);

  switch ((AionetReplayBackendProperty) id)
    {
    case PROP_FILE:
      g_value_set_string (value, self->file);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_replay_backend_set_property (GObject      *object,
                                    guint         id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  AionetReplayBackend *self = AIONET_REPLAY_BACKEND (object);

  switch ((AionetReplayBackendProperty) id)
    {
    case PROP_FILE:
      if (g_strcmp0 (self->file, g_value_get_string (value)) == 0)
        return;
      g_free (self->file);
      self->file = g_value_dup_string (value);
      g_object_notify_by_pspec (object, pspec);
      aionet_address_backend_emit_changed (AIONET_ADDRESS_BACKEND (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_replay_backend_finalize (GObject *object)
{
  AionetReplayBackend *self = AIONET_REPLAY_BACKEND (object);

  g_free (self->file);

  G_OBJECT_CLASS (aionet_replay_backend_parent_class)->finalize (object);
}

static void
aionet_replay_backend_class_init (AionetReplayBackendClass *klass)
{
  GObjectClass              *object_class = G_OBJECT_CLASS (klass);
  AionetProviderClass       *provider_class = AIONET_PROVIDER_CLASS (klass);
  AionetAddressBackendClass *backend_class = AIONET_ADDRESS_BACKEND_CLASS (klass);

  object_class->get_property = aionet_replay_backend_get_property;
  object_class->set_property = aionet_replay_backend_set_property;
  object_class->finalize = aionet_replay_backend_finalize;
  provider_class->is_supported = aionet_replay_backend_is_supported;
  backend_class->begin = aionet_replay_backend_begin;

  /* The file to replay; AIONET_REPLAY_FILE at first, NULL for none. */
  props[PROP_FILE] =
      g_param_spec_string ("file", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_replay_backend_init (AionetReplayBackend *self)
{
  self->file = aionet_replay_file_dup_default ();
}

/* Behind everything that looks at the host itself: a replay is wished for by name. */
static const AionetPluginProvider providers[] = {
  { aionet_replay_backend_get_type, -10 },
  { aionet_replay_provider_get_type, -10 },
  { NULL, 0 },
};

AIONET_PLUGIN_DEFINE (replay,
                      "replay",
                      AIONET_VERSION_TEXT,
                      "A host and its STUN answers from a JSON file",
                      "LGPL-2.1-or-later",
                      providers)
