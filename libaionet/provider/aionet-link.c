/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-link.h"
#include "provider/aionet-link-private.h"

#include "engine/aionet-compat-private.h"

#include <aionet-enums.h>
#include <string.h>

/**
 * AionetLink:
 *
 * An interface as an address backend reports it: a snapshot of its addresses, blocks, gateways and
 * flags.
 *
 * A backend makes links with [ctor@Link.new], fills them with properties and the `add` methods,
 * and hands them in with [method@Request.complete]. That seals them: later attempts to change one
 * are reported as programming errors and ignored, so that everybody may keep links and use them
 * from any thread.
 *
 * ```c
 * g_autoptr (AionetLink) wlan = aionet_link_new ("wlan0", 2);
 * g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string ("192.0.2.7/24", error);
 *
 * aionet_link_set_is_up (wlan, TRUE);
 * aionet_link_add_address (wlan, range, AIONET_ADDRESS_FLAGS_NONE);
 * ```
 *
 * Since: 0.1
 */
static GParamSpec *props[AIONET_LINK_PROPERTY_IS_UP + 1];

G_DEFINE_FINAL_TYPE (AionetLink, aionet_link, G_TYPE_OBJECT)

static gboolean
flags_equal (AionetLink *self, AionetLink *other)
{
  return self->address_flags->len == other->address_flags->len &&
         (self->address_flags->len == 0 ||
          memcmp (self->address_flags->data, other->address_flags->data,
                  self->address_flags->len * sizeof (AionetAddressFlags)) == 0);
}

static void
aionet_link_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetLink *self = AIONET_LINK (object);

  switch ((AionetLinkProperty) id)
    {
    case AIONET_LINK_PROPERTY_NAME:
      g_value_set_string (value, self->name);
      break;
    case AIONET_LINK_PROPERTY_INDEX:
      g_value_set_uint (value, self->index);
      break;
    case AIONET_LINK_PROPERTY_HARDWARE_ADDRESS:
      g_value_set_string (value, self->hardware_address);
      break;
    case AIONET_LINK_PROPERTY_MTU:
      g_value_set_uint (value, self->mtu);
      break;
    case AIONET_LINK_PROPERTY_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case AIONET_LINK_PROPERTY_IS_UP:
      g_value_set_boolean (value, self->is_up);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_link_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AionetLink *self = AIONET_LINK (object);

  switch ((AionetLinkProperty) id)
    {
    case AIONET_LINK_PROPERTY_NAME:
      self->name = g_value_dup_string (value);
      break;
    case AIONET_LINK_PROPERTY_INDEX:
      self->index = g_value_get_uint (value);
      break;
    case AIONET_LINK_PROPERTY_HARDWARE_ADDRESS:
      aionet_link_set_hardware_address (self, g_value_get_string (value));
      break;
    case AIONET_LINK_PROPERTY_MTU:
      aionet_link_set_mtu (self, g_value_get_uint (value));
      break;
    case AIONET_LINK_PROPERTY_KIND:
      aionet_link_set_kind (self, g_value_get_enum (value));
      break;
    case AIONET_LINK_PROPERTY_IS_UP:
      aionet_link_set_is_up (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_link_finalize (GObject *object)
{
  AionetLink *self = AIONET_LINK (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->hardware_address, g_free);
  _aionet_unique_list_clear (&self->addresses);
  g_clear_pointer (&self->address_flags, g_array_unref);
  _aionet_unique_list_clear (&self->blocks);
  _aionet_unique_list_clear (&self->gateways);

  G_OBJECT_CLASS (aionet_link_parent_class)->finalize (object);
}

static void
install_identity (GParamFlags base)
{
  GParamFlags flags = base | G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY;

  /**
   * AionetLink:name: (getter get_name)
   *
   * Name of the interface, as the system calls it; not empty.
   *
   * Since: 0.1
   */
  props[AIONET_LINK_PROPERTY_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);

  /**
   * AionetLink:index: (getter get_index)
   *
   * The system's number of the interface; 0 if it has none.
   *
   * Since: 0.1
   */
  props[AIONET_LINK_PROPERTY_INDEX] =
      g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);
}

static void
install_facts (GParamFlags base)
{
  GParamFlags flags = base | G_PARAM_READWRITE;

  /**
   * AionetLink:hardware-address: (getter get_hardware_address) (setter set_hardware_address)
   *
   * The hardware (MAC) address in the form `aa:bb:cc:dd:ee:ff`; %NULL if there is none.
   *
   * May be set to `AA:BB:CC:dd:e:f`, `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff` and `aabbccddeeff`;
   * what is no hardware address counts as none.
   *
   * Since: 0.1
   */
  props[AIONET_LINK_PROPERTY_HARDWARE_ADDRESS] =
      g_param_spec_string ("hardware-address", NULL, NULL, NULL, flags);

  /**
   * AionetLink:mtu: (getter get_mtu) (setter set_mtu)
   *
   * Largest packet in bytes; 0 if not known.
   *
   * Since: 0.1
   */
  props[AIONET_LINK_PROPERTY_MTU] = g_param_spec_uint ("mtu", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetLink:kind: (getter get_kind) (setter set_kind)
   *
   * What the interface is made of.
   *
   * Since: 0.1
   */
  props[AIONET_LINK_PROPERTY_KIND] =
      g_param_spec_enum ("kind", NULL, NULL, AIONET_TYPE_LINK_KIND, AIONET_LINK_KIND_OTHER, flags);

  /**
   * AionetLink:is-up: (getter get_is_up) (setter set_is_up)
   *
   * Whether packets can pass: switched on, and the cable is in.
   *
   * Since: 0.1
   */
  props[AIONET_LINK_PROPERTY_IS_UP] = g_param_spec_boolean ("is-up", NULL, NULL, FALSE, flags);
}

static void
aionet_link_class_init (AionetLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_link_get_property;
  object_class->set_property = aionet_link_set_property;
  object_class->finalize = aionet_link_finalize;

  install_identity (flags);
  install_facts (flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_link_init (AionetLink *self)
{
  _aionet_unique_list_init (&self->addresses);
  self->address_flags = g_array_new (FALSE, FALSE, sizeof (AionetAddressFlags));
  _aionet_unique_list_init (&self->blocks);
  _aionet_unique_list_init (&self->gateways);
}

void
_aionet_link_seal (AionetLink *self)
{
  self->sealed = TRUE;
  _aionet_unique_list_seal (&self->addresses);
  _aionet_unique_list_seal (&self->blocks);
  _aionet_unique_list_seal (&self->gateways);
}

void
_aionet_link_notify (AionetLink *self, AionetLinkProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}

/**
 * aionet_link_new:
 * @name: name of the interface, as the system calls it
 * @index: the system's number of the interface, 0 if it has none
 *
 * Makes a link without addresses that is down.
 *
 * Returns: (transfer full): a new link
 *
 * Since: 0.1
 */
AionetLink *
aionet_link_new (const char *name, guint index)
{
  AionetLink *self;

  g_return_val_if_fail (name != NULL && name[0] != '\0', NULL);

  /* Listings make links by the thousand; to go through values would take longer than all else. */
  self = g_object_new (AIONET_TYPE_LINK, NULL);
  _aionet_set_str (&self->name, name);
  self->index = index;
  return self;
}

/**
 * aionet_link_get_name: (get-property name)
 * @self: a link
 *
 * Gets the name of the interface, as the system calls it.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
aionet_link_get_name (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), NULL);

  return self->name;
}

/**
 * aionet_link_get_index: (get-property index)
 * @self: a link
 *
 * Gets the system's number of the interface.
 *
 * Returns: the number, 0 if it has none
 *
 * Since: 0.1
 */
guint
aionet_link_get_index (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), 0);

  return self->index;
}

/**
 * aionet_link_get_hardware_address: (get-property hardware-address)
 * @self: a link
 *
 * Gets the hardware (MAC) address in the form `aa:bb:cc:dd:ee:ff`.
 *
 * Returns: (transfer none) (nullable): the address, or %NULL if there is none
 *
 * Since: 0.1
 */
const char *
aionet_link_get_hardware_address (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), NULL);

  return self->hardware_address;
}

/**
 * aionet_link_get_mtu: (get-property mtu)
 * @self: a link
 *
 * Gets the size of the largest packet.
 *
 * Returns: the size in bytes, 0 if not known
 *
 * Since: 0.1
 */
guint
aionet_link_get_mtu (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), 0);

  return self->mtu;
}

/**
 * aionet_link_get_kind: (get-property kind)
 * @self: a link
 *
 * Gets what the interface is made of.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
AionetLinkKind
aionet_link_get_kind (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), AIONET_LINK_KIND_OTHER);

  return self->kind;
}

/**
 * aionet_link_get_is_up: (get-property is-up)
 * @self: a link
 *
 * Tells whether packets can pass: switched on, and the cable is in.
 *
 * Returns: %TRUE if the interface is up
 *
 * Since: 0.1
 */
gboolean
aionet_link_get_is_up (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), FALSE);

  return self->is_up;
}

/**
 * aionet_link_get_addresses:
 * @self: a link
 *
 * Gets the addresses, in the system's order.
 *
 * Returns: (transfer none): a list of [class@IpRange]
 *
 * Since: 0.1
 */
GListModel *
aionet_link_get_addresses (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), NULL);

  return _aionet_unique_list_get_model (&self->addresses, AIONET_TYPE_IP_RANGE);
}

/**
 * aionet_link_get_address_flags:
 * @self: a link
 * @position: position of an address in [method@Link.get_addresses]
 *
 * Gets the state of an address.
 *
 * Returns: the flags; none for a position past the end
 *
 * Since: 0.1
 */
AionetAddressFlags
aionet_link_get_address_flags (AionetLink *self, guint position)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), AIONET_ADDRESS_FLAGS_NONE);

  if (position >= self->address_flags->len)
    return AIONET_ADDRESS_FLAGS_NONE;
  return g_array_index (self->address_flags, AionetAddressFlags, position);
}

/**
 * aionet_link_get_blocks:
 * @self: a link
 *
 * Gets the blocks of addresses that the system accepts packets for.
 *
 * Returns: (transfer none): a list of [class@IpRange]
 *
 * Since: 0.1
 */
GListModel *
aionet_link_get_blocks (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), NULL);

  return _aionet_unique_list_get_model (&self->blocks, AIONET_TYPE_IP_RANGE);
}

/**
 * aionet_link_get_gateways:
 * @self: a link
 *
 * Gets the default routes that leave through the interface.
 *
 * Returns: (transfer none): a list of [class@Gateway]
 *
 * Since: 0.1
 */
GListModel *
aionet_link_get_gateways (AionetLink *self)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), NULL);

  return _aionet_unique_list_get_model (&self->gateways, AIONET_TYPE_GATEWAY);
}

/**
 * aionet_link_equal:
 * @self: a link
 * @other: another link
 *
 * Compares two links in all they have, order included.
 *
 * Returns: %TRUE if they are equal
 *
 * Since: 0.1
 */
gboolean
aionet_link_equal (AionetLink *self, AionetLink *other)
{
  g_return_val_if_fail (AIONET_IS_LINK (self), FALSE);
  g_return_val_if_fail (AIONET_IS_LINK (other), FALSE);

  return self->index == other->index && self->mtu == other->mtu && self->kind == other->kind &&
         self->is_up == other->is_up && g_strcmp0 (self->name, other->name) == 0 &&
         g_strcmp0 (self->hardware_address, other->hardware_address) == 0 &&
         flags_equal (self, other) &&
         _aionet_unique_list_equal (&self->addresses, &other->addresses,
                                    _aionet_link_ranges_equal) &&
         _aionet_unique_list_equal (&self->blocks, &other->blocks, _aionet_link_ranges_equal) &&
         _aionet_unique_list_equal (&self->gateways, &other->gateways,
                                    (GEqualFunc) aionet_gateway_equal);
}
