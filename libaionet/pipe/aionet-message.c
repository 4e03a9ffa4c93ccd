/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-message-private.h"

struct _AionetMessage
{
  gatomicrefcount ref_count;
  GBytes         *bytes;  /* (owned) */
  GSocketAddress *sender; /* (owned) (nullable) */
};

G_DEFINE_BOXED_TYPE (AionetMessage, aionet_message, aionet_message_ref, aionet_message_unref)

AionetMessage *
_aionet_message_new_take (GBytes *bytes, GSocketAddress *sender)
{
  AionetMessage *self = g_new (AionetMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = bytes;
  self->sender = sender != NULL ? g_object_ref (sender) : NULL;
  return self;
}

/**
 * aionet_message_new:
 * @bytes: (transfer none): the content; may be empty
 * @sender: (transfer none) (nullable): the endpoint it came from, or %NULL if there is none
 *
 * Creates a message, as a program needs it to test its own message handling.
 *
 * Returns: (transfer full): a new message
 *
 * Since: 0.1
 */
AionetMessage *
aionet_message_new (GBytes *bytes, GSocketAddress *sender)
{
  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (sender == NULL || G_IS_SOCKET_ADDRESS (sender), NULL);

  return _aionet_message_new_take (g_bytes_ref (bytes), sender);
}

/**
 * aionet_message_ref:
 * @self: a message
 *
 * Takes a reference to the message.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
AionetMessage *
aionet_message_ref (AionetMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * aionet_message_unref:
 * @self: (transfer full): a message
 *
 * Gives a reference back; the last one frees the message.
 *
 * Since: 0.1
 */
void
aionet_message_unref (AionetMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->bytes);
  g_clear_object (&self->sender);
  g_free (self);
}

/**
 * aionet_message_get_bytes:
 * @self: a message
 *
 * Gets the content of the message.
 *
 * Returns: (transfer none): the bytes; of size 0 for an empty datagram
 *
 * Since: 0.1
 */
GBytes *
aionet_message_get_bytes (AionetMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bytes;
}

/**
 * aionet_message_dup_text:
 * @self: a message
 *
 * Gets the content of the message as text, for protocols that are text and for people to read.
 *
 * Bytes that are no UTF-8, and zero bytes, become U+FFFD each. Whether there were any can only be
 * seen in the bytes.
 *
 * Returns: (transfer full): the text, as valid UTF-8; empty for an empty datagram
 *
 * Since: 0.1
 */
char *
aionet_message_dup_text (AionetMessage *self)
{
  const char *data;
  gsize       size;

  g_return_val_if_fail (self != NULL, NULL);

  data = g_bytes_get_data (self->bytes, &size);
  return data != NULL ? g_utf8_make_valid (data, (gssize) size) : g_strdup ("");
}

/**
 * aionet_message_get_sender:
 * @self: a message
 *
 * Gets the endpoint the message came from.
 *
 * Returns: (transfer none) (nullable): the endpoint, with the scope id of a link-local one
 *
 * Since: 0.1
 */
GSocketAddress *
aionet_message_get_sender (AionetMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sender;
}
