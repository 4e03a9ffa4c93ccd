/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* Asking a STUN provider, and waiting for what it says. */

#define ASKING_LONG_MS 20000 /* never reached by a test that passes */

typedef struct
{
  AionetMapping *mapping; /* (owned) (nullable) */
  GError        *error;   /* (owned) (nullable) */
  gboolean       done;
} Asked;

static inline void
asked_clear (Asked *self)
{
  g_clear_object (&self->mapping);
  g_clear_error (&self->error);
  self->done = FALSE;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

static inline void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;

  asked->mapping =
      aionet_stun_provider_ask_finish (AIONET_STUN_PROVIDER (source), result, &asked->error);
  g_assert_true ((asked->mapping == NULL) == (asked->error != NULL));
  asked->done = TRUE;
}

/* From the loopback address of the server's family. */
static inline void
ask_start (AionetStunProvider *provider,
           GInetSocketAddress *server,
           GSocketProtocol     protocol,
           AionetStunChange    change,
           guint               timeout_ms,
           GCancellable       *cancellable,
           Asked              *asked)
{
  GSocketFamily family = g_socket_address_get_family (G_SOCKET_ADDRESS (server));
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new (address, 0);

  aionet_stun_provider_ask_async (provider, server, protocol, local, NULL, change, timeout_ms,
                                  cancellable, on_asked, asked);
}

static inline void
asked_wait (Asked *asked)
{
  while (!asked->done)
    g_main_context_iteration (NULL, TRUE);
}

/* Lets everything that is ready happen. */
static inline void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

G_END_DECLS
