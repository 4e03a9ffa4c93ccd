/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-host.h"

#include "engine/aionet-dispose-private.h"
#include "engine/aionet-task-private.h"
#include "topology/aionet-host-private.h"
#include "topology/aionet-server-list-private.h"

/* A hub: settings, and the collaborators that use them. */

#define DEFAULT_MIN_AGREE 2
#define DEFAULT_TIMEOUT_MS 3000
/* A network that comes up changes many things within a few milliseconds. */
#define SETTLE_MS 50

/**
 * AionetHost:
 *
 * This machine: a multihomed host (RFC 1122 section 3.3.4) that has interfaces.
 *
 * A host is a [iface@Gio.ListModel] of [class@Interface], usable ones first, then by index. It is
 * empty until [method@Host.refresh_async] or [method@Host.load_all_async]; after that it is live.
 *
 * A host also holds what loads go by: the providers, the STUN servers, how many of them must agree,
 * and how long to wait. The environment sets defaults: `AIONET_STUN_SERVERS` (a comma-separated
 * list of `host:port` or `[v6]:port`), `AIONET_ADDRESS_BACKEND` and `AIONET_STUN_PROVIDER` (names
 * of plugins).
 *
 * Use a host and its interfaces from one thread. Callbacks arrive in the main context that was the
 * thread's default when the call began, signals in the one that was when the host was made, or in
 * that of the call that made the change.
 *
 * ```c
 * static void
 * on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
 * {
 *   for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (source)); i++)
 *     {
 *       g_autoptr (AionetInterface) nic = g_list_model_get_item (G_LIST_MODEL (source), i);
 *       g_print ("%s\n", aionet_interface_get_name (nic));
 *     }
 * }
 *
 * static void
 * list_interfaces (AionetHost *host)
 * {
 *   aionet_host_load_all_async (host, NULL, on_loaded, NULL);
 * }
 * ```
 *
 * Since: 0.1
 */
struct _AionetHost
{
  GObject               parent_instance;

  GMainContext         *context;         /* (owned) */
  AionetHome           *home;            /* (owned) */
  AionetRegistry       *registry;        /* (owned) (nullable: not needed yet) */
  AionetAddressBackend *address_backend; /* (owned) (nullable: not needed yet) */
  AionetStunProvider   *stun_provider;   /* (owned) (nullable: not needed yet) */
  AionetHostSettings    settings;

  AionetInterfaceList  *list;       /* (owned) */
  AionetJoin           *refreshing; /* (owned) */
  AionetJoin           *loading;    /* (owned) */
  gboolean              is_live;
  gulong                changed_handler;
  GSource              *settling; /* (owned) (nullable) */
};

static GParamSpec *props[AIONET_HOST_N_PROPS];

static void        list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetHost,
                               aionet_host,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return AIONET_TYPE_INTERFACE;
}

static guint
get_n_items (GListModel *model)
{
  return _aionet_interface_list_get_n_items (AIONET_HOST (model)->list);
}

static gpointer
get_item (GListModel *model, guint position)
{
  AionetInterface *item = _aionet_interface_list_get (AIONET_HOST (model)->list, position);

  return item != NULL ? g_object_ref (item) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
on_list_changed (guint position, guint n_removed, guint n_added, gpointer user_data)
{
  g_list_model_items_changed (G_LIST_MODEL (user_data), position, n_removed, n_added);
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!aionet_host_refresh_finish (AIONET_HOST (source), result, &error))
    g_debug ("The list of interfaces could not follow a change: %s", error->message);
}

static gboolean
on_settled (gpointer user_data)
{
  AionetHost *self = user_data;

  /* A listing that began before the change may not have it, and would be shared. */
  if (_aionet_join_is_running (self->refreshing))
    return G_SOURCE_CONTINUE;
  _aionet_clear_source (&self->settling);
  g_main_context_push_thread_default (self->context);
  aionet_host_refresh_async (self, NULL, on_refreshed, NULL);
  g_main_context_pop_thread_default (self->context);
  return G_SOURCE_REMOVE;
}

static void
on_backend_changed (AionetAddressBackend *backend, AionetHost *self)
{
  if (self->is_live && self->settling == NULL)
    self->settling =
        _aionet_timer_new (self->context, "[aionet] host changed", SETTLE_MS, on_settled, self);
}

static void
replace_backend (AionetHost *self, AionetAddressBackend *backend)
{
  if (self->address_backend != NULL)
    g_clear_signal_handler (&self->changed_handler, self->address_backend);
  g_set_object (&self->address_backend, backend);
  if (backend != NULL)
    self->changed_handler =
        g_signal_connect (backend, "changed", G_CALLBACK (on_backend_changed), self);
}

static void
aionet_host_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetHost *self = AIONET_HOST (object);

  switch ((AionetHostProperty) id)
    {
    case AIONET_HOST_PROP_REGISTRY:
      g_value_set_object (value, aionet_host_get_registry (self));
      break;
    case AIONET_HOST_PROP_ADDRESS_BACKEND:
      g_value_set_object (value, aionet_host_get_address_backend (self, NULL));
      break;
    case AIONET_HOST_PROP_STUN_PROVIDER:
      g_value_set_object (value, aionet_host_get_stun_provider (self, NULL));
      break;
    case AIONET_HOST_PROP_STUN_SERVERS:
      g_value_set_boxed (value, aionet_host_get_stun_servers (self));
      break;
    case AIONET_HOST_PROP_MIN_AGREE:
      g_value_set_uint (value, self->settings.min_agree);
      break;
    case AIONET_HOST_PROP_TIMEOUT:
      g_value_set_uint (value, self->settings.timeout_ms);
      break;
    case AIONET_HOST_PROP_ALLOW_PRIVATE:
      g_value_set_boolean (value, self->settings.allow_private);
      break;
    case AIONET_HOST_N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_host_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AionetHost *self = AIONET_HOST (object);

  switch ((AionetHostProperty) id)
    {
    case AIONET_HOST_PROP_REGISTRY:
      self->registry = g_value_dup_object (value);
      break;
    case AIONET_HOST_PROP_ADDRESS_BACKEND:
      aionet_host_set_address_backend (self, g_value_get_object (value));
      break;
    case AIONET_HOST_PROP_STUN_PROVIDER:
      aionet_host_set_stun_provider (self, g_value_get_object (value));
      break;
    case AIONET_HOST_PROP_STUN_SERVERS:
      aionet_host_set_stun_servers (self, g_value_get_boxed (value));
      break;
    case AIONET_HOST_PROP_MIN_AGREE:
      aionet_host_set_min_agree (self, g_value_get_uint (value));
      break;
    case AIONET_HOST_PROP_TIMEOUT:
      aionet_host_set_timeout (self, g_value_get_uint (value));
      break;
    case AIONET_HOST_PROP_ALLOW_PRIVATE:
      aionet_host_set_allow_private (self, g_value_get_boolean (value));
      break;
    case AIONET_HOST_N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose_here (GObject *object)
{
  AionetHost *self = AIONET_HOST (object);

  replace_backend (self, NULL);
  _aionet_clear_source (&self->settling);
  G_OBJECT_CLASS (aionet_host_parent_class)->dispose (object);
}

static void
aionet_host_dispose (GObject *object)
{
  AionetHost *self = AIONET_HOST (object);

  _aionet_dispose_in (self->context, self->home, object, dispose_here);
}

static void
aionet_host_finalize (GObject *object)
{
  AionetHost *self = AIONET_HOST (object);

  g_clear_object (&self->registry);
  g_clear_object (&self->stun_provider);
  g_clear_pointer (&self->settings.stun_servers, g_strfreev);
  g_clear_pointer (&self->settings.shown_servers, g_strfreev);
  g_clear_pointer (&self->list, _aionet_interface_list_free);
  g_clear_pointer (&self->refreshing, _aionet_join_free);
  g_clear_pointer (&self->loading, _aionet_join_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->home, _aionet_home_unref);
  G_OBJECT_CLASS (aionet_host_parent_class)->finalize (object);
}

static void
aionet_host_class_init (AionetHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const int     flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_host_get_property;
  object_class->set_property = aionet_host_set_property;
  object_class->dispose = aionet_host_dispose;
  object_class->finalize = aionet_host_finalize;

  /**
   * AionetHost:registry: (getter get_registry)
   *
   * Where providers come from.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_REGISTRY] = g_param_spec_object (
      "registry", NULL, NULL, AIONET_TYPE_REGISTRY, flags | G_PARAM_CONSTRUCT_ONLY);

  /**
   * AionetHost:address-backend: (getter get_address_backend) (setter set_address_backend)
   *
   * What lists the links of the host.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_ADDRESS_BACKEND] =
      g_param_spec_object ("address-backend", NULL, NULL, AIONET_TYPE_ADDRESS_BACKEND, flags);

  /**
   * AionetHost:stun-provider: (getter get_stun_provider) (setter set_stun_provider)
   *
   * What speaks STUN.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_STUN_PROVIDER] =
      g_param_spec_object ("stun-provider", NULL, NULL, AIONET_TYPE_STUN_PROVIDER, flags);

  /**
   * AionetHost:stun-servers: (getter get_stun_servers) (setter set_stun_servers)
   *
   * The STUN servers to ask, as `host:port` or `[v6]:port`: unless set, those of the environment
   * variable `AIONET_STUN_SERVERS`, or else public ones that the library knows.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_STUN_SERVERS] =
      g_param_spec_boxed ("stun-servers", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * AionetHost:min-agree: (getter get_min_agree) (setter set_min_agree)
   *
   * How many servers on distinct networks (IPv4 /24, IPv6 /48) must agree on an external address; 2
   * unless set, at least 1. Where fewer are configured all of them must.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_MIN_AGREE] = g_param_spec_uint (
      "min-agree", NULL, NULL, 1, AIONET_SERVER_LIST_MAX, DEFAULT_MIN_AGREE, flags);

  /**
   * AionetHost:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long a load may take, in milliseconds, 1 to 3600000 (an hour); 3000 unless set.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_TIMEOUT] = g_param_spec_uint (
      "timeout", NULL, NULL, 1, AIONET_HOST_MAX_TIMEOUT_MS, DEFAULT_TIMEOUT_MS, flags);

  /**
   * AionetHost:allow-private: (getter get_allow_private) (setter set_allow_private)
   *
   * Whether an external address may be a private one, as behind two NATs or in a laboratory.
   *
   * Since: 0.1
   */
  props[AIONET_HOST_PROP_ALLOW_PRIVATE] =
      g_param_spec_boolean ("allow-private", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, AIONET_HOST_N_PROPS, props);
}

static void
aionet_host_init (AionetHost *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->home = _aionet_home_ref_current ();
  self->settings.min_agree = DEFAULT_MIN_AGREE;
  self->settings.timeout_ms = DEFAULT_TIMEOUT_MS;
  self->list = _aionet_interface_list_new (on_list_changed, self);
  self->refreshing = _aionet_join_new ();
  self->loading = _aionet_join_new ();
}

/**
 * aionet_host_get_default:
 *
 * Gets the host that interfaces made by name use.
 *
 * Each thread has one of its own, as a host is used from one thread.
 *
 * Returns: (transfer none): the thread's default host
 *
 * Since: 0.1
 */
AionetHost *
aionet_host_get_default (void)
{
  static GPrivate default_host = G_PRIVATE_INIT (g_object_unref);
  AionetHost     *host = g_private_get (&default_host);

  if (host == NULL)
    {
      host = aionet_host_new ();
      g_private_set (&default_host, host);
    }
  return host;
}

/**
 * aionet_host_new:
 *
 * Makes a host with settings of its own. Does no input or output.
 *
 * Returns: (transfer full): a new host
 *
 * Since: 0.1
 */
AionetHost *
aionet_host_new (void)
{
  return g_object_new (AIONET_TYPE_HOST, NULL);
}

/**
 * aionet_host_get_registry: (get-property registry)
 * @self: the host
 *
 * Gets where providers come from.
 *
 * Returns: (transfer none): the registry
 *
 * Since: 0.1
 */
AionetRegistry *
aionet_host_get_registry (AionetHost *self)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), NULL);

  if (self->registry == NULL)
    self->registry = g_object_ref (aionet_registry_get_default ());
  return self->registry;
}

/**
 * aionet_host_get_address_backend: (get-property address-backend)
 * @self: the host
 * @error: return location for an error
 *
 * Gets what lists the links of the host. At first need it is made by the registry: the plugin that
 * `AIONET_ADDRESS_BACKEND` names, else the one with the highest priority that works here.
 *
 * Errors: %AIONET_ERROR_NO_PROVIDER when there is none.
 *
 * Returns: (transfer none): the backend, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetAddressBackend *
aionet_host_get_address_backend (AionetHost *self, GError **error)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), NULL);

  if (self->address_backend == NULL)
    {
      g_autoptr (AionetProvider) provider = aionet_registry_create_provider (
          aionet_host_get_registry (self), AIONET_TYPE_ADDRESS_BACKEND, NULL, error);

      if (provider != NULL)
        replace_backend (self, AIONET_ADDRESS_BACKEND (provider));
    }
  return self->address_backend;
}

/**
 * aionet_host_set_address_backend: (set-property address-backend)
 * @self: the host
 * @backend: (nullable): a backend, or %NULL to have the registry make one
 *
 * Sets what lists the links of the host.
 *
 * Since: 0.1
 */
void
aionet_host_set_address_backend (AionetHost *self, AionetAddressBackend *backend)
{
  g_return_if_fail (AIONET_IS_HOST (self));
  g_return_if_fail (backend == NULL || AIONET_IS_ADDRESS_BACKEND (backend));

  if (self->address_backend == backend)
    return;
  replace_backend (self, backend);
  g_object_notify_by_pspec (G_OBJECT (self), props[AIONET_HOST_PROP_ADDRESS_BACKEND]);
}

/**
 * aionet_host_get_stun_provider: (get-property stun-provider)
 * @self: the host
 * @error: return location for an error
 *
 * Gets what speaks STUN. At first need it is made by the registry: the plugin that
 * `AIONET_STUN_PROVIDER` names, else the one with the highest priority that works here.
 *
 * Errors: %AIONET_ERROR_NO_PROVIDER when there is none.
 *
 * Returns: (transfer none): the provider, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetStunProvider *
aionet_host_get_stun_provider (AionetHost *self, GError **error)
{
  g_return_val_if_fail (AIONET_IS_HOST (self), NULL);

  if (self->stun_provider == NULL)
    self->stun_provider = (AionetStunProvider *) aionet_registry_create_provider (
        aionet_host_get_registry (self), AIONET_TYPE_STUN_PROVIDER, NULL, error);
  return self->stun_provider;
}

/**
 * aionet_host_set_stun_provider: (set-property stun-provider)
 * @self: the host
 * @provider: (nullable): a provider, or %NULL to have the registry make one
 *
 * Sets what speaks STUN.
 *
 * Since: 0.1
 */
void
aionet_host_set_stun_provider (AionetHost *self, AionetStunProvider *provider)
{
  g_return_if_fail (AIONET_IS_HOST (self));
  g_return_if_fail (provider == NULL || AIONET_IS_STUN_PROVIDER (provider));

  if (g_set_object (&self->stun_provider, provider))
    g_object_notify_by_pspec (G_OBJECT (self), props[AIONET_HOST_PROP_STUN_PROVIDER]);
}

AionetInterfaceList *
_aionet_host_get_list (AionetHost *self)
{
  return self->list;
}

AionetJoin *
_aionet_host_get_refreshing (AionetHost *self)
{
  return self->refreshing;
}

AionetJoin *
_aionet_host_get_loading (AionetHost *self)
{
  return self->loading;
}

void
_aionet_host_take_links (AionetHost *self, GListModel *links)
{
  self->is_live = TRUE;
  _aionet_interface_list_update (self->list, self, links);
}

AionetHostSettings *
_aionet_host_get_settings (AionetHost *self)
{
  return &self->settings;
}

void
_aionet_host_notify (AionetHost *self, AionetHostProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}
