/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-client-limits-private.h"

#include <pthread.h>

struct _AionetClientLimits
{
  /* Not GMutex: ThreadSanitizer knows only the locks of pthread. */
  pthread_mutex_t lock;
  GHashTable     *by_address; /* (owned) (mutex lock) Address -> itself, those with clients only */
  guint           max;        /* (mutex lock) */
  guint           max_per_address; /* (mutex lock) */
  guint           n_clients;       /* (mutex lock) */
  guint64         n_refused;       /* (mutex lock) */
};

typedef struct
{
  AionetSockaddr key; /* first: looked up as such; port 0 */
  guint          n_clients;
} Address;

AionetClientLimits *
_aionet_client_limits_new (void)
{
  AionetClientLimits *self = g_new0 (AionetClientLimits, 1);

  pthread_mutex_init (&self->lock, NULL);
  self->by_address =
      g_hash_table_new_full (_aionet_sockaddr_hash, _aionet_sockaddr_equal, g_free, NULL);
  return self;
}

void
_aionet_client_limits_free (AionetClientLimits *self)
{
  g_hash_table_unref (self->by_address);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

void
_aionet_client_limits_set (AionetClientLimits *self, guint max, guint max_per_address)
{
  pthread_mutex_lock (&self->lock);
  self->max = max;
  self->max_per_address = max_per_address;
  pthread_mutex_unlock (&self->lock);
}

static Address *
ensure_address (AionetClientLimits *self, const AionetSockaddr *peer)
{
  AionetSockaddr key = *peer;
  Address       *address;

  _aionet_sockaddr_clear_port (&key);
  address = g_hash_table_lookup (self->by_address, &key);
  if (address != NULL)
    return address;
  address = g_new0 (Address, 1);
  address->key = key;
  g_hash_table_add (self->by_address, address);
  return address;
}

static gboolean
has_room (AionetClientLimits *self, const Address *address)
{
  return (self->max == 0 || self->n_clients < self->max) &&
         (self->max_per_address == 0 || address->n_clients < self->max_per_address);
}

gboolean
_aionet_client_limits_admit (AionetClientLimits *self, const AionetSockaddr *peer)
{
  Address *address;
  gboolean admitted;

  pthread_mutex_lock (&self->lock);
  address = ensure_address (self, peer);
  admitted = has_room (self, address);
  if (admitted)
    {
      address->n_clients++;
      self->n_clients++;
    }
  else
    self->n_refused++;
  if (address->n_clients == 0)
    g_hash_table_remove (self->by_address, address);
  pthread_mutex_unlock (&self->lock);
  return admitted;
}

void
_aionet_client_limits_release (AionetClientLimits *self, const AionetSockaddr *peer)
{
  Address *address;

  pthread_mutex_lock (&self->lock);
  address = ensure_address (self, peer);
  g_assert (address->n_clients > 0);
  address->n_clients--;
  self->n_clients--;
  if (address->n_clients == 0)
    g_hash_table_remove (self->by_address, address);
  pthread_mutex_unlock (&self->lock);
}

guint
_aionet_client_limits_get_n_clients (AionetClientLimits *self)
{
  guint n;

  pthread_mutex_lock (&self->lock);
  n = self->n_clients;
  pthread_mutex_unlock (&self->lock);
  return n;
}

guint64
_aionet_client_limits_get_n_refused (AionetClientLimits *self)
{
  guint64 n;

  pthread_mutex_lock (&self->lock);
  n = self->n_refused;
  pthread_mutex_unlock (&self->lock);
  return n;
}
