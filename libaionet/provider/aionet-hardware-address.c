/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-hardware-address-private.h"

#include <string.h>

/* 6 octets on Ethernet, 20 on InfiniBand. */
#define MAX_OCTETS 32

/* Reads the next octet of two hexadecimal digits, or of one before a separator. */
static gboolean
read_octet (const char **text, guint *octet)
{
  const char *p = *text;

  if (!g_ascii_isxdigit (*p))
    return FALSE;
  *octet = g_ascii_xdigit_value (*p++);
  if (g_ascii_isxdigit (*p))
    *octet = *octet << 4 | (guint) g_ascii_xdigit_value (*p++);
  *text = p;
  return TRUE;
}

char *
_aionet_hardware_address_normalize (const char *text)
{
  g_autoptr (GString) normal = g_string_new (NULL);
  guint octet;

  if (text == NULL)
    return NULL;
  for (guint n = 0; *text != '\0'; n++)
    {
      if (n == MAX_OCTETS || !read_octet (&text, &octet))
        return NULL;
      g_string_append_printf (normal, n == 0 ? "%02x" : ":%02x", octet);
      if (*text != '\0' && strchr (":-.", *text) != NULL && text[1] != '\0')
        text++;
    }
  return normal->len > 0 ? g_strdup (normal->str) : NULL;
}
