/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-prefixed-stream-private.h"

#include <string.h>

/* Pollable, as the streams of sockets are: TLS and HTTP want that. */

#define AIONET_TYPE_PREFIXED_INPUT (aionet_prefixed_input_get_type ())
G_DECLARE_FINAL_TYPE (
    AionetPrefixedInput, aionet_prefixed_input, AIONET, PREFIXED_INPUT, GFilterInputStream)

struct _AionetPrefixedInput
{
  GFilterInputStream parent_instance;
  GBytes            *prefix; /* (owned) (nullable) */
  gsize              n_taken;
};

static void aionet_prefixed_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetPrefixedInput,
                               aionet_prefixed_input,
                               G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      aionet_prefixed_input_pollable_init))

static GInputStream *
get_base (gpointer self)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self));
}

static gssize
take_prefix (AionetPrefixedInput *self, void *buffer, gsize count)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (self->prefix, &size);
  gsize         n = MIN (count, size - self->n_taken);

  memcpy (buffer, data + self->n_taken, n);
  self->n_taken += n;
  if (self->n_taken == size)
    g_clear_pointer (&self->prefix, g_bytes_unref);
  return (gssize) n;
}

static gssize
aionet_prefixed_input_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  AionetPrefixedInput *self = AIONET_PREFIXED_INPUT (stream);

  if (self->prefix != NULL)
    return take_prefix (self, buffer, count);
  return g_input_stream_read (get_base (self), buffer, count, cancellable, error);
}

static gboolean
aionet_prefixed_input_can_poll (GPollableInputStream *stream)
{
  GInputStream *base = get_base (stream);

  return G_IS_POLLABLE_INPUT_STREAM (base) &&
         g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (base));
}

static gboolean
aionet_prefixed_input_is_readable (GPollableInputStream *stream)
{
  return AIONET_PREFIXED_INPUT (stream)->prefix != NULL ||
         g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (get_base (stream)));
}

static GSource *
aionet_prefixed_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) child = NULL;

  if (AIONET_PREFIXED_INPUT (stream)->prefix != NULL)
    child = g_timeout_source_new (0);
  else
    child = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (get_base (stream)),
                                                   cancellable);
  return g_pollable_source_new_full (stream, child, cancellable);
}

static gssize
aionet_prefixed_input_read_nonblocking (GPollableInputStream *stream,
                                        void                 *buffer,
                                        gsize                 count,
                                        GError              **error)
{
  AionetPrefixedInput *self = AIONET_PREFIXED_INPUT (stream);

  if (self->prefix != NULL)
    return take_prefix (self, buffer, count);
  return g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (get_base (self)),
                                                   buffer, count, NULL, error);
}

static void
aionet_prefixed_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->can_poll = aionet_prefixed_input_can_poll;
  iface->is_readable = aionet_prefixed_input_is_readable;
  iface->create_source = aionet_prefixed_input_create_source;
  iface->read_nonblocking = aionet_prefixed_input_read_nonblocking;
}

static void
aionet_prefixed_input_finalize (GObject *object)
{
  AionetPrefixedInput *self = AIONET_PREFIXED_INPUT (object);

  g_clear_pointer (&self->prefix, g_bytes_unref);
  G_OBJECT_CLASS (aionet_prefixed_input_parent_class)->finalize (object);
}

static void
aionet_prefixed_input_class_init (AionetPrefixedInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aionet_prefixed_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = aionet_prefixed_input_read;
}

static void
aionet_prefixed_input_init (AionetPrefixedInput *self)
{
}

#define AIONET_TYPE_PREFIXED_STREAM (aionet_prefixed_stream_get_type ())
G_DECLARE_FINAL_TYPE (
    AionetPrefixedStream, aionet_prefixed_stream, AIONET, PREFIXED_STREAM, GIOStream)

struct _AionetPrefixedStream
{
  GIOStream     parent_instance;
  GIOStream    *base;  /* (owned) */
  GInputStream *input; /* (owned) */
};

G_DEFINE_FINAL_TYPE (AionetPrefixedStream, aionet_prefixed_stream, G_TYPE_IO_STREAM)

static GInputStream *
aionet_prefixed_stream_get_input (GIOStream *stream)
{
  return AIONET_PREFIXED_STREAM (stream)->input;
}

static GOutputStream *
aionet_prefixed_stream_get_output (GIOStream *stream)
{
  return g_io_stream_get_output_stream (AIONET_PREFIXED_STREAM (stream)->base);
}

static gboolean
aionet_prefixed_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (AIONET_PREFIXED_STREAM (stream)->base, cancellable, error);
}

static void
aionet_prefixed_stream_finalize (GObject *object)
{
  AionetPrefixedStream *self = AIONET_PREFIXED_STREAM (object);

  g_object_unref (self->input);
  g_object_unref (self->base);
  G_OBJECT_CLASS (aionet_prefixed_stream_parent_class)->finalize (object);
}

static void
aionet_prefixed_stream_class_init (AionetPrefixedStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = aionet_prefixed_stream_finalize;
  stream_class->get_input_stream = aionet_prefixed_stream_get_input;
  stream_class->get_output_stream = aionet_prefixed_stream_get_output;
  stream_class->close_fn = aionet_prefixed_stream_close;
}

static void
aionet_prefixed_stream_init (AionetPrefixedStream *self)
{
}

GIOStream *
_aionet_prefixed_stream_new (GIOStream *base, GBytes *prefix)
{
  AionetPrefixedStream *self = g_object_new (AIONET_TYPE_PREFIXED_STREAM, NULL);
  AionetPrefixedInput  *input =
      g_object_new (AIONET_TYPE_PREFIXED_INPUT, "base-stream", g_io_stream_get_input_stream (base),
                    "close-base-stream", FALSE, NULL);

  input->prefix = g_bytes_ref (prefix);
  self->base = g_object_ref (base);
  self->input = G_INPUT_STREAM (input);
  return G_IO_STREAM (self);
}
