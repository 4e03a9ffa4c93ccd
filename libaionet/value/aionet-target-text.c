/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-target-text-private.h"

#include "value/aionet-address-text-private.h"
#include "value/aionet-decimal-private.h"
#include "value/aionet-error.h"
#include "value/aionet-quote-private.h"

#include <string.h>

/* Targets as text: peel off the scheme, split host and port, judge both.
 *
 *   HOST:PORT   HOST   ADDRESS   [ADDRESS%SCOPE]:PORT   stun:HOST:PORT   https://HOST:PORT/PATH
 */

#define MAX_TEXT_BYTES 4096
#define MAX_NAME_BYTES 253
#define MAX_LABEL_BYTES 63

static const struct
{
  const char *name;
  guint16     port;
  gboolean    is_opaque; /* stun:host instead of stun://host, RFC 7064, RFC 7065 */
} schemes[] = {
  { "http", 80, FALSE },  { "https", 443, FALSE }, { "ws", 80, FALSE },    { "wss", 443, FALSE },
  { "stun", 3478, TRUE }, { "stuns", 5349, TRUE }, { "turn", 3478, TRUE }, { "turns", 5349, TRUE },
};

static gboolean
fail (GError **error, const char *text, const char *complaint)
{
  g_autofree char *quoted = _aionet_quote (text);

  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS, "%s %s", quoted, complaint);
  return FALSE;
}

static gboolean
is_all_digits (const char *text)
{
  return text[0] != '\0' && text[strspn (text, "0123456789")] == '\0';
}

static guint16
find_scheme_port (const char *name, gsize length, gboolean only_opaque)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (strlen (schemes[i].name) == length &&
        g_ascii_strncasecmp (schemes[i].name, name, length) == 0 &&
        (schemes[i].is_opaque || !only_opaque))
      return schemes[i].port;
  return 0;
}

static gboolean
is_scheme (const char *name, gsize length)
{
  if (length == 0 || !g_ascii_isalpha (name[0]))
    return FALSE;
  for (gsize i = 1; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("+-.", name[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* The part of the text that is host and port; a scheme brings its port along. */
static char *
peel_scheme (const char *text, guint16 *default_port, gboolean *is_url)
{
  const char *colon = strchr (text, ':');
  const char *rest;
  guint16     port;

  *is_url = FALSE;
  if (colon == NULL || !is_scheme (text, colon - text))
    return g_strdup (text);
  rest = colon + 1;
  port = find_scheme_port (text, colon - text, TRUE);
  if (g_str_has_prefix (rest, "//"))
    {
      port = find_scheme_port (text, colon - text, FALSE);
      rest += 2;
    }
  else if (port == 0 || is_all_digits (rest))
    return g_strdup (text); /* "stun:3478" is a host called stun */
  if (port != 0)
    *default_port = port;
  *is_url = TRUE;
  return g_strndup (rest, strcspn (rest, "/?#"));
}

/* A port with leading zeros would be octal to some and decimal to others. */
static gboolean
parse_port (const char *text, guint16 *port)
{
  guint64 number;

  if (!is_all_digits (text) || (text[0] == '0' && text[1] != '\0') ||
      !_aionet_decimal_parse (text, G_MAXUINT16, &number))
    return FALSE;
  *port = (guint16) number;
  return TRUE;
}

static gboolean
is_label (const char *label)
{
  gsize length = strlen (label);

  if (length == 0 || length > MAX_LABEL_BYTES || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (label[i]) && label[i] != '-')
      return FALSE;
  return TRUE;
}

/* No top-level domain is a number, but resolvers take 127.1 and 0x7f000001 for addresses. */
static gboolean
is_number (const char *label)
{
  return is_all_digits (label) || (g_ascii_strncasecmp (label, "0x", 2) == 0 &&
                                   label[2 + strspn (label + 2, "0123456789abcdefABCDEF")] == '\0');
}

/* RFC 1123, section 2.1; one dot may end an absolute name. */
static gboolean
is_name (const char *name)
{
  gsize            length = strlen (name);
  g_autofree char *relative = NULL;
  g_auto (GStrv) labels = NULL;
  guint n_labels;

  if (length > 0 && name[length - 1] == '.')
    length--;
  if (length == 0 || length > MAX_NAME_BYTES)
    return FALSE;
  relative = g_strndup (name, length);
  labels = g_strsplit (relative, ".", -1);
  n_labels = g_strv_length (labels);
  for (guint i = 0; i < n_labels; i++)
    if (!is_label (labels[i]))
      return FALSE;
  return !is_number (labels[n_labels - 1]);
}

static char *
parse_name (const char *text)
{
  g_autofree char *ascii = NULL;

  if (text[0] == '\0' || !g_utf8_validate (text, -1, NULL))
    return NULL;
  ascii = g_hostname_to_ascii (text);
  if (ascii == NULL || !is_name (ascii))
    return NULL;
  return g_ascii_strdown (ascii, -1);
}

/* Returns: the address as it is, scope included, or NULL. */
static char *
parse_address (const char *text, gboolean must_be_ipv6)
{
  g_auto (AionetAddressText) parsed = { 0 };

  if (strchr (text, '/') != NULL || !_aionet_address_text_parse (text, &parsed, NULL) ||
      (parsed.family == G_SOCKET_FAMILY_IPV4 && (must_be_ipv6 || parsed.scope_name != NULL)))
    return NULL;
  return g_strdup (text);
}

/* Cuts `HOST`, `HOST:PORT` or `[HOST]:PORT` apart in place; port is NULL when there is none. Two
 * colons without brackets make an IPv6 address, and no port. */
static gboolean
split_authority (char *authority, char **host, char **port, gboolean *in_brackets)
{
  char *bracket = strrchr (authority, ']');
  char *colon;

  *in_brackets = authority[0] == '[' && bracket != NULL;
  *host = *in_brackets ? authority + 1 : authority;
  colon = strchr (*in_brackets ? bracket : authority, ':');
  if (*in_brackets)
    {
      if (bracket[1] != '\0' && bracket[1] != ':')
        return FALSE;
      *bracket = '\0';
    }
  else if (colon != NULL && strchr (colon + 1, ':') != NULL)
    colon = NULL;
  *port = colon != NULL ? colon + 1 : NULL;
  if (colon != NULL)
    *colon = '\0';
  return TRUE;
}

/* In URLs the % before the scope is itself written %25 (RFC 6874). */
static void
unescape_scope (char *address)
{
  char *percent = strchr (address, '%');

  if (percent != NULL && g_str_has_prefix (percent, "%25"))
    memmove (percent + 1, percent + 3, strlen (percent + 3) + 1);
}

gboolean
_aionet_target_text_parse (
    const char *text, guint16 default_port, char **host, guint16 *port, GError **error)
{
  g_autofree char *authority = NULL;
  char            *host_text;
  char            *port_text;
  gboolean         is_url;
  gboolean         in_brackets;

  if (strnlen (text, MAX_TEXT_BYTES + 1) > MAX_TEXT_BYTES)
    return fail (error, text, "is too long for a target");
  authority = peel_scheme (text, &default_port, &is_url);
  if (!split_authority (authority, &host_text, &port_text, &in_brackets))
    return fail (error, text, "has something other than a port after its bracket");
  if (port_text == NULL && default_port == 0)
    return fail (error, text, "has no port");
  *port = default_port;
  if (port_text != NULL && !parse_port (port_text, port))
    return fail (error, text, "has no port of 0 to 65535 after its colon");
  if (in_brackets && is_url)
    unescape_scope (host_text);
  *host = parse_address (host_text, in_brackets);
  if (*host == NULL && !in_brackets)
    *host = parse_name (host_text);
  return *host != NULL || fail (error, text, "has no address or host name");
}
