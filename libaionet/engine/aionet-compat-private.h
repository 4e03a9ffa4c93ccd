/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib.h>
#include <unistd.h>

G_BEGIN_DECLS

/* What GLib has only since 2.76; the one place that knows GLib's versions. */

static inline gboolean
_aionet_set_str (char **place, const char *text)
{
  char *copy;

  if (g_strcmp0 (*place, text) == 0)
    return FALSE;
  copy = g_strdup (text);
  g_free (*place);
  *place = copy;
  return TRUE;
}

static inline void
_aionet_clear_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

G_END_DECLS
