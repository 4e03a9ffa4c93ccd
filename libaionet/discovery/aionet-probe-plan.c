/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-probe-plan-private.h"

#include "discovery/aionet-uplink-private.h"
#include "value/aionet-special-purpose-private.h"

/* The order of a plan is the order of the routes:
 *
 * - private groups first, then the public addresses and blocks, each a probe of its own;
 * - public IPv4 blocks before single addresses: whether the kernel reports a block as an address
 *   or as an AnyIP route is an accident of how it was set up and must not show;
 * - IPv6 temporary addresses behind stable ones, deprecated ones of both families last;
 * - apart from that, the order of the link: its addresses, then its blocks.
 *
 * What lies in a block of the link is not listed beside the block.
 *
 * A private group is what leaves by one gateway (see aionet-uplink): all its members are seen as
 * the same address, so one probe is enough. Its source is an address that is really assigned, if
 * there is one: the first address of a private block is often that of the gateway. */

#define N_RANKS 3

typedef struct
{
  AionetIpRange *range; /* (owned) */
  guint          rank;
  gboolean       is_private;
  gboolean       is_covered; /* by a block of the link: a source, but no member */
} Candidate;

typedef struct
{
  AionetLink      *link;       /* (unowned) */
  AionetProbePlan *plan;       /* (unowned) */
  GArray          *candidates; /* (owned) (element-type Candidate) */
  GPtrArray       *blocks;     /* (owned) (element-type AionetIpRange) all of the family */
  GHashTable      *seen;       /* (owned) set of (unowned) AionetIpRange */
  GPtrArray *uplinks; /* (owned) (element-type AionetGateway) (nullable items) of the groups */
} Planner;

static void
candidate_clear (gpointer candidate)
{
  g_object_unref (((Candidate *) candidate)->range);
}

static void
probe_free (gpointer data)
{
  AionetProbe *probe = data;

  g_clear_object (&probe->source);
  g_free (probe->scope_name);
  g_ptr_array_unref (probe->members);
  g_free (probe);
}

static AionetProbe *
probe_new (AionetIpRange *range, gboolean is_private)
{
  AionetProbe *probe = g_new0 (AionetProbe, 1);

  probe->family = aionet_ip_range_get_family (range);
  probe->source = aionet_ip_range_get_address_at (range, 0);
  probe->scope_name = g_strdup (aionet_ip_range_get_scope_name (range));
  probe->free_bind = !aionet_ip_range_is_single (range);
  probe->is_private = is_private;
  probe->members = g_ptr_array_new_with_free_func (g_object_unref);
  return probe;
}

static guint
get_rank (AionetIpRange *range, AionetAddressFlags flags, gboolean is_private)
{
  if ((flags & AIONET_ADDRESS_FLAGS_DEPRECATED) != 0)
    return 2;
  if (aionet_ip_range_get_family (range) == G_SOCKET_FAMILY_IPV6)
    return (flags & AIONET_ADDRESS_FLAGS_TEMPORARY) != 0 ? 1 : 0;
  return is_private || !aionet_ip_range_is_single (range) ? 0 : 1;
}

static void
add_link_local (Planner *self, AionetIpRange *range)
{
  /* IPv4 ones are of no use beyond the link, and nothing on it asks for them. */
  if (self->plan->family == G_SOCKET_FAMILY_IPV6)
    g_ptr_array_add (self->plan->link_locals, g_object_ref (range));
}

static void
add_range (Planner *self, AionetIpRange *range, AionetAddressFlags flags)
{
  AionetAddressClass address_class =
      _aionet_inet_address_classify (aionet_ip_range_get_address (range));
  Candidate candidate = { .range = range, .is_private = TRUE };

  if (g_hash_table_contains (self->seen, range))
    return;
  g_hash_table_add (self->seen, range);
  switch (address_class)
    {
    case AIONET_ADDRESS_CLASS_LINK_LOCAL:
      add_link_local (self, range);
      return;
    case AIONET_ADDRESS_CLASS_PUBLIC:
      candidate.is_private = FALSE;
      break;
    case AIONET_ADDRESS_CLASS_PRIVATE:
      break;
    case AIONET_ADDRESS_CLASS_LOOPBACK:
    case AIONET_ADDRESS_CLASS_MULTICAST:
    case AIONET_ADDRESS_CLASS_UNUSABLE:
    default:
      return;
    }
  candidate.rank = get_rank (range, flags, candidate.is_private);
  g_object_ref (range);
  g_array_append_val (self->candidates, candidate);
  if (!aionet_ip_range_is_single (range))
    g_ptr_array_add (self->blocks, g_object_ref (range));
}

static void
add_all (Planner *self, GListModel *ranges, gboolean have_flags)
{
  for (guint i = 0; i < g_list_model_get_n_items (ranges); i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (ranges, i);
      AionetAddressFlags flags =
          have_flags ? aionet_link_get_address_flags (self->link, i) : AIONET_ADDRESS_FLAGS_NONE;

      if (aionet_ip_range_get_family (range) == self->plan->family &&
          (flags & AIONET_ADDRESS_FLAGS_TENTATIVE) == 0)
        add_range (self, range, flags);
    }
}

static gboolean
is_covered (Planner *self, AionetIpRange *range)
{
  guint prefix_length = aionet_ip_range_get_prefix_length (range);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      AionetIpRange *block = g_ptr_array_index (self->blocks, i);

      if (aionet_ip_range_get_prefix_length (block) < prefix_length &&
          aionet_ip_range_contains (block, aionet_ip_range_get_address (range)))
        return TRUE;
    }
  return FALSE;
}

/* The group that leaves by the same gateway as range; a new one with range as source if need be. */
static AionetProbe *
get_group (Planner *self, AionetIpRange *range)
{
  AionetGateway *uplink = _aionet_uplink_find (aionet_link_get_gateways (self->link), range);
  AionetProbe   *probe;

  for (guint i = 0; i < self->uplinks->len; i++)
    {
      if (_aionet_uplink_same (g_ptr_array_index (self->uplinks, i), uplink))
        return g_ptr_array_index (self->plan->probes, i);
    }
  probe = probe_new (range, TRUE);
  g_ptr_array_add (self->uplinks, uplink);
  g_ptr_array_add (self->plan->probes, probe);
  return probe;
}

static void
plan_candidate (Planner *self, const Candidate *candidate)
{
  AionetProbe *probe = NULL;

  if (candidate->is_private)
    probe = get_group (self, candidate->range);
  if (candidate->is_covered)
    return;
  if (probe == NULL)
    {
      probe = probe_new (candidate->range, FALSE);
      g_ptr_array_add (self->plan->probes, probe);
    }
  g_ptr_array_add (probe->members, g_object_ref (candidate->range));
}

static void
plan_class (Planner *self, gboolean is_private)
{
  for (guint rank = 0; rank < N_RANKS; rank++)
    {
      for (guint i = 0; i < self->candidates->len; i++)
        {
          const Candidate *candidate = &g_array_index (self->candidates, Candidate, i);

          if (candidate->rank == rank && candidate->is_private == is_private)
            plan_candidate (self, candidate);
        }
    }
}

/* A group whose only addresses lie in a block that leaves by another gateway. */
static void
remove_empty (GPtrArray *probes)
{
  for (guint i = 0; i < probes->len;)
    {
      const AionetProbe *probe = g_ptr_array_index (probes, i);

      if (probe->members->len == 0)
        g_ptr_array_remove_index (probes, i);
      else
        i++;
    }
}

static void
plan_all (Planner *self)
{
  add_all (self, aionet_link_get_addresses (self->link), TRUE);
  add_all (self, aionet_link_get_blocks (self->link), FALSE);
  for (guint i = 0; i < self->candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (self->candidates, Candidate, i);

      candidate->is_covered = is_covered (self, candidate->range);
    }
  plan_class (self, TRUE);
  remove_empty (self->plan->probes);
  plan_class (self, FALSE);
}

AionetProbePlan *
_aionet_probe_plan_new (AionetLink *link, GSocketFamily family)
{
  AionetProbePlan *plan = g_new0 (AionetProbePlan, 1);
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_autoptr (GPtrArray) blocks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) uplinks = g_ptr_array_new ();
  g_autoptr (GHashTable) seen =
      g_hash_table_new ((GHashFunc) aionet_ip_range_hash, (GEqualFunc) aionet_ip_range_equal);
  Planner planner = { .link = link,
                      .plan = plan,
                      .candidates = candidates,
                      .blocks = blocks,
                      .seen = seen,
                      .uplinks = uplinks };

  g_array_set_clear_func (candidates, candidate_clear);
  plan->family = family;
  plan->probes = g_ptr_array_new_with_free_func (probe_free);
  plan->link_locals = g_ptr_array_new_with_free_func (g_object_unref);
  plan_all (&planner);
  return plan;
}

void
_aionet_probe_plan_free (AionetProbePlan *plan)
{
  g_ptr_array_unref (plan->probes);
  g_ptr_array_unref (plan->link_locals);
  g_free (plan);
}
