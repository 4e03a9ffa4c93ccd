/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-decimal-private.h"

gboolean
_aionet_decimal_parse (const char *text, guint64 max, guint64 *number)
{
  guint64 sum = 0;

  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    {
      guint64 digit = (guint64) g_ascii_digit_value (*text);

      if (!g_ascii_isdigit (*text) || digit > max || sum > (max - digit) / 10)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *number = sum;
  return TRUE;
}
