/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface.h"

#include <aionet-enums.h>

#include "topology/aionet-interface-private.h"

/* A hub: what it knows is one AionetInterfaceState, what it does is done by collaborators (load
 * context, loader, JSON). A state is put in place as a whole, then changes are notified. */

/**
 * AionetInterface:
 *
 * A network interface of this host, and the routes that lead out of it.
 *
 * An interface is made by name, or for the interface that the system prefers, or comes from a
 * [class@Host]. Making one does no input or output; [method@Interface.load_async] looks up its
 * addresses and asks STUN servers (RFC 8489) for the external address of each. After that,
 * [method@Interface.get_route_pool] holds the routes of each address family.
 *
 * The name `default` makes a lightweight interface that is usable at once: the system chooses
 * addresses and network card of each socket, nothing is looked up, and it never does input or
 * output by itself.
 *
 * An interface may be loaded again at any time; its properties and lists then change and notify.
 * Routes that were taken from it before stay as they are.
 *
 * Use an interface from one thread. Callbacks arrive in the main context that was the thread's
 * default when the call began; signals in that of the load that changed the interface.
 *
 * ```c
 * nic = aionet_interface_new (NULL);
 * aionet_interface_load_async (nic, NULL, on_ready, user_data);
 * ```
 *
 * Since: 0.1
 */
struct _AionetInterface
{
  GObject               parent_instance;

  AionetInterfaceState *state;       /* (owned) */
  GWeakRef              host;        /* the one it came from; of none for the wildcard */
  GListStore           *addresses;   /* (owned) follows state */
  GListStore           *link_locals; /* (owned) follows state */
  AionetJoin           *loading;     /* (owned) */
  AionetJoin           *nat_loading; /* (owned) */
};

typedef enum
{
  PROP_NAME = 1,
  PROP_INDEX,
  PROP_HARDWARE_ADDRESS,
  PROP_MTU,
  PROP_KIND,
  PROP_IS_UP,
  PROP_USABLE,
  PROP_LOADED,
  PROP_CONFIRMED,
  PROP_NAT,
  PROP_ADDRESSES,
  PROP_LINK_LOCALS,
  N_PROPS
} AionetInterfaceProperty;

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AionetInterface, aionet_interface, G_TYPE_OBJECT)

static void
notify_if (AionetInterface *self, gboolean changed, AionetInterfaceProperty property)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}

static void
sync_list (GListStore *list, GPtrArray *ranges)
{
  GListModel *model = G_LIST_MODEL (list);
  guint       n_items = g_list_model_get_n_items (model);
  gboolean    same = n_items == ranges->len;

  for (guint i = 0; i < n_items && same; i++)
    {
      g_autoptr (AionetIpRange) range = g_list_model_get_item (model, i);

      same = aionet_ip_range_equal (range, ranges->pdata[i]);
    }
  if (!same)
    g_list_store_splice (list, 0, n_items, ranges->pdata, ranges->len);
}

static void
aionet_interface_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetInterface *self = AIONET_INTERFACE (object);

  switch ((AionetInterfaceProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->state->name);
      break;
    case PROP_INDEX:
      g_value_set_uint (value, self->state->index);
      break;
    case PROP_HARDWARE_ADDRESS:
      g_value_set_string (value, self->state->hardware_address);
      break;
    case PROP_MTU:
      g_value_set_uint (value, self->state->mtu);
      break;
    case PROP_KIND:
      g_value_set_enum (value, (int) self->state->kind);
      break;
    case PROP_IS_UP:
      g_value_set_boolean (value, self->state->is_up);
      break;
    case PROP_USABLE:
      g_value_set_boolean (value, self->state->usable);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->state->loaded);
      break;
    case PROP_CONFIRMED:
      g_value_set_boolean (value, self->state->confirmed);
      break;
    case PROP_NAT:
      g_value_set_object (value, self->state->nat);
      break;
    case PROP_ADDRESSES:
      g_value_set_object (value, self->addresses);
      break;
    case PROP_LINK_LOCALS:
      g_value_set_object (value, self->link_locals);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_interface_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AionetInterface *self = AIONET_INTERFACE (object);

  if (id != PROP_NAME)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  self->state = _aionet_interface_state_new (g_value_get_string (value));
  if (!self->state->is_wildcard)
    g_weak_ref_set (&self->host, aionet_host_get_default ());
}

static void
aionet_interface_finalize (GObject *object)
{
  AionetInterface *self = AIONET_INTERFACE (object);

  g_clear_pointer (&self->state, _aionet_interface_state_free);
  g_weak_ref_clear (&self->host);
  g_clear_object (&self->addresses);
  g_clear_object (&self->link_locals);
  g_clear_pointer (&self->loading, _aionet_join_free);
  g_clear_pointer (&self->nat_loading, _aionet_join_free);
  G_OBJECT_CLASS (aionet_interface_parent_class)->finalize (object);
}

static GParamSpec *
boolean_spec (const char *name)
{
  return g_param_spec_boolean (name, NULL, NULL, FALSE,
                               G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
aionet_interface_class_init (AionetInterfaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const int     flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_interface_get_property;
  object_class->set_property = aionet_interface_set_property;
  object_class->finalize = aionet_interface_finalize;

  /**
   * AionetInterface:name: (getter get_name)
   *
   * The system's name of the interface; %NULL before the preferred one is known.
   *
   * Since: 0.1
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                              G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * AionetInterface:index: (getter get_index)
   *
   * The system's number of the interface, 0 when not known.
   *
   * Since: 0.1
   */
  props[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetInterface:hardware-address: (getter get_hardware_address)
   *
   * The hardware address, as in `aa:bb:cc:dd:ee:ff`.
   *
   * Since: 0.1
   */
  props[PROP_HARDWARE_ADDRESS] = g_param_spec_string ("hardware-address", NULL, NULL, NULL, flags);

  /**
   * AionetInterface:mtu: (getter get_mtu)
   *
   * Largest packet in bytes, 0 when not known.
   *
   * Since: 0.1
   */
  props[PROP_MTU] = g_param_spec_uint ("mtu", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * AionetInterface:kind: (getter get_kind)
   *
   * What the interface is made of.
   *
   * Since: 0.1
   */
  props[PROP_KIND] =
      g_param_spec_enum ("kind", NULL, NULL, AIONET_TYPE_LINK_KIND, AIONET_LINK_KIND_OTHER, flags);

  /**
   * AionetInterface:is-up: (getter get_is_up)
   *
   * Whether the interface is switched on.
   *
   * Since: 0.1
   */
  props[PROP_IS_UP] = boolean_spec ("is-up");

  /**
   * AionetInterface:usable: (getter get_usable)
   *
   * Whether programs can reach other hosts by it, see [method@Interface.get_usable].
   *
   * Since: 0.1
   */
  props[PROP_USABLE] = boolean_spec ("usable");

  /**
   * AionetInterface:loaded: (getter get_loaded)
   *
   * Whether routes were looked up.
   *
   * Since: 0.1
   */
  props[PROP_LOADED] = boolean_spec ("loaded");

  /**
   * AionetInterface:confirmed: (getter get_confirmed)
   *
   * Whether nothing about the routes is in doubt, see [method@Interface.get_confirmed].
   *
   * Since: 0.1
   */
  props[PROP_CONFIRMED] = boolean_spec ("confirmed");

  /**
   * AionetInterface:nat: (getter get_nat)
   *
   * The NAT between the interface and the internet.
   *
   * Since: 0.1
   */
  props[PROP_NAT] = g_param_spec_object ("nat", NULL, NULL, AIONET_TYPE_NAT, flags);

  /**
   * AionetInterface:addresses: (getter get_addresses)
   *
   * The addresses and blocks beyond link-local scope.
   *
   * Since: 0.1
   */
  props[PROP_ADDRESSES] = g_param_spec_object ("addresses", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  /**
   * AionetInterface:link-locals: (getter get_link_locals)
   *
   * The link-local addresses.
   *
   * Since: 0.1
   */
  props[PROP_LINK_LOCALS] =
      g_param_spec_object ("link-locals", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
aionet_interface_init (AionetInterface *self)
{
  g_weak_ref_init (&self->host, NULL);
  self->addresses = g_list_store_new (AIONET_TYPE_IP_RANGE);
  self->link_locals = g_list_store_new (AIONET_TYPE_IP_RANGE);
  self->loading = _aionet_join_new ();
  self->nat_loading = _aionet_join_new ();
}

/**
 * aionet_interface_get_name: (get-property name)
 * @self: the interface
 *
 * Gets the system's name of the interface.
 *
 * Returns: (transfer none) (nullable): the name; %NULL while the preferred interface is not known
 * yet
 *
 * Since: 0.1
 */
const char *
aionet_interface_get_name (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return self->state->name;
}

/**
 * aionet_interface_get_index: (get-property index)
 * @self: the interface
 *
 * Gets the system's number of the interface.
 *
 * Returns: the number, or 0 when it is not known
 *
 * Since: 0.1
 */
guint
aionet_interface_get_index (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), 0);

  return self->state->index;
}

/**
 * aionet_interface_get_hardware_address: (get-property hardware-address)
 * @self: the interface
 *
 * Gets the hardware address, as in `aa:bb:cc:dd:ee:ff`.
 *
 * Returns: (transfer none) (nullable): the address, or %NULL
 *
 * Since: 0.1
 */
const char *
aionet_interface_get_hardware_address (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return self->state->hardware_address;
}

/**
 * aionet_interface_get_mtu: (get-property mtu)
 * @self: the interface
 *
 * Gets the size of the largest packet, in bytes.
 *
 * Returns: the size, or 0 when it is not known
 *
 * Since: 0.1
 */
guint
aionet_interface_get_mtu (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), 0);

  return self->state->mtu;
}

/**
 * aionet_interface_get_kind: (get-property kind)
 * @self: the interface
 *
 * Gets what the interface is made of.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
AionetLinkKind
aionet_interface_get_kind (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), AIONET_LINK_KIND_OTHER);

  return self->state->kind;
}

/**
 * aionet_interface_get_is_up: (get-property is-up)
 * @self: the interface
 *
 * Tells whether the interface is switched on.
 *
 * Returns: %TRUE when it is
 *
 * Since: 0.1
 */
gboolean
aionet_interface_get_is_up (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);

  return self->state->is_up;
}

/**
 * aionet_interface_get_usable: (get-property usable)
 * @self: the interface
 *
 * Tells whether other hosts can be reached by the interface.
 *
 * It can when it is up, is not loopback, and has an address beyond link-local scope or a default
 * gateway. A wired or wireless card is usable with a link-local address alone (RFC 4291 section
 * 2.5.6, RFC 3927), as that reaches its neighbours; virtual links get one from the kernel in any
 * case, so there it means nothing.
 *
 * Returns: %TRUE when it is usable
 *
 * Since: 0.1
 */
gboolean
aionet_interface_get_usable (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);

  return self->state->usable;
}

/**
 * aionet_interface_get_loaded: (get-property loaded)
 * @self: the interface
 *
 * Tells whether routes were looked up, or came with a document.
 *
 * Returns: %TRUE when the pools say what is known
 *
 * Since: 0.1
 */
gboolean
aionet_interface_get_loaded (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);

  return self->state->loaded;
}

/**
 * aionet_interface_get_confirmed: (get-property confirmed)
 * @self: the interface
 *
 * Tells whether nothing about the external addresses is in doubt.
 *
 * It is when each was told by enough servers on distinct networks (see [property@Host:min-agree])
 * and no servers contradicted each other. Silence is no doubt: an interface without answers has no
 * external address that could be wrong.
 *
 * Returns: %TRUE when the interface is loaded and in no doubt
 *
 * Since: 0.1
 */
gboolean
aionet_interface_get_confirmed (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);

  return self->state->confirmed;
}

/**
 * aionet_interface_get_nat: (get-property nat)
 * @self: the interface
 *
 * Gets the NAT between the interface and the internet; before any test what is most likely.
 *
 * Returns: (transfer none): the NAT
 *
 * Since: 0.1
 */
AionetNat *
aionet_interface_get_nat (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return self->state->nat;
}

/**
 * aionet_interface_get_addresses: (get-property addresses)
 * @self: the interface
 *
 * Gets the addresses and blocks of the interface beyond link-local scope; a live list.
 *
 * Returns: (transfer none): a list of [class@IpRange]
 *
 * Since: 0.1
 */
GListModel *
aionet_interface_get_addresses (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return G_LIST_MODEL (self->addresses);
}

/**
 * aionet_interface_get_link_locals: (get-property link-locals)
 * @self: the interface
 *
 * Gets the link-local addresses of the interface (RFC 4291 section 2.5.6, RFC 3927); a live list.
 *
 * Returns: (transfer none): a list of [class@IpRange]
 *
 * Since: 0.1
 */
GListModel *
aionet_interface_get_link_locals (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return G_LIST_MODEL (self->link_locals);
}

AionetInterfaceState *
_aionet_interface_get_state (AionetInterface *self)
{
  return self->state;
}

AionetJoin *
_aionet_interface_get_loading (AionetInterface *self)
{
  return self->loading;
}

AionetJoin *
_aionet_interface_get_nat_loading (AionetInterface *self)
{
  return self->nat_loading;
}

AionetHost *
_aionet_interface_dup_host (AionetInterface *self)
{
  return g_weak_ref_get (&self->host);
}

void
_aionet_interface_put_state (AionetInterface *self, AionetInterfaceState *state)
{
  g_autoptr (AionetInterfaceState) old = self->state;

  self->state = state;
  g_object_freeze_notify (G_OBJECT (self));
  sync_list (self->addresses, state->addresses);
  sync_list (self->link_locals, state->link_locals);
  notify_if (self, g_strcmp0 (old->name, state->name) != 0, PROP_NAME);
  notify_if (self, old->index != state->index, PROP_INDEX);
  notify_if (self, g_strcmp0 (old->hardware_address, state->hardware_address) != 0,
             PROP_HARDWARE_ADDRESS);
  notify_if (self, old->mtu != state->mtu, PROP_MTU);
  notify_if (self, old->kind != state->kind, PROP_KIND);
  notify_if (self, old->is_up != state->is_up, PROP_IS_UP);
  notify_if (self, old->usable != state->usable, PROP_USABLE);
  notify_if (self, old->loaded != state->loaded, PROP_LOADED);
  notify_if (self, old->confirmed != state->confirmed, PROP_CONFIRMED);
  notify_if (self, !aionet_nat_equal (old->nat, state->nat), PROP_NAT);
  g_object_thaw_notify (G_OBJECT (self));
}

AionetInterface *
_aionet_interface_new_for_link (AionetHost *host, AionetLink *link, GListModel *links)
{
  AionetInterface *self = aionet_interface_new (aionet_link_get_name (link));

  g_weak_ref_set (&self->host, host);
  _aionet_interface_refresh (self, link, links);
  return self;
}
