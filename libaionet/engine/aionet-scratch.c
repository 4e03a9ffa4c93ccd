/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-scratch-private.h"

/* Direct-mapped: a flood of forged senders evicts entries and costs no more than having none. */
#define N_ADDRESSES 64

typedef struct
{
  AionetSockaddr  key;
  GSocketAddress *address; /* (owned) (nullable) */
} CachedAddress;

typedef struct
{
  guint8       *buffer; /* (owned) */
  gboolean      in_use;
  CachedAddress addresses[N_ADDRESSES];
} Scratch;

static void
scratch_free (gpointer data)
{
  Scratch *self = data;

  for (guint i = 0; i < N_ADDRESSES; i++)
    g_clear_object (&self->addresses[i].address);
  g_free (self->buffer);
  g_free (self);
}

static GPrivate scratch_key = G_PRIVATE_INIT (scratch_free);

static Scratch *
get_scratch (void)
{
  Scratch *self = g_private_get (&scratch_key);

  if (self == NULL)
    {
      self = g_new0 (Scratch, 1);
      self->buffer = g_malloc (AIONET_SCRATCH_SIZE);
      g_private_set (&scratch_key, self);
    }
  return self;
}

guint8 *
_aionet_scratch_acquire (void)
{
  Scratch *self = get_scratch ();

  if (self->in_use)
    return g_malloc (AIONET_SCRATCH_SIZE);
  self->in_use = TRUE;
  return self->buffer;
}

void
_aionet_scratch_release (guint8 *buffer)
{
  Scratch *self = get_scratch ();

  if (buffer == self->buffer)
    self->in_use = FALSE;
  else
    g_free (buffer);
}

static gboolean
is_same (const AionetSockaddr *a, const AionetSockaddr *b)
{
  return _aionet_sockaddr_equal (a, b) &&
         (a->any.sa_family != AF_INET6 || a->v6.sin6_scope_id == b->v6.sin6_scope_id);
}

GSocketAddress *
_aionet_scratch_lookup_address (const AionetSockaddr *address)
{
  Scratch       *self = get_scratch ();
  CachedAddress *cached = &self->addresses[_aionet_sockaddr_hash (address) % N_ADDRESSES];

  if (cached->address == NULL || !is_same (&cached->key, address))
    {
      g_clear_object (&cached->address);
      cached->key = *address;
      cached->address = _aionet_sockaddr_to_gio (address);
    }
  return cached->address != NULL ? g_object_ref (cached->address) : NULL;
}
