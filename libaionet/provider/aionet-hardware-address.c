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
  static const char digits[] = "0123456789abcdef";
  char              normal[3 * MAX_OCTETS];
  char             *end = normal;
  guint             octet;

  if (text == NULL)
    return NULL;
  while (*text != '\0')
    {
      if (end == normal + sizeof normal || !read_octet (&text, &octet))
        return NULL;
      *end++ = digits[octet >> 4];
      *end++ = digits[octet & 15];
      *end++ = ':';
      if (*text != '\0' && strchr (":-.", *text) != NULL && text[1] != '\0')
        text++;
    }
  return end > normal ? g_strndup (normal, (gsize) (end - normal) - 1) : NULL;
}
