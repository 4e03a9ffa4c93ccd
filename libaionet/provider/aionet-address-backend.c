/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-address-backend.h"

#include "engine/aionet-task-private.h"
#include "provider/aionet-links-request-private.h"
#include "provider/aionet-provider-private.h"
#include "provider/aionet-request-private.h"

static const AionetProviderKind kind = {
  .name = "address-backend",
  .environment = "AIONET_ADDRESS_BACKEND",
};

/**
 * AionetAddressBackend:
 *
 * A kind of provider that knows the host's links: interfaces with their addresses, gateways and
 * blocks.
 *
 * To write one, derive from this class and implement [vfunc@AddressBackend.begin]: it gets a
 * [class@Request] and completes it with a [iface@Gio.ListModel] of [class@Link]. A backend that can
 * watch the host calls [method@AddressBackend.emit_changed] when it has seen a change.
 *
 * A backend is used from the thread that made it; `emit_changed` may be called from any.
 *
 * ```c
 * static void
 * fixed_backend_begin (AionetAddressBackend *backend, AionetRequest *request)
 * {
 *   g_autoptr (GListStore) links = g_list_store_new (AIONET_TYPE_LINK);
 *   g_autoptr (AionetLink) link = aionet_link_new ("lo", 1);
 *
 *   g_list_store_append (links, link);
 *   aionet_request_complete (request, G_OBJECT (links));
 * }
 *
 * static void
 * fixed_backend_class_init (AionetAddressBackendClass *klass)
 * {
 *   klass->begin = fixed_backend_begin;
 * }
 * ```
 *
 * Since: 0.1
 */
typedef struct
{
  GMainContext *context; /* (owned) */
  GMutex        lock;
  GSource      *emission; /* (owned) (nullable) (mutex lock) */
} AionetAddressBackendPrivate;

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (AionetAddressBackend,
                                  aionet_address_backend,
                                  AIONET_TYPE_PROVIDER,
                                  G_ADD_PRIVATE (AionetAddressBackend)
                                      _aionet_provider_kind_register (g_define_type_id, &kind))

static void
begin_cb (AionetProvider *provider, AionetRequest *request)
{
  AionetAddressBackend      *self = AIONET_ADDRESS_BACKEND (provider);
  AionetAddressBackendClass *klass = AIONET_ADDRESS_BACKEND_GET_CLASS (self);

  if (klass->begin != NULL)
    klass->begin (self, request);
  else
    _aionet_request_fail_unimplemented (request);
}

static gboolean
on_emission (gpointer user_data)
{
  g_autoptr (AionetAddressBackend) self = g_weak_ref_get (user_data);
  AionetAddressBackendPrivate *priv;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  priv = aionet_address_backend_get_instance_private (self);
  g_mutex_lock (&priv->lock);
  _aionet_clear_source (&priv->emission);
  g_mutex_unlock (&priv->lock);
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static GSource *
schedule_emission (AionetAddressBackend *self, GMainContext *context)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);
  GSource  *source = g_idle_source_new ();

  g_weak_ref_init (weak, self);
  g_source_set_static_name (source, "[aionet] address backend changed");
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_emission, weak, free_weak_ref);
  g_source_attach (source, context);
  return source;
}

static void
aionet_address_backend_finalize (GObject *object)
{
  AionetAddressBackendPrivate *priv =
      aionet_address_backend_get_instance_private (AIONET_ADDRESS_BACKEND (object));

  _aionet_clear_source (&priv->emission);
  g_clear_pointer (&priv->context, g_main_context_unref);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (aionet_address_backend_parent_class)->finalize (object);
}

static void
aionet_address_backend_class_init (AionetAddressBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aionet_address_backend_finalize;

  /**
   * AionetAddressBackend::changed:
   * @self: the backend
   *
   * The host's links have changed, or may have. Several changes may make one emission.
   *
   * Emitted in the main context that was thread-default when the backend was made.
   *
   * Since: 0.1
   */
  signals[CHANGED] = g_signal_new ("changed", AIONET_TYPE_ADDRESS_BACKEND, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
aionet_address_backend_init (AionetAddressBackend *self)
{
  AionetAddressBackendPrivate *priv = aionet_address_backend_get_instance_private (self);

  priv->context = g_main_context_ref_thread_default ();
  g_mutex_init (&priv->lock);
}

/**
 * aionet_address_backend_list_links_async:
 * @self: a backend
 * @timeout_ms: time to wait for the answer in milliseconds, 0 for no limit
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (nullable): called with the result, in the main context that is
 *   thread-default now
 * @user_data: data for @callback
 *
 * Asks for all of the host's links, as they are now.
 *
 * Since: 0.1
 */
void
aionet_address_backend_list_links_async (AionetAddressBackend *self,
                                         guint                 timeout_ms,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data)
{
  g_autoptr (AionetRequest) request = NULL;

  g_return_if_fail (AIONET_IS_ADDRESS_BACKEND (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  request = _aionet_links_request_new ();
  _aionet_request_run_async (request, AIONET_PROVIDER (self), begin_cb, timeout_ms, cancellable,
                             callback, user_data);
}

/**
 * aionet_address_backend_list_links_finish:
 * @self: a backend
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@AddressBackend.list_links_async]. Names are distinct, and so are
 * indexes other than 0.
 *
 * Errors: `G_IO_ERROR_CANCELLED`, `G_IO_ERROR_TIMED_OUT`, `AIONET_ERROR_PROVIDER_DROPPED`,
 * `AIONET_ERROR_PROVIDER_MISBEHAVED`, and those of the backend.
 *
 * Returns: (transfer full): a list of [class@Link]; %NULL with @error set
 *
 * Since: 0.1
 */
GListModel *
aionet_address_backend_list_links_finish (AionetAddressBackend *self,
                                          GAsyncResult         *result,
                                          GError              **error)
{
  g_return_val_if_fail (AIONET_IS_ADDRESS_BACKEND (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return (GListModel *) _aionet_request_run_finish (AIONET_PROVIDER (self), result, error);
}

/**
 * aionet_address_backend_can_watch:
 * @self: a backend
 *
 * Tells whether the backend emits [signal@AddressBackend::changed] for every change of what it
 * lists. One that does not may still emit it for some; who must not miss a change lists the links
 * again from time to time.
 *
 * Returns: %TRUE when no change is missed
 *
 * Since: 0.1
 */
gboolean
aionet_address_backend_can_watch (AionetAddressBackend *self)
{
  AionetAddressBackendClass *klass;

  g_return_val_if_fail (AIONET_IS_ADDRESS_BACKEND (self), FALSE);

  klass = AIONET_ADDRESS_BACKEND_GET_CLASS (self);
  return klass->can_watch != NULL && klass->can_watch (self);
}

/**
 * aionet_address_backend_emit_changed:
 * @self: a backend
 *
 * Makes the backend emit [signal@AddressBackend::changed] as soon as its main context runs. For
 * backends to call; several calls until then make one emission.
 *
 * May be called from any thread.
 *
 * Since: 0.1
 */
void
aionet_address_backend_emit_changed (AionetAddressBackend *self)
{
  AionetAddressBackendPrivate *priv = aionet_address_backend_get_instance_private (self);

  g_return_if_fail (AIONET_IS_ADDRESS_BACKEND (self));

  g_mutex_lock (&priv->lock);
  if (priv->emission == NULL)
    priv->emission = schedule_emission (self, priv->context);
  g_mutex_unlock (&priv->lock);
}
