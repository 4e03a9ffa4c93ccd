/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* For programs that do one thing after the other: x_async (…, await_ready, NULL), and then
 * x_finish (…, await_result (), …). */

#pragma once

#include <gio/gio.h>

static GAsyncResult *await_last;

static void
await_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object (&await_last, result);
}

/* Of the call that was begun last. */
static GAsyncResult *
await_result (void)
{
  g_clear_object (&await_last);
  while (await_last == NULL)
    g_main_context_iteration (NULL, TRUE);
  return await_last;
}
