/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-route-set-private.h"

/* One pass over the probes in the order of the plan. An answer is
 *
 * - within the external side of an earlier route: the probe joins the NIC side of that route;
 * - the source itself: the whole address or block is a route of its own. If the block contains what
 *   earlier probes were seen as, these join: the host translates to an address of its own block;
 * - anything else: a new route to that one address.
 *
 * So no two routes share an external address, and each member of a probe ends up in one route, or
 * is unreachable when there was no answer. */

typedef struct
{
  GPtrArray     *members;  /* (owned) (element-type AionetIpRange) */
  AionetIpRange *external; /* (owned) */
  gboolean       is_own;   /* external is one of the members */
  gboolean       confirmed;
} Draft;

typedef struct
{
  const AionetProbePlan *plan;
  GPtrArray             *drafts; /* (owned) (element-type Draft) (nullable items: joined others) */
  GHashTable            *by_single; /* (owned) (unowned) AionetIpRange -> (unowned) Draft */
  GPtrArray             *blocks;    /* (owned) (element-type Draft) (unowned) external is a block */
  AionetRouteSet        *set;       /* (unowned) */
} Builder;

void
_aionet_probe_result_free (AionetProbeResult *result)
{
  g_clear_object (&result->external);
  g_free (result->reason);
  g_free (result);
}

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  if (draft == NULL)
    return;
  g_ptr_array_unref (draft->members);
  g_object_unref (draft->external);
  g_free (draft);
}

static void
unreachable_free (gpointer data)
{
  AionetUnreachable *unreachable = data;

  g_object_unref (unreachable->range);
  g_free (unreachable->reason);
  g_free (unreachable);
}

static void
route_parts_free (gpointer data)
{
  AionetRouteParts *parts = data;

  g_ptr_array_unref (parts->nic_ranges);
  g_ptr_array_unref (parts->ext_ranges);
  g_ptr_array_unref (parts->link_locals);
  g_free (parts);
}

static void
append_ranges (GPtrArray *ranges, GPtrArray *more)
{
  for (guint i = 0; i < more->len; i++)
    g_ptr_array_add (ranges, g_object_ref (g_ptr_array_index (more, i)));
}

static void
add_unreachable (Builder *self, const AionetProbe *probe, const char *reason)
{
  for (guint i = 0; i < probe->members->len; i++)
    {
      AionetUnreachable *unreachable = g_new0 (AionetUnreachable, 1);

      unreachable->range = g_object_ref (g_ptr_array_index (probe->members, i));
      unreachable->reason = g_strdup (reason);
      g_ptr_array_add (self->set->unreachable, unreachable);
    }
}

/* The member that an answer equal to the source stands for; NULL when the answer is another. */
static AionetIpRange *
find_own (const AionetProbe *probe, GInetAddress *external)
{
  if (!g_inet_address_equal (probe->source, external))
    return NULL;
  for (guint i = 0; i < probe->members->len; i++)
    {
      AionetIpRange *member = g_ptr_array_index (probe->members, i);

      if (aionet_ip_range_contains (member, external))
        return member;
    }
  return NULL;
}

static void
index_draft (Builder *self, Draft *draft)
{
  if (aionet_ip_range_is_single (draft->external))
    g_hash_table_insert (self->by_single, draft->external, draft);
  else
    g_ptr_array_add (self->blocks, draft);
}

static Draft *
find_draft (Builder *self, AionetIpRange *external)
{
  GInetAddress *address = aionet_ip_range_get_address (external);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      Draft *draft = g_ptr_array_index (self->blocks, i);

      if (aionet_ip_range_contains (draft->external, address))
        return draft;
    }
  return aionet_ip_range_is_single (external) ? g_hash_table_lookup (self->by_single, external)
                                              : NULL;
}

static void
join (Draft *draft, GPtrArray *members, gboolean is_own, gboolean confirmed)
{
  append_ranges (draft->members, members);
  draft->is_own |= is_own;
  draft->confirmed = draft->confirmed && confirmed;
}

/* Earlier drafts whose external address lies in block, all in the first of them, which becomes the
 * draft of block. NULL: there is none. */
static Draft *
absorb (Builder *self, AionetIpRange *block)
{
  Draft *first = NULL;

  for (guint i = 0; i < self->drafts->len; i++)
    {
      Draft *draft = g_ptr_array_index (self->drafts, i);

      if (draft == NULL ||
          !aionet_ip_range_contains (block, aionet_ip_range_get_address (draft->external)))
        continue;
      g_hash_table_remove (self->by_single, draft->external);
      if (first == NULL)
        {
          first = draft;
          continue;
        }
      join (first, draft->members, draft->is_own, draft->confirmed);
      g_ptr_array_index (self->drafts, i) = NULL;
      draft_free (draft);
    }
  if (first != NULL)
    {
      g_set_object (&first->external, block);
      index_draft (self, first);
    }
  return first;
}

static void
add_draft (Builder           *self,
           AionetIpRange     *external,
           gboolean           is_own,
           const AionetProbe *probe,
           gboolean           confirmed)
{
  Draft *draft = g_new0 (Draft, 1);

  draft->members = g_ptr_array_new_with_free_func (g_object_unref);
  draft->external = g_object_ref (external);
  draft->is_own = is_own;
  draft->confirmed = confirmed;
  append_ranges (draft->members, probe->members);
  g_ptr_array_add (self->drafts, draft);
  index_draft (self, draft);
}

static void
add_answer (Builder *self, const AionetProbe *probe, const AionetProbeResult *result)
{
  AionetIpRange *own = find_own (probe, result->external);
  g_autoptr (AionetIpRange) external =
      own != NULL ? g_object_ref (own)
                  : aionet_ip_range_new (result->external,
                                         g_inet_address_get_native_size (result->external) * 8);
  Draft *draft = find_draft (self, external);

  if (draft == NULL && !aionet_ip_range_is_single (external))
    draft = absorb (self, external);
  if (draft != NULL)
    join (draft, probe->members, own != NULL, result->confirmed);
  else
    add_draft (self, external, own != NULL, probe, result->confirmed);
}

static void
add_result (Builder *self, const AionetProbe *probe, const AionetProbeResult *result)
{
  if (result->external == NULL)
    add_unreachable (self, probe, result->reason != NULL ? result->reason : "no answer");
  else if (g_inet_address_get_family (result->external) != self->plan->family)
    add_unreachable (self, probe, "the answer is of another address family");
  else
    add_answer (self, probe, result);
}

/* IPv4: the members. IPv6: the members, then all link-locals; but an address or block that is seen
 * as itself, and alone, is on the external side only. Without a link-local it is on both. */
static void
finish (Builder *self, Draft *draft)
{
  AionetRouteParts *parts = g_new0 (AionetRouteParts, 1);
  GPtrArray        *link_locals = self->plan->link_locals;

  parts->family = self->plan->family;
  parts->confirmed = draft->confirmed;
  parts->nic_ranges = g_ptr_array_new_with_free_func (g_object_unref);
  parts->ext_ranges = g_ptr_array_new_with_free_func (g_object_unref);
  parts->link_locals = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (parts->ext_ranges, g_object_ref (draft->external));
  if (!(draft->is_own && draft->members->len == 1 && link_locals->len > 0))
    append_ranges (parts->nic_ranges, draft->members);
  append_ranges (parts->nic_ranges, link_locals);
  append_ranges (parts->link_locals, link_locals);
  g_ptr_array_add (self->set->routes, parts);
}

AionetRouteSet *
_aionet_route_set_build (const AionetProbePlan *plan, GPtrArray *results)
{
  AionetRouteSet *set = g_new0 (AionetRouteSet, 1);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (draft_free);
  g_autoptr (GPtrArray) blocks = g_ptr_array_new ();
  g_autoptr (GHashTable) by_single =
      g_hash_table_new ((GHashFunc) aionet_ip_range_hash, (GEqualFunc) aionet_ip_range_equal);
  Builder builder = {
    .plan = plan, .drafts = drafts, .by_single = by_single, .blocks = blocks, .set = set
  };

  set->routes = g_ptr_array_new_with_free_func (route_parts_free);
  set->unreachable = g_ptr_array_new_with_free_func (unreachable_free);
  for (guint i = 0; i < plan->probes->len; i++)
    {
      static const AionetProbeResult silence = { 0 };

      add_result (&builder, g_ptr_array_index (plan->probes, i),
                  i < results->len ? g_ptr_array_index (results, i) : &silence);
    }
  for (guint i = 0; i < drafts->len; i++)
    {
      if (g_ptr_array_index (drafts, i) != NULL)
        finish (&builder, g_ptr_array_index (drafts, i));
    }
  return set;
}

void
_aionet_route_set_free (AionetRouteSet *set)
{
  g_ptr_array_unref (set->routes);
  g_ptr_array_unref (set->unreachable);
  g_free (set);
}
