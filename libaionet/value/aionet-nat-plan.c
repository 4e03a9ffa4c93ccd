/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-nat-plan.h"

#include "aionet-enums.h"

/**
 * AionetNatPlan:
 *
 * How two hosts, each behind a NAT of its own, reach each other over UDP without a relay; or why
 * they cannot.
 *
 * It is meant to be carried out like this. Each host opens a UDP socket, learns its external
 * endpoint with STUN from that very socket, and tells the other host by way of a third, which both
 * reach. Then those send that [property@NatPlan:starter] names, every 100 ms or so, to the endpoint
 * they were told. From the first packet that comes in on, a host sends to where that came from.
 * With [enum@Aionet.NatMethod.PORT_PREDICTION] a host whose NAT is symmetric tells, instead of what
 * STUN saw, what [method@Nat.predict_ports] says of another socket, from which nothing has been
 * sent yet.
 *
 * A plan is about two NATs. Two hosts behind one and the same NAT reach each other by their local
 * addresses, and by their external ones if [property@Nat:hairpinning] says so.
 *
 * A plan is immutable and may be shared between threads.
 *
 * ```c
 * g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (nat, other_nat);
 *
 * if (!aionet_nat_plan_is_possible (plan))
 *   g_print ("relayed: %s\n", aionet_nat_plan_get_reason (plan));
 * ```
 *
 * Since: 0.1
 */
struct _AionetNatPlan
{
  GObject          parent_instance;

  AionetNatMethod  method;
  AionetNatStarter starter;
  double           confidence;
  char            *reason; /* (owned) */
};

typedef enum
{
  PROP_POSSIBLE = 1,
  PROP_METHOD,
  PROP_STARTER,
  PROP_CONFIDENCE,
  PROP_REASON,
} AionetNatPlanProperty;

static GParamSpec *props[PROP_REASON + 1];

G_DEFINE_FINAL_TYPE (AionetNatPlan, aionet_nat_plan, G_TYPE_OBJECT)

static void
aionet_nat_plan_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetNatPlan *self = AIONET_NAT_PLAN (object);

  switch ((AionetNatPlanProperty) prop_id)
    {
    case PROP_POSSIBLE:
      g_value_set_boolean (value, aionet_nat_plan_is_possible (self));
      break;
    case PROP_METHOD:
      g_value_set_enum (value, self->method);
      break;
    case PROP_STARTER:
      g_value_set_enum (value, self->starter);
      break;
    case PROP_CONFIDENCE:
      g_value_set_double (value, self->confidence);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_nat_plan_finalize (GObject *object)
{
  g_free (AIONET_NAT_PLAN (object)->reason);
  G_OBJECT_CLASS (aionet_nat_plan_parent_class)->finalize (object);
}

static void
aionet_nat_plan_class_init (AionetNatPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_nat_plan_get_property;
  object_class->finalize = aionet_nat_plan_finalize;

  /**
   * AionetNatPlan:possible: (getter is_possible)
   *
   * Whether the hosts can reach each other.
   *
   * Since: 0.1
   */
  props[PROP_POSSIBLE] = g_param_spec_boolean ("possible", NULL, NULL, FALSE, flags);
  /**
   * AionetNatPlan:method: (getter get_method)
   *
   * How they reach each other.
   *
   * Since: 0.1
   */
  props[PROP_METHOD] = g_param_spec_enum ("method", NULL, NULL, AIONET_TYPE_NAT_METHOD,
                                          AIONET_NAT_METHOD_NONE, flags);
  /**
   * AionetNatPlan:starter: (getter get_starter)
   *
   * Who has to send without having received anything.
   *
   * Since: 0.1
   */
  props[PROP_STARTER] = g_param_spec_enum ("starter", NULL, NULL, AIONET_TYPE_NAT_STARTER,
                                           AIONET_NAT_STARTER_NONE, flags);
  /**
   * AionetNatPlan:confidence: (getter get_confidence)
   *
   * How far the plan is to be trusted: 0 to 1.
   *
   * Since: 0.1
   */
  props[PROP_CONFIDENCE] = g_param_spec_double ("confidence", NULL, NULL, 0, 1, 0, flags);
  /**
   * AionetNatPlan:reason: (getter get_reason)
   *
   * Why this is the way, or why there is none.
   *
   * Since: 0.1
   */
  props[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_nat_plan_init (AionetNatPlan *self)
{
}

/* One of the two NATs, as far as it matters to the other. */
typedef struct
{
  AionetNatBehavior mapping;
  AionetNatBehavior filtering;
  gboolean          is_blocked;
  gboolean          is_predictable; /* what the first mapping of a fresh socket will be */
  gboolean          is_certain;
} Side;

static AionetNatBehavior
assume_mapping (AionetNatType type)
{
  return type == AIONET_NAT_TYPE_SYMMETRIC ? AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT
                                           : AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
}

static AionetNatBehavior
assume_filtering (AionetNatType type)
{
  switch (type)
    {
    case AIONET_NAT_TYPE_OPEN:
    case AIONET_NAT_TYPE_FULL_CONE:
      return AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
    case AIONET_NAT_TYPE_RESTRICTED:
      return AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT;
    case AIONET_NAT_TYPE_FIREWALL:
    case AIONET_NAT_TYPE_PORT_RESTRICTED:
    case AIONET_NAT_TYPE_SYMMETRIC:
    case AIONET_NAT_TYPE_BLOCKED:
    default:
      return AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT;
    }
}

static gboolean
is_pattern (AionetDeltaType type)
{
  return type == AIONET_DELTA_TYPE_EQUAL || type == AIONET_DELTA_TYPE_PRESERVING ||
         type == AIONET_DELTA_TYPE_INDEPENDENT || type == AIONET_DELTA_TYPE_DEPENDENT;
}

/* What was not seen is what the type implies at worst. */
static Side
make_side (AionetNat *nat)
{
  AionetNatType type = aionet_nat_get_nat_type (nat);
  Side side = { aionet_nat_get_mapping (nat), aionet_nat_get_filtering (nat), FALSE, FALSE, FALSE };

  if (side.mapping == AIONET_NAT_BEHAVIOR_UNKNOWN)
    side.mapping = assume_mapping (type);
  if (side.filtering == AIONET_NAT_BEHAVIOR_UNKNOWN)
    side.filtering = assume_filtering (type);
  side.is_blocked = type == AIONET_NAT_TYPE_BLOCKED;
  side.is_predictable = side.mapping != AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT &&
                        is_pattern (aionet_nat_get_delta_type (nat));
  side.is_certain = aionet_nat_get_tested (nat) && aionet_nat_get_confidence (nat) >= 0.5;
  return side;
}

static gboolean
is_stable (const Side *side)
{
  return side->mapping == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
}

/* Lets in all of an address that something was sent to. */
static gboolean
is_lenient (const Side *side)
{
  return side->filtering != AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT;
}

/* Whether the other host can start alone: its packet gets in, and the answer leaves by the mapping
 * that let it in, as translation goes by sessions (RFC 2663, section 2.3). */
static gboolean
is_reachable (const Side *side)
{
  return side->filtering == AIONET_NAT_BEHAVIOR_ENDPOINT_INDEPENDENT;
}

/* Both know where to send to; or one does, and that the other lets in what comes from a port nobody
 * knew, since it has sent to that address itself. */
static gboolean
can_punch (const Side *side, const Side *other)
{
  if (is_stable (side) && is_stable (other))
    return TRUE;
  return (is_stable (side) && is_lenient (side)) || (is_stable (other) && is_lenient (other));
}

/* The port of this side is foretold, that of the other is not: it becomes known when its packet is
 * let in, and the answer to that leaves by the port foretold. */
static gboolean
can_foretell_one (const Side *side)
{
  return side->is_predictable && is_lenient (side);
}

static gboolean
can_foretell (const Side *side, const Side *other)
{
  if ((is_stable (side) || side->is_predictable) && (is_stable (other) || other->is_predictable))
    return TRUE;
  return can_foretell_one (side) || can_foretell_one (other);
}

static AionetNatMethod
find_method (const Side *side, const Side *other)
{
  if (side->is_blocked || other->is_blocked)
    return AIONET_NAT_METHOD_NONE;
  if (is_reachable (side) || is_reachable (other))
    return AIONET_NAT_METHOD_DIRECT;
  if (can_punch (side, other))
    return AIONET_NAT_METHOD_HOLE_PUNCHING;
  if (can_foretell (side, other))
    return AIONET_NAT_METHOD_PORT_PREDICTION;
  return AIONET_NAT_METHOD_NONE;
}

static AionetNatStarter
find_starter (const Side *side, const Side *other, AionetNatMethod method)
{
  if (method == AIONET_NAT_METHOD_NONE)
    return AIONET_NAT_STARTER_NONE;
  if (method != AIONET_NAT_METHOD_DIRECT)
    return AIONET_NAT_STARTER_BOTH;
  /* One that picks a port for each destination is not to have picked one when the packet of the
   * other comes: the answer would leave by that. */
  if (!is_reachable (other) && !is_stable (side))
    return AIONET_NAT_STARTER_OTHER;
  if (!is_reachable (side) && !is_stable (other))
    return AIONET_NAT_STARTER_SELF;
  /* Else both never does harm, and works where a filter is stricter than it seemed. */
  if (!side->is_certain || !other->is_certain)
    return AIONET_NAT_STARTER_BOTH;
  if (is_reachable (side) && is_reachable (other))
    return AIONET_NAT_STARTER_EITHER;
  return is_reachable (side) ? AIONET_NAT_STARTER_OTHER : AIONET_NAT_STARTER_SELF;
}

static char *
explain_none (const Side *side, const Side *other)
{
  const Side *strict = is_stable (side) ? side : other;

  if (side->is_blocked || other->is_blocked)
    return g_strdup_printf ("%s blocks UDP", side->is_blocked && other->is_blocked ? "Each NAT"
                                             : side->is_blocked                    ? "The first NAT"
                                                                : "The second NAT");
  if (is_stable (side) || is_stable (other))
    return g_strdup_printf ("The %s NAT picks a port for each destination that cannot be foretold, "
                            "and the %s NAT lets in only ports that were sent to",
                            strict == side ? "second" : "first",
                            strict == side ? "first" : "second");
  return g_strdup ("Each NAT picks a port for each destination, and which one cannot be foretold "
                   "where the other NAT would have to know it");
}

static char *
explain (const Side *side, const Side *other, AionetNatMethod method, AionetNatStarter starter)
{
  switch (method)
    {
    case AIONET_NAT_METHOD_DIRECT:
      if (starter == AIONET_NAT_STARTER_BOTH)
        return g_strdup ("One NAT seems to let in anybody; both should send, since that is not "
                         "certain");
      if (starter == AIONET_NAT_STARTER_EITHER)
        return g_strdup ("Both NATs let in anybody");
      return g_strdup_printf ("The %s NAT lets in anybody",
                              starter == AIONET_NAT_STARTER_OTHER ? "first" : "second");
    case AIONET_NAT_METHOD_HOLE_PUNCHING:
      if (is_stable (side) && is_stable (other))
        return g_strdup ("Both NATs keep one external port for all destinations");
      return g_strdup_printf ("The %s NAT keeps its external port, and lets in any port of an "
                              "address that was sent to",
                              is_stable (side) ? "first" : "second");
    case AIONET_NAT_METHOD_PORT_PREDICTION:
      return g_strdup ("The ports that a NAT picks for each destination can be foretold");
    case AIONET_NAT_METHOD_NONE:
    default:
      return explain_none (side, other);
    }
}

/**
 * aionet_nat_plan_new:
 * @nat: the NAT of one host
 * @other: (transfer none): the NAT of the other host
 *
 * Plans how two hosts reach each other over UDP.
 *
 * Behaviours that are unknown are taken to be what the type implies: for the NAT assumed before any
 * test, port-restricted. [property@NatPlan:confidence] is the lesser one of the two NATs.
 *
 * Returns: (transfer full): a new plan
 *
 * Since: 0.1
 */
AionetNatPlan *
aionet_nat_plan_new (AionetNat *nat, AionetNat *other)
{
  AionetNatPlan *plan;
  Side           side;
  Side           other_side;

  g_return_val_if_fail (AIONET_IS_NAT (nat), NULL);
  g_return_val_if_fail (AIONET_IS_NAT (other), NULL);

  side = make_side (nat);
  other_side = make_side (other);
  plan = g_object_new (AIONET_TYPE_NAT_PLAN, NULL);
  plan->method = find_method (&side, &other_side);
  plan->starter = find_starter (&side, &other_side, plan->method);
  plan->reason = explain (&side, &other_side, plan->method, plan->starter);
  plan->confidence = MIN (aionet_nat_get_confidence (nat), aionet_nat_get_confidence (other));
  return plan;
}

/**
 * aionet_nat_plan_is_possible: (get-property possible)
 * @self: a plan
 *
 * Checks whether the hosts can reach each other.
 *
 * Returns: %FALSE when the method is none
 *
 * Since: 0.1
 */
gboolean
aionet_nat_plan_is_possible (AionetNatPlan *self)
{
  g_return_val_if_fail (AIONET_IS_NAT_PLAN (self), FALSE);

  return self->method != AIONET_NAT_METHOD_NONE;
}

/**
 * aionet_nat_plan_get_method: (get-property method)
 * @self: a plan
 *
 * Gets how the hosts reach each other.
 *
 * Returns: the simplest method that works
 *
 * Since: 0.1
 */
AionetNatMethod
aionet_nat_plan_get_method (AionetNatPlan *self)
{
  g_return_val_if_fail (AIONET_IS_NAT_PLAN (self), AIONET_NAT_METHOD_NONE);

  return self->method;
}

/**
 * aionet_nat_plan_get_starter: (get-property starter)
 * @self: a plan
 *
 * Gets who has to send without having received anything. Where a NAT is not certain it is both, if
 * that does no harm: it works even if the NAT filters more than it seemed to.
 *
 * Returns: who starts
 *
 * Since: 0.1
 */
AionetNatStarter
aionet_nat_plan_get_starter (AionetNatPlan *self)
{
  g_return_val_if_fail (AIONET_IS_NAT_PLAN (self), AIONET_NAT_STARTER_NONE);

  return self->starter;
}

/**
 * aionet_nat_plan_get_confidence: (get-property confidence)
 * @self: a plan
 *
 * Gets how far the plan is to be trusted: as far as the NAT that is known less well.
 *
 * Returns: 0 to 1; below 0.5 it is a guess
 *
 * Since: 0.1
 */
double
aionet_nat_plan_get_confidence (AionetNatPlan *self)
{
  g_return_val_if_fail (AIONET_IS_NAT_PLAN (self), 0);

  return self->confidence;
}

/**
 * aionet_nat_plan_get_reason: (get-property reason)
 * @self: a plan
 *
 * Gets why this is the way, or why there is none.
 *
 * Returns: (transfer none): a sentence in English, without full stop, for people to read; its
 *   wording may change
 *
 * Since: 0.1
 */
const char *
aionet_nat_plan_get_reason (AionetNatPlan *self)
{
  g_return_val_if_fail (AIONET_IS_NAT_PLAN (self), NULL);

  return self->reason;
}

/**
 * aionet_nat_can_connect:
 * @self: the NAT of one host
 * @other: (transfer none): the NAT of the other host
 *
 * Checks whether two hosts behind these NATs can reach each other over UDP without a relay.
 * [class@NatPlan] says how, and [class@HolePunch] does it.
 *
 * What is assumed: both hosts try at once, for a few seconds; each tells the other the external
 * endpoint that it has learned just before; and where ports are foretold, nobody else behind that
 * NAT opens more than a few mappings meanwhile.
 *
 * Returns: whether they can; as far as the NATs are known
 *
 * Since: 0.1
 */
gboolean
aionet_nat_can_connect (AionetNat *self, AionetNat *other)
{
  Side side;
  Side other_side;

  g_return_val_if_fail (AIONET_IS_NAT (self), FALSE);
  g_return_val_if_fail (AIONET_IS_NAT (other), FALSE);

  side = make_side (self);
  other_side = make_side (other);
  return find_method (&side, &other_side) != AIONET_NAT_METHOD_NONE;
}
