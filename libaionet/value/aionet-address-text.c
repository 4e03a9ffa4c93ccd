/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-address-text.h"

#include "value/aionet-address-text-private.h"
#include "value/aionet-error.h"
#include "value/aionet-quote-private.h"

#include <arpa/inet.h>
#include <string.h>

/* Addresses as people, configuration files and operating systems write them.
 *
 * inet_pton() is the judge of what an address is: it takes no leading zeros, no missing octets
 * and no surrounding space, on every platform. Nothing here guesses or trims. */

#define MAX_TEXT_BYTES 512
#define MAX_SCOPE_BYTES 255

static gboolean
fail (GError **error, const char *text, const char *complaint)
{
  g_autofree char *quoted = _aionet_quote (text);

  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS, "%s %s", quoted, complaint);
  return FALSE;
}

gboolean
_aionet_address_bits_parse (const char *text, AionetAddressBits *bits, GSocketFamily *family)
{
  guint8 bytes[16];

  if (inet_pton (AF_INET, text, bytes) == 1)
    *family = G_SOCKET_FAMILY_IPV4;
  else if (inet_pton (AF_INET6, text, bytes) == 1)
    *family = G_SOCKET_FAMILY_IPV6;
  else
    return FALSE;
  *bits = _aionet_address_bits_from_bytes (bytes, *family);
  return TRUE;
}

gboolean
_aionet_scope_name_is_valid (const char *name)
{
  gsize length = strnlen (name, MAX_SCOPE_BYTES + 1);

  if (length == 0 || length > MAX_SCOPE_BYTES || !g_utf8_validate (name, length, NULL))
    return FALSE;
  /* Names have spaces inside on some systems, but none at the ends. */
  if (name[0] == ' ' || name[length - 1] == ' ')
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (*at == '%' || *at == '/' || !g_unichar_isprint (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

/* Plain decimal: no sign, no space, no leading zero. */
static gboolean
parse_prefix_number (const char *text, guint max, guint *prefix_length)
{
  guint value = 0;
  gsize length = strlen (text);

  if (length == 0 || length > 3 || (length > 1 && text[0] == '0'))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      value = value * 10 + (text[i] - '0');
    }
  *prefix_length = value;
  return value <= max;
}

static gboolean
parse_netmask (const char *text, GSocketFamily *family, guint *prefix_length)
{
  const char       *slash = strchr (text, '/');
  g_autofree char  *mask = slash != NULL ? g_strndup (text, slash - text) : g_strdup (text);
  AionetAddressBits bits;
  guint             number;

  if (!_aionet_address_bits_parse (mask, &bits, family) ||
      !_aionet_address_bits_is_mask (bits, prefix_length))
    return FALSE;
  /* Some systems report "ffff:ffff:ffff:ffff::/64": fine when both say the same. */
  return slash == NULL ||
         (parse_prefix_number (slash + 1, 128, &number) && number == *prefix_length);
}

static gboolean
parse_prefix (const char *text, GSocketFamily family, guint *prefix_length)
{
  GSocketFamily mask_family;

  if (strpbrk (text, ".:") == NULL)
    return parse_prefix_number (text, _aionet_family_get_width (family), prefix_length);
  return parse_netmask (text, &mask_family, prefix_length) && mask_family == family;
}

gboolean
_aionet_address_text_parse (const char *text, AionetAddressText *parsed, GError **error)
{
  g_autofree char *address = NULL;
  g_autofree char *scope_name = NULL;
  const char      *slash;
  char            *percent;

  memset (parsed, 0, sizeof *parsed);
  if (strnlen (text, MAX_TEXT_BYTES + 1) > MAX_TEXT_BYTES)
    return fail (error, text, "is too long for an IP address");
  slash = strchr (text, '/');
  address = slash != NULL ? g_strndup (text, slash - text) : g_strdup (text);
  percent = strchr (address, '%');
  if (percent != NULL)
    {
      *percent = '\0';
      scope_name = g_strdup (percent + 1);
      if (!_aionet_scope_name_is_valid (scope_name))
        return fail (error, text, "has no valid scope after its %");
    }
  if (!_aionet_address_bits_parse (address, &parsed->bits, &parsed->family))
    return fail (error, text, "is not an IP address");
  parsed->prefix_length = _aionet_family_get_width (parsed->family);
  if (slash != NULL && !parse_prefix (slash + 1, parsed->family, &parsed->prefix_length))
    return fail (error, text,
                 parsed->family == G_SOCKET_FAMILY_IPV4
                     ? "has no prefix length of 0 to 32, nor an IPv4 netmask, after its slash"
                     : "has no prefix length of 0 to 128, nor an IPv6 netmask, after its slash");
  parsed->scope_name = g_steal_pointer (&scope_name);
  return TRUE;
}

void
_aionet_address_text_clear (AionetAddressText *parsed)
{
  g_clear_pointer (&parsed->scope_name, g_free);
}

/**
 * aionet_prefix_length_from_netmask:
 * @netmask: an IPv4 or IPv6 netmask, such as `255.255.255.0` or `ffff:ffff:ffff:ffff::`
 * @prefix_length: (out): the number of its leading one bits: 0 to 32, or to 128 for IPv6
 * @error: return location for a [struct@GLib.Error], or %NULL
 *
 * Converts a netmask to the length of the prefix it selects.
 *
 * A mask may carry its prefix length behind a slash (`ffff:ffff:ffff:ffff::/64`), as some
 * systems report it; the two must agree.
 *
 * Errors: %AIONET_ERROR_INVALID_ADDRESS when the text is no address, or has a one bit after a
 * zero bit (`255.0.255.0`).
 *
 * Returns: %TRUE, or %FALSE with @error set and @prefix_length left alone
 *
 * Since: 0.1
 */
gboolean
aionet_prefix_length_from_netmask (const char *netmask, guint *prefix_length, GError **error)
{
  GSocketFamily family;
  guint         length;

  g_return_val_if_fail (netmask != NULL, FALSE);
  g_return_val_if_fail (prefix_length != NULL, FALSE);

  if (!parse_netmask (netmask, &family, &length))
    return fail (error, netmask, "is not a netmask");
  *prefix_length = length;
  return TRUE;
}

static char *
explode_ipv6 (AionetAddressBits bits)
{
  GString *text = g_string_sized_new (sizeof "0000:0000:0000:0000:0000:0000:0000:0000");

  for (guint i = 0; i < 8; i++)
    {
      guint64 word = i < 4 ? bits.high : bits.low;

      g_string_append_printf (text, i > 0 ? ":%04x" : "%04x",
                              (guint) (word >> (48 - 16 * (i % 4))) & 0xffff);
    }
  return g_string_free (text, FALSE);
}

/**
 * aionet_address_normalize:
 * @text: an address, with or without scope and prefix: `1.1.1.1`, `1.1.1.1%eth0/24`,
 *   `2402:1f00:8101:83f::1/64`
 * @error: return location for a [struct@GLib.Error], or %NULL
 *
 * Writes an address in the one form that can be compared as text: without scope and prefix, IPv6
 * with all its zeros (`2402:1f00:8101:083f:0000:0000:0000:0001`).
 *
 * What is left out must be well-formed all the same.
 *
 * Errors: %AIONET_ERROR_INVALID_ADDRESS when the text is no address.
 *
 * Returns: (transfer full): the address, or %NULL with @error set
 *
 * Since: 0.1
 */
char *
aionet_address_normalize (const char *text, GError **error)
{
  g_auto (AionetAddressText) parsed = { 0 };
  g_autoptr (GInetAddress) address = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!_aionet_address_text_parse (text, &parsed, error))
    return NULL;
  if (parsed.family == G_SOCKET_FAMILY_IPV6)
    return explode_ipv6 (parsed.bits);
  address = _aionet_address_bits_to_address (parsed.bits, parsed.family);
  return g_inet_address_to_string (address);
}

/* Appends one group of hexadecimal digits, filled up with zeros on the left. */
static gboolean
append_group (GString *digits, const char *group, gsize width)
{
  gsize length = strlen (group);

  if (length == 0 || length > width)
    return FALSE;
  for (gsize i = length; i < width; i++)
    g_string_append_c (digits, '0');
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isxdigit (group[i]))
        return FALSE;
      g_string_append_c (digits, g_ascii_tolower (group[i]));
    }
  return TRUE;
}

static gboolean
append_groups (GString *digits, const char *text)
{
  const char *separator = strpbrk (text, ":-.");
  char        delimiter[2] = { separator != NULL ? *separator : '\0', '\0' };
  g_auto (GStrv) groups = NULL;

  if (separator == NULL)
    return append_group (digits, text, strlen (text));
  groups = g_strsplit (text, delimiter, -1);
  for (guint i = 0; groups[i] != NULL; i++)
    if (!append_group (digits, groups[i], *separator == '.' ? 4 : 2))
      return FALSE;
  return TRUE;
}

/**
 * aionet_hardware_address_normalize:
 * @text: a hardware address: `aa:bb:cc:dd:e:f`, `AA-BB-CC-DD-EE-FF`, `aabb.ccdd.eeff` or
 *   `aabbccddeeff`
 * @error: return location for a [struct@GLib.Error], or %NULL
 *
 * Writes a hardware address as lower-case hexadecimal digits, two an octet, with nothing between
 * them.
 *
 * Addresses have 6 octets (Ethernet), 8 (EUI-64) or 20 (InfiniBand). Zeros on the left of a
 * group may be missing.
 *
 * Errors: %AIONET_ERROR_INVALID_ADDRESS for anything else.
 *
 * Returns: (transfer full): the digits, or %NULL with @error set
 *
 * Since: 0.1
 */
char *
aionet_hardware_address_normalize (const char *text, GError **error)
{
  g_autoptr (GString) digits = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  digits = g_string_new (NULL);
  if (strnlen (text, MAX_TEXT_BYTES + 1) > MAX_TEXT_BYTES || !append_groups (digits, text) ||
      (digits->len != 12 && digits->len != 16 && digits->len != 40))
    {
      fail (error, text, "is not a hardware address");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&digits), FALSE);
}
