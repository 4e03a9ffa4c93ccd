/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "server/aionet-stun-limiter-private.h"

#include <string.h>

/* 64 KiB. Where a set is full the fullest bucket makes room: whoever forges many prefixes to be
 * forgotten loses buckets that were of no use, and cannot know which prefixes share a set. */
#define N_SETS 1024
#define N_WAYS 4
/* Tokens are counted in thousandths of an answer, time in milliseconds. */
#define TOKEN 1000
#define FULL_MS 1000

typedef struct
{
  guint64 key; /* 0: free */
  guint32 tokens;
  guint32 filled_ms;
} Bucket;

struct _AionetStunLimiter
{
  guint32 max_rate;
  guint64 seed;
  Bucket  buckets[N_SETS][N_WAYS];
};

AionetStunLimiter *
_aionet_stun_limiter_new (guint max_rate)
{
  AionetStunLimiter *self = g_new0 (AionetStunLimiter, 1);

  self->max_rate = CLAMP (max_rate, 1, G_MAXUINT32 / TOKEN);
  self->seed = (guint64) g_random_int () << 32 | g_random_int () | 1;
  return self;
}

void
_aionet_stun_limiter_free (AionetStunLimiter *self)
{
  g_free (self);
}

/* Never 0. IPv4 clients of a dual-stack socket count as what they are. */
static guint64
get_key (const AionetSockaddr *source)
{
  const guint8 *bytes = source->v6.sin6_addr.s6_addr;
  guint64       prefix = 0;

  if (source->any.sa_family == AF_INET)
    return (guint64) 4 << 56 | g_ntohl (source->v4.sin_addr.s_addr) >> 8;
  if (IN6_IS_ADDR_V4MAPPED (&source->v6.sin6_addr))
    return (guint64) 4 << 56 | (guint64) bytes[12] << 16 | (guint64) bytes[13] << 8 | bytes[14];
  for (guint i = 0; i < 7; i++)
    prefix = prefix << 8 | bytes[i];
  return (guint64) 6 << 56 | prefix;
}

static Bucket *
get_set (AionetStunLimiter *self, guint64 key)
{
  guint64 hash = (key ^ self->seed) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  hash ^= hash >> 29;
  hash *= self->seed;
  return self->buckets[(hash >> 40) % N_SETS];
}

/* Milliseconds wrap around after 49 days: a bucket that old is filled a little late. */
static guint32
get_tokens (const AionetStunLimiter *self, const Bucket *bucket, guint32 now_ms)
{
  guint32 elapsed_ms = MIN (now_ms - bucket->filled_ms, FULL_MS);
  guint64 tokens = bucket->tokens + (guint64) elapsed_ms * self->max_rate;

  return (guint32) MIN (tokens, (guint64) self->max_rate * TOKEN);
}

static Bucket *
find_bucket (AionetStunLimiter *self, guint64 key, guint32 now_ms)
{
  Bucket *set = get_set (self, key);
  Bucket *victim = NULL;
  guint32 most = 0;

  for (guint i = 0; i < N_WAYS; i++)
    {
      guint32 tokens = get_tokens (self, &set[i], now_ms);

      if (set[i].key == key)
        return &set[i];
      if (victim == NULL || set[i].key == 0 || (victim->key != 0 && tokens > most))
        {
          victim = &set[i];
          most = tokens;
        }
    }
  *victim = (Bucket){ key, self->max_rate * TOKEN, now_ms };
  return victim;
}

gboolean
_aionet_stun_limiter_admit (AionetStunLimiter *self, const AionetSockaddr *source, gint64 now_us)
{
  guint32 now_ms = (guint32) (now_us / 1000);
  Bucket *bucket = find_bucket (self, get_key (source), now_ms);

  bucket->tokens = get_tokens (self, bucket, now_ms);
  bucket->filled_ms = now_ms;
  if (bucket->tokens < TOKEN)
    return FALSE;
  bucket->tokens -= TOKEN;
  return TRUE;
}
