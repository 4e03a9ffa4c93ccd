/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-hole-punch.h"

#include "engine/aionet-task-private.h"
#include "pipe/aionet-peer-offer-private.h"
#include "pipe/aionet-punch-run-private.h"
#include "pipe/aionet-punch-sockets-private.h"
#include "topology/aionet-interface.h"
#include "value/aionet-error.h"

/**
 * AionetHolePunch:
 *
 * One attempt of two hosts, each behind a NAT of its own, to reach each other with a UDP pipe on
 * either side and no relay: a [class@NatPlan] carried out.
 *
 * Each host calls [method@HolePunch.prepare_async] and gets an offer, a line of text, which the
 * program brings to the other host in whatever way it likes: by a server that both reach, most
 * often. Then, at about the same time, each calls [method@HolePunch.open_async] with the offer of
 * the other.
 *
 * Offers go stale: a NAT forgets a mapping that is not used within half a minute or so, and one
 * that counts gives the next port to somebody else. The offer tells the external address of the
 * host, and whoever knows it can send it packets that look like its peer's; bring it over a way
 * that is as private as the conversation is to be, and encrypt what goes through the pipe.
 *
 * Use it in one thread, and once.
 *
 * ```c
 * static void
 * on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
 * {
 *   g_autoptr (GError) error = NULL;
 *   g_autofree char *offer =
 *       aionet_hole_punch_prepare_finish (AIONET_HOLE_PUNCH (source), result, &error);
 *
 *   g_print ("for the other host: %s\n", offer != NULL ? offer : error->message);
 * }
 *
 * static void
 * begin (AionetHolePunch *punch)
 * {
 *   aionet_hole_punch_prepare_async (punch, NULL, on_prepared, NULL);
 * }
 * ```
 *
 * Since: 0.1
 */
struct _AionetHolePunch
{
  GObject             parent_instance;

  AionetRoute        *route;   /* (owned) */
  AionetNat          *nat;     /* (owned) (nullable) not known yet */
  AionetPunchSockets *sockets; /* (owned) (nullable) from the preparation to the attempt */
  AionetPeerOffer    *offer;   /* (owned) (nullable) the own one */
  gboolean            is_preparing;
};

typedef enum
{
  PROP_ROUTE = 1,
  PROP_NAT,
} AionetHolePunchProperty;

static GParamSpec *props[PROP_NAT + 1];

G_DEFINE_FINAL_TYPE (AionetHolePunch, aionet_hole_punch, G_TYPE_OBJECT)

static void
aionet_hole_punch_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AionetHolePunch *self = AIONET_HOLE_PUNCH (object);

  switch ((AionetHolePunchProperty) prop_id)
    {
    case PROP_ROUTE:
      g_value_set_object (value, self->route);
      break;
    case PROP_NAT:
      g_value_set_object (value, self->nat);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_hole_punch_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AionetHolePunch *self = AIONET_HOLE_PUNCH (object);

  switch ((AionetHolePunchProperty) prop_id)
    {
    case PROP_ROUTE:
      self->route = g_value_dup_object (value);
      break;
    case PROP_NAT:
      self->nat = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
aionet_hole_punch_finalize (GObject *object)
{
  AionetHolePunch *self = AIONET_HOLE_PUNCH (object);

  g_clear_pointer (&self->sockets, _aionet_punch_sockets_free);
  g_clear_pointer (&self->offer, _aionet_peer_offer_free);
  g_clear_object (&self->route);
  g_clear_object (&self->nat);
  G_OBJECT_CLASS (aionet_hole_punch_parent_class)->finalize (object);
}

static void
aionet_hole_punch_class_init (AionetHolePunchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_hole_punch_get_property;
  object_class->set_property = aionet_hole_punch_set_property;
  object_class->finalize = aionet_hole_punch_finalize;

  /**
   * AionetHolePunch:route:
   *
   * What the sockets are bound to.
   *
   * Since: 0.1
   */
  props[PROP_ROUTE] = g_param_spec_object ("route", NULL, NULL, AIONET_TYPE_ROUTE, flags);
  /**
   * AionetHolePunch:nat:
   *
   * The NAT in front of this host; %NULL before it is known.
   *
   * Since: 0.1
   */
  props[PROP_NAT] = g_param_spec_object ("nat", NULL, NULL, AIONET_TYPE_NAT, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_hole_punch_init (AionetHolePunch *self)
{
}

/**
 * aionet_hole_punch_new:
 * @route: (transfer none): the route to speak over, of either family
 * @nat: (transfer none) (nullable): the NAT in front of it; %NULL to have the preparation find it
 *   out by [method@Interface.load_nat_async]
 *
 * Makes an attempt.
 *
 * Returns: (transfer full): a new attempt
 *
 * Since: 0.1
 */
AionetHolePunch *
aionet_hole_punch_new (AionetRoute *route, AionetNat *nat)
{
  g_return_val_if_fail (AIONET_IS_ROUTE (route), NULL);
  g_return_val_if_fail (nat == NULL || AIONET_IS_NAT (nat), NULL);

  return g_object_new (AIONET_TYPE_HOLE_PUNCH, "route", route, "nat", nat, NULL);
}

/* ------------------------------------------------------------------ the own offer */

static guint16
get_local_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return G_IS_INET_SOCKET_ADDRESS (address)
             ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))
             : 0;
}

static AionetPeerOffer *
make_offer (AionetHolePunch *self)
{
  GInetSocketAddress *external = aionet_mapping_get_external (self->sockets->mapping);
  AionetPeerOffer    *offer = _aionet_peer_offer_new ();

  offer->nat = g_object_ref (self->nat);
  offer->address = g_object_ref (g_inet_socket_address_get_address (external));
  offer->port = g_inet_socket_address_get_port (external);
  offer->local_port = get_local_port (self->sockets->known);
  offer->next_port = get_local_port (self->sockets->fresh);
  return offer;
}

static void
on_sockets (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AionetHolePunch *self = g_task_get_source_object (task);
  GError          *error = NULL;

  self->is_preparing = FALSE;
  self->sockets = _aionet_punch_sockets_new_finish (result, &error);
  if (self->sockets == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self->offer = make_offer (self);
  g_task_return_pointer (task, _aionet_peer_offer_to_string (self->offer), g_free);
}

static void
make_sockets (AionetHolePunch *self, GTask *task)
{
  _aionet_punch_sockets_new_async (self->route, g_task_get_cancellable (task), on_sockets,
                                   g_object_ref (task));
}

static void
on_nat (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  AionetHolePunch *self = g_task_get_source_object (task);
  GError          *error = NULL;

  self->nat = aionet_interface_load_nat_finish (AIONET_INTERFACE (source), result, &error);
  if (self->nat != NULL)
    {
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAT]);
      make_sockets (self, task);
      return;
    }
  self->is_preparing = FALSE;
  g_task_return_error (task, error);
}

static void
load_nat (AionetHolePunch *self, GTask *task)
{
  AionetInterface *interface = aionet_route_get_interface (self->route);
  g_autoptr (AionetInterface) any = interface == NULL ? aionet_interface_new_default () : NULL;

  aionet_interface_load_nat_async (interface != NULL ? interface : any,
                                   g_task_get_cancellable (task), on_nat, g_object_ref (task));
}

/**
 * aionet_hole_punch_prepare_async:
 * @self: an attempt
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called with the offer, in the main context that is
 *   thread-default now
 * @user_data: data for @callback
 *
 * Finds out about the NAT, if it is not known. Then opens sockets and asks a STUN server for the
 * external endpoint of one of them, from that very socket; the servers are those of the host
 * ([property@Host:stun-servers]), one after the other until one tells what the route knows already,
 * within [property@Host:timeout].
 *
 * Since: 0.1
 */
void
aionet_hole_punch_prepare_async (AionetHolePunch    *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (AIONET_IS_HOLE_PUNCH (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_hole_punch_prepare_async, callback, user_data);
  if (self->is_preparing || self->offer != NULL)
    {
      g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_BUSY,
                               "Each attempt is prepared once");
      return;
    }
  self->is_preparing = TRUE;
  if (self->nat != NULL)
    make_sockets (self, task);
  else
    load_nat (self, task);
}

/**
 * aionet_hole_punch_prepare_finish:
 * @self: an attempt
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@HolePunch.prepare_async].
 *
 * Errors: %AIONET_ERROR_STUN_FAILED when no server told an endpoint, %AIONET_ERROR_BUSY at a second
 * call, %G_IO_ERROR_CANCELLED, those of [method@Route.create_socket], of
 * [method@Interface.load_nat_finish], and of providers and configured servers.
 *
 * Returns: (transfer full): what the other host has to know: one line of JSON, less than a
 *   kilobyte, without a line end; %NULL with @error set
 *
 * Since: 0.1
 */
char *
aionet_hole_punch_prepare_finish (AionetHolePunch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_HOLE_PUNCH (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_hole_punch_prepare_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ------------------------------------------------------------------ the attempt */

/**
 * aionet_hole_punch_plan:
 * @self: an attempt
 * @offer: the offer of the other host
 * @error: return location for an error
 *
 * Plans the attempt. Worth a look before it: where [property@NatPlan:possible] is %FALSE, the
 * attempt is going to fail, and a relay is the way.
 *
 * Errors: %AIONET_ERROR_INVALID_JSON for what is no offer, %AIONET_ERROR_NAT_UNKNOWN before the
 * attempt has been prepared.
 *
 * Returns: (transfer full): how the hosts reach each other; %NULL with @error set
 *
 * Since: 0.1
 */
AionetNatPlan *
aionet_hole_punch_plan (AionetHolePunch *self, const char *offer, GError **error)
{
  g_autoptr (AionetPeerOffer) peer = NULL;

  g_return_val_if_fail (AIONET_IS_HOLE_PUNCH (self), NULL);
  g_return_val_if_fail (offer != NULL, NULL);

  if (self->nat == NULL)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_NAT_UNKNOWN,
                           "The own NAT is not known yet");
      return NULL;
    }
  peer = _aionet_peer_offer_new_from_string (offer, error);
  return peer != NULL ? aionet_nat_plan_new (self->nat, peer->nat) : NULL;
}

static AionetPeerOffer *
read_offer (AionetHolePunch *self, const char *text, GError **error)
{
  g_autoptr (AionetPeerOffer) peer = _aionet_peer_offer_new_from_string (text, error);

  if (peer == NULL)
    return NULL;
  if (g_inet_address_get_family (peer->address) != g_inet_address_get_family (self->offer->address))
    g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                         "One host is reached over IPv4 and the other over IPv6");
  else if (g_str_equal (peer->token, self->offer->token))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "The offer is this host's own");
  else
    return g_steal_pointer (&peer);
  return NULL;
}

static void
start (AionetHolePunch *self, const AionetPeerOffer *peer, guint timeout_ms, GTask *task)
{
  g_autoptr (AionetPunchSockets) sockets = g_steal_pointer (&self->sockets);
  g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (self->nat, peer->nat);
  AionetNatMethod method = aionet_nat_plan_get_method (plan);
  GSocket        *socket =
      _aionet_peer_offer_is_foretold (self->offer, method) ? sockets->fresh : sockets->known;

  _aionet_punch_run (task, socket, self->offer, peer, method,
                     aionet_nat_plan_get_starter (plan) != AIONET_NAT_STARTER_OTHER, timeout_ms);
}

/**
 * aionet_hole_punch_open_async:
 * @self: an attempt that has been prepared
 * @offer: the offer of the other host
 * @timeout_ms: time to try in milliseconds, at least 1; a few seconds will do
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called with the pipe, in the main context that is
 *   thread-default now
 * @user_data: data for @callback
 *
 * Tries to reach the other host, which has to do the same meanwhile.
 *
 * Sends as the plan says: a packet each 100 ms to the endpoint of the peer, or to eight of them
 * where its port is foretold. Where the plan says that there is no way, what comes nearest to one
 * is tried all the same, since what is known of the NATs may be wrong.
 *
 * It succeeds when each host has heard the other. What the peer has sent by then waits in the pipe.
 * The pipe goes on answering a peer that has not heard so for another @timeout_ms, unseen.
 *
 * Since: 0.1
 */
void
aionet_hole_punch_open_async (AionetHolePunch    *self,
                              const char         *offer,
                              guint               timeout_ms,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (AionetPeerOffer) peer = NULL;
  GError *error = NULL;

  g_return_if_fail (AIONET_IS_HOLE_PUNCH (self));
  g_return_if_fail (offer != NULL);
  g_return_if_fail (timeout_ms > 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_hole_punch_open_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->sockets == NULL)
    {
      g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_BUSY,
                               "An attempt has to be prepared, and is made once");
      return;
    }
  peer = read_offer (self, offer, &error);
  if (peer != NULL)
    start (self, peer, timeout_ms, task);
  else
    g_task_return_error (task, error);
}

/**
 * aionet_hole_punch_open_finish:
 * @self: an attempt
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Finishes [method@HolePunch.open_async].
 *
 * Errors: %G_IO_ERROR_TIMED_OUT when the hosts did not reach each other, %AIONET_ERROR_INVALID_JSON
 * for what is no offer, %AIONET_ERROR_UNSUPPORTED_FAMILY when the other host is reached over
 * another family, %G_IO_ERROR_INVALID_ARGUMENT for the own offer, %AIONET_ERROR_BUSY when the
 * attempt has not been prepared or was made already, %G_IO_ERROR_CANCELLED, and those of the
 * socket.
 *
 * Returns: (transfer full): an open UDP pipe, connected to the peer; %NULL with @error set
 *
 * Since: 0.1
 */
AionetPipe *
aionet_hole_punch_open_finish (AionetHolePunch *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_HOLE_PUNCH (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_hole_punch_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
