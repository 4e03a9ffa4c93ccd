/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-nat-plan.h"

#define MAX_PORT 65535
/* Those below are not given to ports from above (RFC 4787, section 4.2.2). */
#define MIN_PORT 1024

static guint16
wrap (gint64 port)
{
  gint64 n_ports = MAX_PORT - MIN_PORT + 1;

  return MIN_PORT + ((port - MIN_PORT) % n_ports + n_ports) % n_ports;
}

/* How many mappings the NAT is going to have made when local has its own. 0: that is not foretold
 */
static int
count_steps (AionetDeltaType type, int local_distance)
{
  if (type == AIONET_DELTA_TYPE_INDEPENDENT)
    return 1;
  return type == AIONET_DELTA_TYPE_DEPENDENT && local_distance > 0 ? local_distance : 0;
}

/* The likeliest one; FALSE: none is likelier than others. */
static gboolean
predict_first (AionetNat *self, int last_local, int last_mapped, int local, guint16 *port)
{
  AionetDeltaType type = aionet_nat_get_delta_type (self);
  int             n_steps = count_steps (type, local - last_local);

  switch (type)
    {
    case AIONET_DELTA_TYPE_NOT_APPLICABLE:
    case AIONET_DELTA_TYPE_EQUAL:
      *port = local;
      return TRUE;
    case AIONET_DELTA_TYPE_PRESERVING:
      *port = wrap ((gint64) last_mapped + local - last_local);
      return TRUE;
    case AIONET_DELTA_TYPE_INDEPENDENT:
    case AIONET_DELTA_TYPE_DEPENDENT:
      *port = wrap (last_mapped + (gint64) n_steps * aionet_nat_get_delta_value (self));
      return n_steps > 0;
    case AIONET_DELTA_TYPE_RANDOM:
    default:
      return FALSE;
    }
}

/**
 * aionet_nat_predict_ports:
 * @self: a NAT
 * @last_local: the local port that a STUN server was last asked from
 * @last_mapped: the external port that it told
 * @local: a local port that nothing has been sent from
 * @max_ports: how many ports to say at most
 * @n_ports: (out): how many there are
 *
 * Foretells the external port that the next packet leaves from.
 *
 * Where ports follow each other, somebody else behind the NAT may have taken the next one: those
 * that come after it are told as well. Ports wrap around at 65535, to 1024. A dependent delta is
 * foretold only for a @local above @last_local, and holds for the next few. When @local is
 * @last_local, and the mapping is the same for all destinations, that is it.
 *
 * Returns: (transfer full) (array length=n_ports) (nullable): external ports, likeliest first;
 * %NULL when none is likelier than any other. Free with [func@GLib.free]
 *
 * Since: 0.1
 */
guint16 *
aionet_nat_predict_ports (AionetNat *self,
                          guint16    last_local,
                          guint16    last_mapped,
                          guint16    local,
                          guint      max_ports,
                          gsize     *n_ports)
{
  guint16 *ports;
  guint16  first = last_mapped;
  int      value;
  gboolean is_kept;

  g_return_val_if_fail (n_ports != NULL, NULL);
  *n_ports = 0;
  g_return_val_if_fail (AIONET_IS_NAT (self), NULL);
  g_return_val_if_fail (last_local != 0 && last_mapped != 0 && local != 0, NULL);

  value = aionet_nat_get_delta_value (self);
  is_kept = local == last_local &&
            aionet_nat_get_mapping (self) == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
  if (max_ports == 0 || (!is_kept && !predict_first (self, last_local, last_mapped, local, &first)))
    return NULL;
  *n_ports = is_kept || value == 0 || count_steps (aionet_nat_get_delta_type (self), 1) == 0
                 ? 1
                 : MIN (max_ports, MAX_PORT - MIN_PORT + 1);
  ports = g_new (guint16, *n_ports);
  for (gsize i = 0; i < *n_ports; i++)
    ports[i] = i == 0 ? first : wrap (ports[i - 1] + value);
  return ports;
}
