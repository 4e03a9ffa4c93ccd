/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface.h"

#include "discovery/aionet-probe-plan-private.h"
#include "engine/aionet-task-private.h"
#include "topology/aionet-interface-private.h"
#include "topology/aionet-loader-private.h"
#include "topology/aionet-nat-run-private.h"
#include "value/aionet-error.h"

/* The part of AionetInterface that finds out about the NAT in front of it. What is not loaded is
 * loaded beside it: neither waits for the other. The first source of IPv4 stands for the
 * interface; IPv6 has its turn where there is none, or nothing comes back. */

typedef struct
{
  AionetInterface   *interface;                 /* (owned) */
  GCancellable      *cancellable;               /* (owned) the run's name */
  AionetLoadContext *context;                   /* (owned) (nullable) */
  AionetLocal       *locals[AIONET_N_FAMILIES]; /* (owned) (nullable: nothing to ask from) */
  AionetNatRun      *run;                       /* (owned) (nullable) */
  AionetNat         *nat;                       /* (owned) (nullable: no verdict yet) */
  int                position;                  /* of the family under test */
  gboolean           is_loading;
  gboolean           is_testing;
  GError            *error;        /* (owned) (nullable) */
  GSource           *deadline;     /* (owned) (nullable) */
  GSource           *cancellation; /* (owned) (nullable) */
} NatLoad;

static void
nat_load_free (NatLoad *self)
{
  _aionet_clear_source (&self->deadline);
  _aionet_clear_source (&self->cancellation);
  g_clear_pointer (&self->run, _aionet_nat_run_free);
  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    g_clear_pointer (&self->locals[i], _aionet_local_free);
  g_clear_pointer (&self->context, _aionet_load_context_unref);
  g_clear_object (&self->nat);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  g_object_unref (self->interface);
  g_free (self);
}

static void
put_nat (AionetInterface *self, AionetNat *nat)
{
  AionetInterfaceState *state = _aionet_interface_get_state (self);
  gboolean              changed = !aionet_nat_equal (state->nat, nat);

  g_set_object (&state->nat, nat);
  if (changed)
    g_object_notify (G_OBJECT (self), "nat");
}

/* Ends the load when both of its parts are over. */
static void
check (NatLoad *self)
{
  if (self->is_loading || self->is_testing)
    return;
  if (self->error == NULL)
    put_nat (self->interface, self->nat);
  _aionet_join_return (_aionet_interface_get_nat_loading (self->interface), self->cancellable,
                       self->error);
  nat_load_free (self);
}

/* Takes error; the first one is told. */
static void
fail (NatLoad *self, GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

static void on_run (AionetNatRun *run, gpointer user_data);

static gboolean
test_next_family (NatLoad *self)
{
  while (++self->position < AIONET_N_FAMILIES)
    if (self->locals[self->position] != NULL)
      {
        g_clear_pointer (&self->run, _aionet_nat_run_free);
        self->run = _aionet_nat_run_new (self->context, self->locals[self->position], on_run, self);
        _aionet_nat_run_start (self->run);
        return TRUE;
      }
  return FALSE;
}

static void
end_test (NatLoad *self)
{
  g_autofree char *reason = NULL;

  self->is_testing = FALSE;
  if (aionet_nat_get_tested (self->nat))
    return;
  reason = _aionet_nat_run_explain (self->run);
  fail (self, g_error_new (AIONET_ERROR, AIONET_ERROR_NAT_UNKNOWN,
                           "The NAT of interface “%s” cannot be tested: %s",
                           aionet_interface_get_name (self->interface), reason));
}

/* The word of a family that gets through counts more; none, for lack of servers, counts least. */
static int
get_weight (AionetNat *nat)
{
  if (nat == NULL || !aionet_nat_get_tested (nat))
    return 0;
  return aionet_nat_get_nat_type (nat) == AIONET_NAT_TYPE_BLOCKED ? 1 : 2;
}

static void
on_run (AionetNatRun *run, gpointer user_data)
{
  NatLoad   *self = user_data;
  AionetNat *nat = _aionet_nat_run_get_nat (run);

  if (self->nat == NULL || get_weight (nat) > get_weight (self->nat))
    g_set_object (&self->nat, nat);
  if (get_weight (self->nat) < 2 && self->deadline != NULL && test_next_family (self))
    return;
  end_test (self);
  check (self);
}

static gboolean
on_deadline (gpointer user_data)
{
  NatLoad *self = user_data;

  _aionet_clear_source (&self->deadline);
  if (self->run != NULL)
    _aionet_nat_run_expire (self->run);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  NatLoad *self = user_data;

  _aionet_clear_source (&self->cancellation);
  g_clear_pointer (&self->run, _aionet_nat_run_free);
  fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
  self->is_testing = FALSE;
  check (self);
  return G_SOURCE_REMOVE;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NatLoad *self = user_data;
  GError  *error = NULL;

  self->is_loading = FALSE;
  if (!_aionet_interface_load_in_finish (self->interface, result, &error))
    fail (self, error);
  check (self);
}

static gboolean
needs_load (NatLoad *self, AionetLink *link)
{
  const AionetInterfaceState *state = _aionet_interface_get_state (self->interface);
  g_autoptr (AionetInterfaceState) now =
      _aionet_interface_state_new_refreshed (state, link, self->context->links);

  return !state->loaded || !_aionet_interface_state_same_addresses (state, now);
}

static gboolean
find_locals (NatLoad *self, AionetLink *link)
{
  gboolean found = FALSE;

  for (int i = 0; i < AIONET_N_FAMILIES; i++)
    {
      g_autoptr (AionetProbePlan) plan = _aionet_probe_plan_new (link, _aionet_families[i]);

      if (plan->probes->len == 0)
        continue;
      self->locals[i] = _aionet_loader_make_local (self->context, link, plan->probes->pdata[0]);
      found = TRUE;
    }
  return found;
}

static gboolean
prepare (NatLoad *self, GError **error)
{
  AionetLink *link;
  const char *reason;

  if (_aionet_interface_get_state (self->interface)->is_wildcard)
    {
      for (int i = 0; i < AIONET_N_FAMILIES; i++)
        self->locals[i] = _aionet_local_new (NULL, _aionet_families[i], 0);
      return TRUE;
    }
  link = _aionet_interface_find_link (self->interface, self->context, error);
  if (link == NULL)
    return FALSE;
  reason = _aionet_loader_get_reason_to_skip (link);
  if (reason == NULL && !find_locals (self, link))
    reason = "it has no address that hosts on other networks could see";
  if (needs_load (self, link))
    {
      self->is_loading = TRUE;
      _aionet_interface_load_in_async (self->interface, self->context, self->cancellable, on_loaded,
                                       self);
    }
  if (reason == NULL)
    return TRUE;
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE,
               "The NAT of interface “%s” cannot be tested: %s", aionet_link_get_name (link),
               reason);
  return FALSE;
}

static void
start (NatLoad *self)
{
  GMainContext *main_context = self->context->main_context;
  GError       *error = NULL;

  self->is_testing = TRUE;
  self->position = -1;
  self->cancellation = _aionet_cancel_source_new (
      main_context, self->cancellable, "[aionet] NAT test cancelled", on_cancelled, self);
  self->deadline =
      _aionet_timer_new (main_context, "[aionet] NAT test deadline",
                         _aionet_load_context_get_time_left (self->context), on_deadline, self);
  if (prepare (self, &error))
    {
      test_next_family (self);
      return;
    }
  fail (self, error);
  self->is_testing = FALSE;
  check (self);
}

static void
on_context (GObject *source, GAsyncResult *result, gpointer user_data)
{
  NatLoad *self = user_data;
  GError  *error = NULL;

  self->context = _aionet_load_context_new_finish (result, &error);
  if (self->context != NULL)
    {
      start (self);
      return;
    }
  fail (self, error);
  check (self);
}

/**
 * aionet_interface_load_nat_async:
 * @self: the interface
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called when the NAT is known, in the main context
 *   that is thread-default now
 * @user_data: data for @callback
 *
 * Finds out what kind of NAT is in front of the interface, by asking STUN servers (RFC 5780): how
 * it maps endpoints, what it lets in, and how it picks ports.
 *
 * Up to five servers on distinct networks are asked at once; two must agree. Servers that have an
 * alternate address tell most; with none of them among those configured
 * ([property@Host:stun-servers]) what is lacking is told by [method@Nat.get_reasons]. Where
 * packets get lost they are sent again; how far the verdict is to be trusted then is
 * [property@Nat:confidence]. The deadline is [property@Host:timeout], in milliseconds. IPv4 is
 * tested where there is any, else IPv6; where UDP is blocked, mapping is tested over TCP.
 *
 * The verdict stays with the interface ([property@Interface:nat]) until addresses change. An
 * interface that is not loaded is loaded beside it. On the `default` interface this, other than
 * loading it, asks servers: by way of [func@Host.get_default], from where the system chooses.
 *
 * A call while another one is under way shares it.
 *
 * Since: 0.1
 */
void
aionet_interface_load_nat_async (AionetInterface    *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (AionetHost) host = NULL;
  g_autoptr (GCancellable) cancellable_of_run = NULL;
  NatLoad *load;

  g_return_if_fail (AIONET_IS_INTERFACE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = _aionet_task_new (self, cancellable, aionet_interface_load_nat_async, callback, user_data);
  if (g_task_return_error_if_cancelled (task))
    return;
  host = _aionet_interface_get_state (self)->is_wildcard ? g_object_ref (aionet_host_get_default ())
                                                         : _aionet_interface_dup_host (self);
  if (host == NULL)
    {
      g_task_return_new_error (task, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER,
                               "The host that interface “%s” came from is gone",
                               aionet_interface_get_name (self));
      return;
    }
  cancellable_of_run = _aionet_join_add (_aionet_interface_get_nat_loading (self), task);
  if (cancellable_of_run == NULL)
    return;
  load = g_new0 (NatLoad, 1);
  load->interface = g_object_ref (self);
  load->cancellable = g_steal_pointer (&cancellable_of_run);
  _aionet_load_context_new_async (host, load->cancellable, on_context, load);
}

/**
 * aionet_interface_load_nat_finish:
 * @self: the interface
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Ends a test that [method@Interface.load_nat_async] began.
 *
 * Errors: those of [method@Interface.load_finish]; %AIONET_ERROR_NO_ROUTE when the interface is
 * down, is loopback, or has no address to ask from; %AIONET_ERROR_NAT_UNKNOWN when there is no
 * server to ask; %G_IO_ERROR_CANCELLED. The verdict is then as it was before. That nothing came
 * back is no error but a verdict.
 *
 * Returns: (transfer full): what was found; %NULL with @error set
 *
 * Since: 0.1
 */
AionetNat *
aionet_interface_load_nat_finish (AionetInterface *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);
  g_return_val_if_fail (_aionet_task_is_valid (result, self, aionet_interface_load_nat_async),
                        NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_object_ref (_aionet_interface_get_state (self)->nat);
}
