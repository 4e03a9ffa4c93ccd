/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-stun-bytes.h"

#include <string.h>

#define HEADER_LENGTH 20
#define COOKIE_OFFSET 4
#define FINGERPRINT 0x8028
#define ERROR_CODE 0x0009

static const guint8 cookie[] = { 0x21, 0x12, 0xa4, 0x42 };

static const guint8 *
get_data (GBytes *self)
{
  return g_bytes_get_data (self, NULL);
}

gboolean
aionet_stun_bytes_is_error (GBytes *self)
{
  return get_data (self)[0] == 0x01 && get_data (self)[1] == 0x11;
}

gboolean
aionet_stun_bytes_is_classic (GBytes *self)
{
  return memcmp (get_data (self) + COOKIE_OFFSET, cookie, sizeof (cookie)) != 0;
}

/* A new answer with the header of that one. */
static GByteArray *
begin (GBytes *self, guint8 klass)
{
  GByteArray *made = g_byte_array_new ();

  g_byte_array_append (made, get_data (self), HEADER_LENGTH);
  made->data[1] = klass;
  return made;
}

static void
append (GByteArray *made, guint16 type, const guint8 *value, gsize length)
{
  const guint8 head[] = { (guint8) (type >> 8), (guint8) type, (guint8) (length >> 8),
                          (guint8) length };
  const guint8 zero[4] = { 0 };

  g_byte_array_append (made, head, sizeof (head));
  g_byte_array_append (made, value, (guint) length);
  g_byte_array_append (made, zero, (guint) ((4 - length % 4) % 4));
}

static GBytes *
end (GByteArray *made)
{
  made->data[2] = (guint8) ((made->len - HEADER_LENGTH) >> 8);
  made->data[3] = (guint8) (made->len - HEADER_LENGTH);
  return g_byte_array_free_to_bytes (made);
}

static void
append_address (GByteArray *made, guint16 type, GInetSocketAddress *endpoint)
{
  GInetAddress *address = g_inet_socket_address_get_address (endpoint);
  gsize         length = g_inet_address_get_native_size (address);
  guint16       port = g_inet_socket_address_get_port (endpoint);
  guint8        value[4 + 16] = { 0, length == 16 ? 2 : 1, (guint8) (port >> 8), (guint8) port };

  memcpy (value + 4, g_inet_address_to_bytes (address), length);
  /* RFC 8489, 14.2: with the cookie, and what follows it in the header. */
  for (gsize i = 0; type == AIONET_STUN_XOR_MAPPED_ADDRESS && i < 2 + length; i++)
    value[2 + i] ^= made->data[COOKIE_OFFSET + (i < 2 ? i : i - 2)];
  append (made, type, value, 4 + length);
}

GBytes *
aionet_stun_bytes_with_address (GBytes *self, guint16 type, GInetSocketAddress *address)
{
  GByteArray   *made = begin (self, get_data (self)[1]);
  const guint8 *data = get_data (self);
  gsize         length = g_bytes_get_size (self);
  gsize         offset = HEADER_LENGTH;

  while (offset + 4 <= length)
    {
      guint16 each = (guint16) (data[offset] << 8 | data[offset + 1]);
      gsize   size = (gsize) (data[offset + 2] << 8 | data[offset + 3]);

      if (each != type && each != FINGERPRINT)
        append (made, each, data + offset + 4, MIN (size, length - offset - 4));
      offset += 4 + (size + 3) / 4 * 4;
    }
  append_address (made, type, address);
  return end (made);
}

GBytes *
aionet_stun_bytes_new_success (GBytes *self, GInetSocketAddress *mapped)
{
  GByteArray *made = begin (self, 0x01);

  append_address (made,
                  aionet_stun_bytes_is_classic (self) ? AIONET_STUN_MAPPED_ADDRESS
                                                      : AIONET_STUN_XOR_MAPPED_ADDRESS,
                  mapped);
  return end (made);
}

GBytes *
aionet_stun_bytes_new_error (GBytes *self, guint code)
{
  GByteArray  *made = begin (self, 0x11);
  const guint8 value[] = { 0, 0, (guint8) (code / 100), (guint8) (code % 100) };

  append (made, ERROR_CODE, value, sizeof (value));
  return end (made);
}
