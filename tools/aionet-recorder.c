/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-recorder.h"

struct _AionetRecorder
{
  AionetStunProvider  parent_instance;

  AionetStunProvider *provider; /* (owned) */
  GPtrArray          *sources;  /* (owned) (element-type RecordedSource) */
};

G_DEFINE_FINAL_TYPE (AionetRecorder, aionet_recorder, AIONET_TYPE_STUN_PROVIDER)

static void
source_free (gpointer data)
{
  RecordedSource *self = data;

  g_object_unref (self->local);
  g_free (self->interface);
  g_free (self);
}

static RecordedSource *
get_source (AionetRecorder *self, GInetSocketAddress *local, const char *interface)
{
  GInetAddress   *address = g_inet_socket_address_get_address (local);
  RecordedSource *source;

  for (guint i = 0; i < self->sources->len; i++)
    {
      source = self->sources->pdata[i];
      if (g_inet_address_equal (source->local, address) &&
          g_strcmp0 (source->interface, interface) == 0)
        return source;
    }
  source = g_new0 (RecordedSource, 1);
  source->local = g_object_ref (address);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    source->scope_id = g_inet_socket_address_get_scope_id (local);
  source->interface = g_strdup (interface);
  g_ptr_array_add (self->sources, source);
  return source;
}

static void
aionet_recorder_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  AionetRecorder *self = AIONET_RECORDER (provider);
  GSocketAddress *local = aionet_stun_request_get_local_address (request);

  /* A load always says where it asks from. */
  if (G_IS_INET_SOCKET_ADDRESS (local))
    get_source (self, G_INET_SOCKET_ADDRESS (local),
                aionet_stun_request_get_interface_name (request))
        ->tcp |= aionet_stun_request_get_protocol (request) == G_SOCKET_PROTOCOL_TCP;
  AIONET_STUN_PROVIDER_GET_CLASS (self->provider)->begin (self->provider, request);
}

static char **
aionet_recorder_dup_servers (AionetStunProvider *provider)
{
  return aionet_stun_provider_dup_servers (AIONET_RECORDER (provider)->provider);
}

static void
aionet_recorder_finalize (GObject *object)
{
  AionetRecorder *self = AIONET_RECORDER (object);

  g_clear_object (&self->provider);
  g_ptr_array_unref (self->sources);

  G_OBJECT_CLASS (aionet_recorder_parent_class)->finalize (object);
}

static void
aionet_recorder_class_init (AionetRecorderClass *klass)
{
  AionetStunProviderClass *provider_class = AIONET_STUN_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = aionet_recorder_finalize;
  provider_class->begin = aionet_recorder_begin;
  provider_class->dup_servers = aionet_recorder_dup_servers;
}

static void
aionet_recorder_init (AionetRecorder *self)
{
  self->sources = g_ptr_array_new_with_free_func (source_free);
}

AionetRecorder *
aionet_recorder_new (AionetStunProvider *provider)
{
  AionetRecorder *self = g_object_new (AIONET_TYPE_RECORDER, NULL);

  self->provider = g_object_ref (provider);
  return self;
}

GPtrArray *
aionet_recorder_get_sources (AionetRecorder *self)
{
  return self->sources;
}
