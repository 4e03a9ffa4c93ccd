/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>

/* STUN messages put together by hand, so that tests do not ask libnice what libnice should do. */

#define STUN_BYTES_SUCCESS 0x0101
#define STUN_BYTES_ERROR 0x0111
#define STUN_BYTES_COOKIE "\x21\x12\xa4\x42"
#define STUN_BYTES_ID "\1\1\1\1\1\1\1\1\1\1\1\1"

/* cookie: 4 bytes, id: 12 bytes */
static inline GByteArray *
stun_bytes_new (guint type, const char *cookie, const void *id)
{
  GByteArray  *self = g_byte_array_new ();
  const guint8 head[] = { (guint8) (type >> 8), (guint8) type, 0, 0 };

  g_byte_array_append (self, head, sizeof (head));
  g_byte_array_append (self, (const guint8 *) cookie, 4);
  g_byte_array_append (self, id, 12);
  return self;
}

static inline void
stun_bytes_append_padded (
    GByteArray *self, guint type, const void *value, guint length, guint8 padding)
{
  const guint8 head[] = { (guint8) (type >> 8), (guint8) type, (guint8) (length >> 8),
                          (guint8) length };

  g_byte_array_append (self, head, sizeof (head));
  g_byte_array_append (self, value, length);
  while (self->len % 4 != 0)
    g_byte_array_append (self, &padding, 1);
  self->data[2] = (guint8) ((self->len - 20) >> 8);
  self->data[3] = (guint8) (self->len - 20);
}

static inline void
stun_bytes_append (GByteArray *self, guint type, const void *value, guint length)
{
  stun_bytes_append_padded (self, type, value, length, 0);
}
