/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-nat.h"

#include "aionet-enums.h"

#define MAX_DELTA 65535

/**
 * AionetNat:
 *
 * What is known about the NAT in front of an interface.
 *
 * A verdict is immutable and may be shared between threads. Before any test it says what is
 * safest to assume: port-restricted, ports at random, [property@Nat:tested] %FALSE.
 *
 * A verdict of 0.5 or more [property@Nat:confidence] is certain: servers on two networks agreed,
 * and loss does not explain what was not answered. Below that, type and behaviours are the best
 * guess that the answers allow, the stricter one in doubt, and [property@Nat:reasons] say what is
 * missing.
 *
 * ```c
 * static void
 * on_tested (GObject *source, GAsyncResult *result, gpointer user_data)
 * {
 *   g_autoptr (GError) error = NULL;
 *   g_autoptr (AionetNat) nat =
 *       aionet_interface_load_nat_finish (AIONET_INTERFACE (source), result, &error);
 *
 *   if (nat != NULL && aionet_nat_get_nat_type (nat) == AIONET_NAT_TYPE_SYMMETRIC)
 *     g_print ("%s\n", aionet_nat_get_delta_info (nat));
 * }
 * ```
 *
 * Since: 0.1
 */
struct _AionetNat
{
  GObject              parent_instance;

  AionetNatType        type;
  AionetDeltaType      delta_type;
  int                  delta_value;
  AionetNatBehavior    mapping;
  AionetNatBehavior    filtering;
  AionetNatHairpinning hairpinning;
  double               confidence;
  gboolean             tested;
  GSocketProtocol      protocol;
  char               **reasons; /* (owned) */
};

typedef enum
{
  PROP_TYPE = 1,
  PROP_DELTA_TYPE,
  PROP_DELTA_VALUE,
  PROP_MAPPING,
  PROP_FILTERING,
  PROP_HAIRPINNING,
  PROP_CONFIDENCE,
  PROP_TESTED,
  PROP_PROTOCOL,
  PROP_REASONS,
} AionetNatProperty;

static GParamSpec *props[PROP_REASONS + 1];

G_DEFINE_FINAL_TYPE (AionetNat, aionet_nat, G_TYPE_OBJECT)

static void
aionet_nat_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetNat *self = AIONET_NAT (object);

  switch ((AionetNatProperty) prop_id)
    {
    case PROP_TYPE:
      g_value_set_enum (value, self->type);
      break;
    case PROP_DELTA_TYPE:
      g_value_set_enum (value, self->delta_type);
      break;
    case PROP_DELTA_VALUE:
      g_value_set_int (value, self->delta_value);
      break;
    case PROP_MAPPING:
      g_value_set_enum (value, self->mapping);
      break;
    case PROP_FILTERING:
      g_value_set_enum (value, self->filtering);
      break;
    case PROP_HAIRPINNING:
      g_value_set_enum (value, self->hairpinning);
      break;
    case PROP_CONFIDENCE:
      g_value_set_double (value, self->confidence);
      break;
    case PROP_TESTED:
      g_value_set_boolean (value, self->tested);
      break;
    case PROP_PROTOCOL:
      g_value_set_enum (value, self->protocol);
      break;
    case PROP_REASONS:
      g_value_set_boxed (value, self->reasons);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_nat_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  AionetNat *self = AIONET_NAT (object);

  switch ((AionetNatProperty) prop_id)
    {
    case PROP_TYPE:
      self->type = g_value_get_enum (value);
      break;
    case PROP_DELTA_TYPE:
      self->delta_type = g_value_get_enum (value);
      break;
    case PROP_DELTA_VALUE:
      self->delta_value = g_value_get_int (value);
      break;
    case PROP_MAPPING:
      self->mapping = g_value_get_enum (value);
      break;
    case PROP_FILTERING:
      self->filtering = g_value_get_enum (value);
      break;
    case PROP_HAIRPINNING:
      self->hairpinning = g_value_get_enum (value);
      break;
    case PROP_CONFIDENCE:
      self->confidence = g_value_get_double (value);
      break;
    case PROP_TESTED:
      self->tested = g_value_get_boolean (value);
      break;
    case PROP_PROTOCOL:
      self->protocol = g_value_get_enum (value);
      break;
    case PROP_REASONS:
      self->reasons = g_value_dup_boxed (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_nat_constructed (GObject *object)
{
  AionetNat *self = AIONET_NAT (object);

  G_OBJECT_CLASS (aionet_nat_parent_class)->constructed (object);
  if (self->reasons == NULL)
    self->reasons = g_new0 (char *, 1);
}

static void
aionet_nat_finalize (GObject *object)
{
  g_strfreev (AIONET_NAT (object)->reasons);
  G_OBJECT_CLASS (aionet_nat_parent_class)->finalize (object);
}

static void
aionet_nat_class_init (AionetNatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_nat_get_property;
  object_class->set_property = aionet_nat_set_property;
  object_class->constructed = aionet_nat_constructed;
  object_class->finalize = aionet_nat_finalize;

  /**
   * AionetNat:type: (getter get_nat_type)
   *
   * The kind of NAT.
   *
   * Since: 0.1
   */
  props[PROP_TYPE] = g_param_spec_enum ("type", NULL, NULL, AIONET_TYPE_NAT_TYPE,
                                        AIONET_NAT_TYPE_PORT_RESTRICTED, flags);
  /**
   * AionetNat:delta-type: (getter get_delta_type)
   *
   * How external ports are chosen.
   *
   * Since: 0.1
   */
  props[PROP_DELTA_TYPE] = g_param_spec_enum ("delta-type", NULL, NULL, AIONET_TYPE_DELTA_TYPE,
                                              AIONET_DELTA_TYPE_RANDOM, flags);
  /**
   * AionetNat:delta-value: (getter get_delta_value)
   *
   * The distance between external ports of successive mappings, negative when they count down.
   *
   * Since: 0.1
   */
  props[PROP_DELTA_VALUE] =
      g_param_spec_int ("delta-value", NULL, NULL, -MAX_DELTA, MAX_DELTA, 0, flags);
  /**
   * AionetNat:mapping: (getter get_mapping)
   *
   * What a mapping depends on (RFC 4787, section 4.1).
   *
   * Since: 0.1
   */
  props[PROP_MAPPING] = g_param_spec_enum ("mapping", NULL, NULL, AIONET_TYPE_NAT_BEHAVIOR,
                                           AIONET_NAT_BEHAVIOR_UNKNOWN, flags);
  /**
   * AionetNat:filtering: (getter get_filtering)
   *
   * What decides whether a packet is let in (RFC 4787, section 5).
   *
   * Since: 0.1
   */
  props[PROP_FILTERING] = g_param_spec_enum ("filtering", NULL, NULL, AIONET_TYPE_NAT_BEHAVIOR,
                                             AIONET_NAT_BEHAVIOR_UNKNOWN, flags);
  /**
   * AionetNat:hairpinning: (getter get_hairpinning)
   *
   * Whether two hosts behind the NAT reach each other by their external endpoints.
   *
   * Since: 0.1
   */
  props[PROP_HAIRPINNING] =
      g_param_spec_enum ("hairpinning", NULL, NULL, AIONET_TYPE_NAT_HAIRPINNING,
                         AIONET_NAT_HAIRPINNING_UNKNOWN, flags);
  /**
   * AionetNat:confidence: (getter get_confidence)
   *
   * How far the verdict is to be trusted: 0 (assumed) to 1; from 0.5 on it is certain.
   *
   * Since: 0.1
   */
  props[PROP_CONFIDENCE] = g_param_spec_double ("confidence", NULL, NULL, 0, 1, 0, flags);
  /**
   * AionetNat:tested: (getter get_tested)
   *
   * Whether the verdict comes from a test; else it is the assumption made before any.
   *
   * Since: 0.1
   */
  props[PROP_TESTED] = g_param_spec_boolean ("tested", NULL, NULL, FALSE, flags);
  /**
   * AionetNat:protocol: (getter get_protocol)
   *
   * What mapping was tested over: UDP; TCP where UDP is blocked; unknown before any test.
   *
   * Since: 0.1
   */
  props[PROP_PROTOCOL] = g_param_spec_enum ("protocol", NULL, NULL, G_TYPE_SOCKET_PROTOCOL,
                                            G_SOCKET_PROTOCOL_UNKNOWN, flags);
  /**
   * AionetNat:reasons: (getter get_reasons)
   *
   * What was seen that the verdict follows from, and what keeps it from being certain.
   *
   * Since: 0.1
   */
  props[PROP_REASONS] = g_param_spec_boxed ("reasons", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_nat_init (AionetNat *self)
{
}

/**
 * aionet_nat_new:
 * @type: the kind of NAT
 * @delta_type: how external ports are chosen
 * @delta_value: distance between successive external ports: -65535 to 65535
 *
 * Creates the verdict of a test, of full confidence. The properties, all of them construct-only,
 * say the rest.
 *
 * Returns: (transfer full): a new verdict, tested
 *
 * Since: 0.1
 */
AionetNat *
aionet_nat_new (AionetNatType type, AionetDeltaType delta_type, int delta_value)
{
  g_return_val_if_fail (aionet_nat_type_get_label (type) != NULL, NULL);
  g_return_val_if_fail (aionet_delta_type_get_label (delta_type) != NULL, NULL);
  g_return_val_if_fail (ABS ((gint64) delta_value) <= MAX_DELTA, NULL);

  return g_object_new (AIONET_TYPE_NAT, "type", type, "delta-type", delta_type, "delta-value",
                       delta_value, "confidence", 1.0, "tested", TRUE, NULL);
}

/**
 * aionet_nat_new_untested:
 *
 * Creates what is assumed before any test: port-restricted, random ports, no confidence.
 *
 * Returns: (transfer full): a new verdict, not tested
 *
 * Since: 0.1
 */
AionetNat *
aionet_nat_new_untested (void)
{
  return g_object_new (AIONET_TYPE_NAT, NULL);
}

/**
 * aionet_nat_get_nat_type: (get-property type)
 * @self: a NAT
 *
 * Gets the kind of NAT.
 *
 * Returns: the type
 *
 * Since: 0.1
 */
AionetNatType
aionet_nat_get_nat_type (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), AIONET_NAT_TYPE_PORT_RESTRICTED);

  return self->type;
}

/**
 * aionet_nat_get_delta_type: (get-property delta-type)
 * @self: a NAT
 *
 * Gets how external ports are chosen.
 *
 * Returns: the delta type
 *
 * Since: 0.1
 */
AionetDeltaType
aionet_nat_get_delta_type (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), AIONET_DELTA_TYPE_RANDOM);

  return self->delta_type;
}

/**
 * aionet_nat_get_delta_value: (get-property delta-value)
 * @self: a NAT
 *
 * Gets the distance between the external ports of successive mappings.
 *
 * Returns: a number of ports, -65535 to 65535; 0 unless the delta type is independent or
 *   dependent
 *
 * Since: 0.1
 */
int
aionet_nat_get_delta_value (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), 0);

  return self->delta_value;
}

/**
 * aionet_nat_get_mapping: (get-property mapping)
 * @self: a NAT
 *
 * Gets what a mapping depends on (RFC 4787, section 4.1).
 *
 * Returns: the mapping behaviour
 *
 * Since: 0.1
 */
AionetNatBehavior
aionet_nat_get_mapping (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), AIONET_NAT_BEHAVIOR_UNKNOWN);

  return self->mapping;
}

/**
 * aionet_nat_get_filtering: (get-property filtering)
 * @self: a NAT
 *
 * Gets what decides whether a packet is let in (RFC 4787, section 5).
 *
 * Returns: the filtering behaviour
 *
 * Since: 0.1
 */
AionetNatBehavior
aionet_nat_get_filtering (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), AIONET_NAT_BEHAVIOR_UNKNOWN);

  return self->filtering;
}

/**
 * aionet_nat_get_hairpinning: (get-property hairpinning)
 * @self: a NAT
 *
 * Gets whether two hosts behind the NAT reach each other by their external endpoints (RFC 4787,
 * section 6).
 *
 * Returns: the verdict on hairpinning
 *
 * Since: 0.1
 */
AionetNatHairpinning
aionet_nat_get_hairpinning (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), AIONET_NAT_HAIRPINNING_UNKNOWN);

  return self->hairpinning;
}

/**
 * aionet_nat_get_confidence: (get-property confidence)
 * @self: a NAT
 *
 * Gets how far the verdict is to be trusted.
 *
 * Returns: 0 (assumed) to 1; from 0.5 on the type is certain, below it is the best guess
 *
 * Since: 0.1
 */
double
aionet_nat_get_confidence (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), 0);

  return self->confidence;
}

/**
 * aionet_nat_get_tested: (get-property tested)
 * @self: a NAT
 *
 * Gets whether the verdict comes from a test.
 *
 * Returns: %FALSE for what is assumed before any test
 *
 * Since: 0.1
 */
gboolean
aionet_nat_get_tested (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), FALSE);

  return self->tested;
}

/**
 * aionet_nat_get_protocol: (get-property protocol)
 * @self: a NAT
 *
 * Gets what mapping was tested over.
 *
 * Over TCP it is tested where UDP is blocked only: then the type is %AIONET_NAT_TYPE_BLOCKED, and
 * [property@Nat:mapping] is that of TCP connections.
 *
 * Returns: %G_SOCKET_PROTOCOL_UDP, %G_SOCKET_PROTOCOL_TCP, or %G_SOCKET_PROTOCOL_UNKNOWN when it
 *   is not said
 *
 * Since: 0.1
 */
GSocketProtocol
aionet_nat_get_protocol (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), G_SOCKET_PROTOCOL_UNKNOWN);

  return self->protocol;
}

/**
 * aionet_nat_get_reasons: (get-property reasons)
 * @self: a NAT
 *
 * Gets what was seen that the verdict follows from, and what keeps it from being certain.
 *
 * Returns: (transfer none) (array zero-terminated=1): sentences in English, for people to read;
 *   their wording may change. Often none
 *
 * Since: 0.1
 */
const char *const *
aionet_nat_get_reasons (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), NULL);

  return (const char *const *) self->reasons;
}

/**
 * aionet_nat_get_info:
 * @self: a NAT
 *
 * Gets the label of the type: `restrict port`.
 *
 * Returns: (transfer none): a label, in English
 *
 * Since: 0.1
 */
const char *
aionet_nat_get_info (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), NULL);

  return aionet_nat_type_get_label (self->type);
}

/**
 * aionet_nat_get_delta_info:
 * @self: a NAT
 *
 * Gets the label of the delta type: `random delta (local port == rand port)`.
 *
 * Returns: (transfer none): a label, in English
 *
 * Since: 0.1
 */
const char *
aionet_nat_get_delta_info (AionetNat *self)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), NULL);

  return aionet_delta_type_get_label (self->delta_type);
}

/**
 * aionet_nat_equal:
 * @self: a NAT
 * @other: (transfer none): another one
 *
 * Checks whether two verdicts agree in everything, confidence and reasons included.
 *
 * Returns: whether they are equal
 *
 * Since: 0.1
 */
gboolean
aionet_nat_equal (AionetNat *self, AionetNat *other)
{
  g_return_val_if_fail (AIONET_IS_NAT (self), FALSE);
  g_return_val_if_fail (AIONET_IS_NAT (other), FALSE);

  return self->type == other->type && self->delta_type == other->delta_type &&
         self->delta_value == other->delta_value && self->mapping == other->mapping &&
         self->filtering == other->filtering && self->hairpinning == other->hairpinning &&
         self->confidence == other->confidence && self->tested == other->tested &&
         self->protocol == other->protocol &&
         g_strv_equal ((const char *const *) self->reasons, (const char *const *) other->reasons);
}
