/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-hairpin-test-private.h"

#include "engine/aionet-hairpin-private.h"

#define MAX_SENDS 3

struct _AionetHairpinTest
{
  AionetHairpin        *hairpin;  /* (owned) */
  GInetSocketAddress   *external; /* (owned) */
  GInetSocketAddress   *from;     /* (owned) (nullable: nothing came back) */
  gint64                sent_us[MAX_SENDS];
  guint                 n_sent;
  AionetHairpinTestFunc func;
  gpointer              user_data;
};

static void
on_came_back (GInetSocketAddress *from, gpointer user_data)
{
  AionetHairpinTest *self = user_data;

  self->from = g_object_ref (from);
  self->func (self->user_data);
}

AionetHairpinTest *
_aionet_hairpin_test_new (GMainContext         *context,
                          GSocket              *socket,
                          GInetSocketAddress   *external,
                          const AionetLocal    *local,
                          AionetHairpinTestFunc func,
                          gpointer              user_data)
{
  g_autoptr (GError) error = NULL;
  AionetHairpinTest *self = g_new0 (AionetHairpinTest, 1);

  self->external = g_object_ref (external);
  self->func = func;
  self->user_data = user_data;
  self->hairpin =
      _aionet_hairpin_new (context, socket, external, local, on_came_back, self, &error);
  if (self->hairpin != NULL)
    return self;
  g_debug ("Hairpinning cannot be tested: %s", error->message);
  _aionet_hairpin_test_free (self);
  return NULL;
}

void
_aionet_hairpin_test_free (AionetHairpinTest *self)
{
  g_clear_pointer (&self->hairpin, _aionet_hairpin_free);
  g_object_unref (self->external);
  g_clear_object (&self->from);
  g_free (self);
}

static gint64
count_lost (AionetHairpinTest *self, AionetNatTest *test, gint64 now_us, gint64 wait_us)
{
  test->n_lost = 0;
  while (test->n_lost < self->n_sent && self->sent_us[test->n_lost] + wait_us <= now_us)
    test->n_lost++;
  test->answer = test->n_lost == MAX_SENDS ? AIONET_NAT_ANSWER_SILENT : AIONET_NAT_ANSWER_PENDING;
  return test->n_lost < self->n_sent ? self->sent_us[test->n_lost] + wait_us : G_MAXINT64;
}

gint64
_aionet_hairpin_test_step (AionetHairpinTest *self,
                           AionetNatTest     *test,
                           gint64             now_us,
                           gint64             wait_us)
{
  gint64 next_us;

  if (self->from != NULL)
    {
      test->answer = AIONET_NAT_ANSWER_MAPPED;
      test->mapped = _aionet_nat_endpoint_make (self->external);
      test->origin = _aionet_nat_endpoint_make (self->from);
      return G_MAXINT64;
    }
  if (self->n_sent < MAX_SENDS &&
      (self->n_sent == 0 || self->sent_us[self->n_sent - 1] + wait_us / MAX_SENDS <= now_us))
    {
      _aionet_hairpin_send (self->hairpin);
      self->sent_us[self->n_sent++] = now_us;
    }
  next_us = count_lost (self, test, now_us, wait_us);
  if (self->n_sent < MAX_SENDS)
    next_us = MIN (next_us, self->sent_us[self->n_sent - 1] + wait_us / MAX_SENDS);
  return next_us;
}
