/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe-helpers.h"

#include "pipe/aionet-hole-punch.h"
#include "provider/aionet-stun-provider.h"
#include "topology/aionet-host.h"

/* Over loopback, with a STUN provider that is made up: what NATs do is for the tests in the lab. */

#define ATTEMPT_MS 10000

/* Sees everybody as they are. */
#define MIRROR_TYPE_STUN (mirror_stun_get_type ())
G_DECLARE_FINAL_TYPE (MirrorStun, mirror_stun, MIRROR, STUN, AionetStunProvider)

struct _MirrorStun
{
  AionetStunProvider parent_instance;
  gboolean           is_broken;
};

G_DEFINE_FINAL_TYPE (MirrorStun, mirror_stun, AIONET_TYPE_STUN_PROVIDER)

static void
mirror_stun_begin (AionetStunProvider *provider, AionetStunRequest *request)
{
  g_autoptr (GError) error = g_error_new_literal (AIONET_ERROR, AIONET_ERROR_STUN_FAILED, "Nobody");
  g_autoptr (GSocket) socket = aionet_stun_request_dup_socket (request, NULL);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (AionetMapping) mapping =
      aionet_mapping_new (G_SOCKET_PROTOCOL_UDP, aionet_stun_request_get_server (request),
                          G_INET_SOCKET_ADDRESS (local), G_INET_SOCKET_ADDRESS (local));

  if (MIRROR_STUN (provider)->is_broken)
    aionet_request_fail (AIONET_REQUEST (request), error);
  else
    aionet_request_complete (AIONET_REQUEST (request), G_OBJECT (mapping));
}

static void
mirror_stun_class_init (MirrorStunClass *klass)
{
  AIONET_STUN_PROVIDER_CLASS (klass)->begin = mirror_stun_begin;
}

static void
mirror_stun_init (MirrorStun *self)
{
}

static MirrorStun *mirror;

/* ------------------------------------------------------------------ blocking forms */

typedef struct
{
  gboolean    is_done;
  char       *offer; /* (owned) (nullable) */
  AionetPipe *pipe;  /* (owned) (nullable) */
  GError     *error; /* (owned) (nullable) */
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_free (self->offer);
  g_clear_object (&self->pipe);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->offer =
      aionet_hole_punch_prepare_finish (AIONET_HOLE_PUNCH (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->pipe =
      aionet_hole_punch_open_finish (AIONET_HOLE_PUNCH (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static AionetHolePunch *
new_punch (void)
{
  g_autoptr (AionetInterface) interface = aionet_interface_new_default ();
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetRoute) any = aionet_interface_get_route (interface, G_SOCKET_FAMILY_IPV4, NULL);
  g_autoptr (AionetRoute) route = aionet_route_bind_to (any, "127.0.0.1", 0, &error);
  g_autoptr (AionetNat) nat =
      aionet_nat_new (AIONET_NAT_TYPE_PORT_RESTRICTED, AIONET_DELTA_TYPE_EQUAL, 0);

  g_assert_no_error (error);
  return aionet_hole_punch_new (route, nat);
}

static char *
prepare (AionetHolePunch *punch, GCancellable *cancellable, GError **error)
{
  g_auto (Outcome) outcome = { 0 };

  aionet_hole_punch_prepare_async (punch, cancellable, on_prepared, &outcome);
  turn_until (&outcome.is_done);
  if (outcome.error != NULL)
    g_propagate_error (error, g_steal_pointer (&outcome.error));
  return g_steal_pointer (&outcome.offer);
}

static char *
prepare_well (AionetHolePunch *punch)
{
  g_autoptr (GError) error = NULL;
  char *offer = prepare (punch, NULL, &error);

  g_assert_no_error (error);
  return offer;
}

static void
assert_open_fails (
    AionetHolePunch *punch, const char *offer, guint timeout_ms, GQuark domain, int code)
{
  g_auto (Outcome) outcome = { 0 };

  aionet_hole_punch_open_async (punch, offer, timeout_ms, NULL, on_opened, &outcome);
  turn_until (&outcome.is_done);
  g_assert_null (outcome.pipe);
  g_assert_error (outcome.error, domain, code);
}

/* ------------------------------------------------------------------ cases */

static void
send_to_offer (AionetPipe *stranger, const char *offer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (offer, &error);
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new_from_string (json_object_get_string_member (object, "address"),
                                             (guint) json_object_get_int_member (object, "port"));

  send_text (stranger, "not for you", to);
}

static void
test_reach (void)
{
  g_autoptr (AionetHolePunch) a = new_punch ();
  g_autoptr (AionetHolePunch) b = new_punch ();
  g_autofree char *offer_a = prepare_well (a);
  g_autofree char *offer_b = prepare_well (b);
  g_autoptr (AionetPipe) stranger = loopback_server (G_SOCKET_PROTOCOL_UDP, G_SOCKET_FAMILY_IPV4);
  g_auto (Outcome) outcome_a = { 0 };
  g_auto (Outcome) outcome_b = { 0 };

  g_test_summary ("Each gets a pipe to the other, without what anybody else has sent");

  send_to_offer (stranger, offer_a);
  aionet_hole_punch_open_async (a, offer_b, ATTEMPT_MS, NULL, on_opened, &outcome_a);
  /* It has been refused by then: nobody was there. */
  turn_a_little ();
  aionet_hole_punch_open_async (b, offer_a, ATTEMPT_MS, NULL, on_opened, &outcome_b);
  turn_until (&outcome_a.is_done);
  turn_until (&outcome_b.is_done);
  g_assert_no_error (outcome_a.error);
  g_assert_no_error (outcome_b.error);
  g_assert_false (aionet_pipe_is_server (outcome_a.pipe));
  send_text (outcome_a.pipe, "from a", NULL);
  send_text (outcome_b.pipe, "from b", NULL);
  assert_receives (outcome_a.pipe, "from b");
  assert_receives (outcome_b.pipe, "from a");
  turn_a_little ();
  g_assert_null (aionet_pipe_try_receive (outcome_a.pipe));
  g_assert_null (aionet_pipe_try_receive (outcome_b.pipe));
  assert_open_fails (a, offer_b, 1, AIONET_ERROR, AIONET_ERROR_BUSY);
}

static void
test_offers (void)
{
  g_autoptr (AionetHolePunch) punch = new_punch ();
  g_autofree char *offer = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetNatPlan) plan = NULL;

  g_test_summary ("An attempt is prepared once, and refuses what it cannot be made with");

  assert_open_fails (punch, "{}", 1, AIONET_ERROR, AIONET_ERROR_BUSY);
  offer = prepare_well (punch);
  again = prepare (punch, NULL, &error);
  g_assert_null (again);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_BUSY);
  assert_open_fails (punch, "{}", 1, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
  assert_open_fails (punch, offer, 1, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  assert_open_fails (punch,
                     "{\"address\":\"::1\",\"port\":1,\"local_port\":1,\"next_port\":2,"
                     "\"token\":\"0123456789abcdef\"}",
                     1, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
  plan = aionet_hole_punch_plan (punch, offer, NULL);
  g_assert_cmpint (aionet_nat_plan_get_method (plan), ==, AIONET_NAT_METHOD_HOLE_PUNCHING);
}

static void
test_nobody (void)
{
  g_autoptr (AionetHolePunch) a = new_punch ();
  g_autoptr (AionetHolePunch) b = new_punch ();
  g_autofree char *offer_a = prepare_well (a);
  g_autofree char *offer_b = prepare_well (b);
  guint            n_descriptors = count_descriptors ();

  g_test_summary ("A peer that does not try is not reached, and nothing is left of the attempt");

  assert_open_fails (a, offer_b, 1, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_object (&a);
  turn_a_little ();
  g_assert_cmpuint (count_descriptors (), <, n_descriptors);
}

static void
test_cancelled (void)
{
  g_autoptr (AionetHolePunch) a = new_punch ();
  g_autoptr (AionetHolePunch) b = new_punch ();
  g_autoptr (AionetHolePunch) c = new_punch ();
  g_autofree char *offer_a = prepare_well (a);
  g_autofree char *offer_b = prepare_well (b);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Outcome) outcome = { 0 };

  g_test_summary ("Attempts and preparations end when they are cancelled");

  aionet_hole_punch_open_async (a, offer_b, ATTEMPT_MS, cancellable, on_opened, &outcome);
  turn_a_little ();
  g_assert_false (outcome.is_done);
  g_cancellable_cancel (cancellable);
  turn_until (&outcome.is_done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (prepare (c, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_server (void)
{
  g_autoptr (AionetHolePunch) punch = new_punch ();
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL;

  g_test_summary ("Without the word of a server there is no offer");

  mirror->is_broken = TRUE;
  offer = prepare (punch, NULL, &error);
  mirror->is_broken = FALSE;
  g_assert_null (offer);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED);
}

int
main (int argc, char **argv)
{
  static const char *const servers[] = { "9.1.1.1:3478", "9.2.1.1:3478", NULL };
  int                      status;

  g_test_init (&argc, &argv, NULL);
  mirror = g_object_new (MIRROR_TYPE_STUN, NULL);
  aionet_host_set_stun_provider (aionet_host_get_default (), AIONET_STUN_PROVIDER (mirror));
  aionet_host_set_stun_servers (aionet_host_get_default (), servers);
  g_test_add_func ("/aionet/hole-punch/reach", test_reach);
  g_test_add_func ("/aionet/hole-punch/offers", test_offers);
  g_test_add_func ("/aionet/hole-punch/nobody", test_nobody);
  g_test_add_func ("/aionet/hole-punch/cancelled", test_cancelled);
  g_test_add_func ("/aionet/hole-punch/no-server", test_no_server);
  status = g_test_run ();
  g_object_unref (mirror);
  return status;
}
