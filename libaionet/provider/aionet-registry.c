/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-registry.h"

#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

#include "provider/aionet-builtins-private.h"
#include "provider/aionet-descriptor-private.h"
#include "provider/aionet-module-private.h"
#include "provider/aionet-plugin-info-private.h"
#include "provider/aionet-provider-private.h"
#include "provider/aionet-selection-private.h"
#include "value/aionet-error.h"

/**
 * AionetRegistry:
 *
 * Knows the plugins: a list of [class@PluginInfo], one for each provider and one for each module
 * that was refused.
 *
 * Plugins come in through three doors: those built into the library; types that a program written
 * in any language adds with [method@Registry.add_type]; and modules in directories, which
 * [method@Registry.scan] loads. Modules must belong to root or the program's user, and nobody else
 * may be able to write them; they are never unloaded. Of several plugins of one name the first one
 * is used.
 *
 * A registry may be used from any thread. Nothing is ever taken out of it. `items-changed` is
 * emitted in the thread that adds something.
 *
 * ```c
 * g_autofree char *why = aionet_registry_explain (registry, AIONET_TYPE_ADDRESS_BACKEND);
 *
 * g_print ("%s\n", why);
 * ```
 *
 * Since: 0.1
 */
struct _AionetRegistry
{
  GObject    parent_instance;

  GMutex     lock;
  GPtrArray *infos; /* (owned) (element-type AionetPluginInfo) (mutex lock) */
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AionetRegistry,
                               aionet_registry,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static gboolean
is_kind (GType type)
{
  return type != G_TYPE_INVALID && _aionet_provider_type_get_kind (type, NULL) == type;
}

static GType
get_item_type (GListModel *model)
{
  return AIONET_TYPE_PLUGIN_INFO;
}

static guint
get_n_items (GListModel *model)
{
  AionetRegistry *self = AIONET_REGISTRY (model);
  guint           n;

  g_mutex_lock (&self->lock);
  n = self->infos->len;
  g_mutex_unlock (&self->lock);
  return n;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AionetRegistry *self = AIONET_REGISTRY (model);
  GObject        *item = NULL;

  g_mutex_lock (&self->lock);
  if (position < self->infos->len)
    item = g_object_ref (self->infos->pdata[position]);
  g_mutex_unlock (&self->lock);
  return item;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Plugins are called without the lock, on a copy. */
static GPtrArray *
dup_infos (AionetRegistry *self)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->infos->len; i++)
    g_ptr_array_add (infos, g_object_ref (self->infos->pdata[i]));
  g_mutex_unlock (&self->lock);
  return infos;
}

static void
take (AionetRegistry *self, AionetPluginInfo *info)
{
  guint position;

  g_mutex_lock (&self->lock);
  position = self->infos->len;
  g_ptr_array_add (self->infos, info);
  g_mutex_unlock (&self->lock);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

static void
take_in_state (AionetRegistry   *self,
               AionetPluginInfo *info,
               AionetPluginState state,
               const char       *reason)
{
  _aionet_plugin_info_set_state (info, state, reason);
  take (self, info);
}

static void
take_providers (AionetRegistry               *self,
                AionetPluginOrigin            origin,
                const AionetPluginDescriptor *descriptor,
                const char                   *path)
{
  for (const AionetPluginProvider *p = descriptor->providers; p->get_type != NULL; p++)
    {
      AionetPluginInfo *info = _aionet_plugin_info_new (origin, descriptor->name, path);

      _aionet_plugin_info_set_descriptor (info, descriptor);
      _aionet_plugin_info_set_provider (info, p->get_type (), p->priority);
      take (self, info);
    }
}

static void
load_builtin (AionetRegistry *self, AionetPluginDescribe describe)
{
  const AionetPluginDescriptor *descriptor = describe ();
  g_autoptr (GError) error = NULL;

  if (_aionet_descriptor_check (descriptor, NULL, &error))
    take_providers (self, AIONET_PLUGIN_ORIGIN_BUILTIN, descriptor, NULL);
  else
    g_critical ("A built-in plugin is broken: %s", error->message);
}

/* The plugin that has this name already; refused ones do not count. */
static AionetPluginInfo *
find_plugin (AionetRegistry *self, const char *name)
{
  AionetPluginInfo *found = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->infos->len && found == NULL; i++)
    {
      if (aionet_plugin_info_get_provider_type (self->infos->pdata[i]) != G_TYPE_INVALID &&
          g_str_equal (aionet_plugin_info_get_name (self->infos->pdata[i]), name))
        found = self->infos->pdata[i];
    }
  g_mutex_unlock (&self->lock);
  return found;
}

static void
shadow (AionetRegistry *self, AionetPluginInfo *info, AionetPluginInfo *first)
{
  const char      *path = aionet_plugin_info_get_path (first);
  g_autofree char *reason = NULL;

  if (path != NULL)
    reason = g_strdup_printf ("%s came first", path);
  else if (aionet_plugin_info_get_origin (first) == AIONET_PLUGIN_ORIGIN_BUILTIN)
    reason = g_strdup ("the library has a built-in plugin of that name");
  else
    reason = g_strdup ("the program has a plugin of that name");
  take_in_state (self, info, AIONET_PLUGIN_STATE_SHADOWED, reason);
}

/* What would be shadowed is not even opened: its types could collide with those of the first. */
static void
load_module (AionetRegistry        *self,
             AionetModuleDirectory *directory,
             const char            *path,
             const char            *file_name)
{
  g_autofree char *name = _aionet_module_dup_plugin_name (file_name);
  g_autofree char *file = g_build_filename (path, file_name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetPluginInfo) info = NULL;
  AionetPluginInfo             *first = name != NULL ? find_plugin (self, name) : NULL;
  const AionetPluginDescriptor *descriptor = NULL;

  info =
      _aionet_plugin_info_new (AIONET_PLUGIN_ORIGIN_MODULE, name != NULL ? name : file_name, file);
  if (name == NULL)
    g_set_error_literal (&error, AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID,
                         "the name of its file has no valid name of a plugin");
  else if (first == NULL)
    descriptor = _aionet_module_load (directory, file_name, name, &error);

  if (descriptor != NULL)
    take_providers (self, AIONET_PLUGIN_ORIGIN_MODULE, descriptor, file);
  else if (error != NULL)
    take_in_state (self, g_steal_pointer (&info), AIONET_PLUGIN_STATE_REFUSED, error->message);
  else
    shadow (self, g_steal_pointer (&info), first);
}

/* Somebody else's environment must not choose the code that runs with raised rights. */
static gboolean
is_environment_trusted (void)
{
#ifdef __linux__
  return getauxval (AT_SECURE) == 0;
#else
  return getuid () == geteuid () && getgid () == getegid ();
#endif
}

static void
scan_search_path (AionetRegistry *self)
{
  const char *path = is_environment_trusted () ? g_getenv ("AIONET_PLUGIN_PATH") : NULL;
  g_auto (GStrv) directories = g_strsplit (path != NULL ? path : "", ":", -1);
  g_autoptr (GError) missing = NULL;

  for (guint i = 0; directories[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (directories[i][0] != '\0' && !aionet_registry_scan (self, directories[i], &error))
        g_message ("AIONET_PLUGIN_PATH: %s", error->message);
    }
  if (!aionet_registry_scan (self, AIONET_PLUGIN_DIR, &missing))
    g_debug ("%s", missing->message);
}

static void
aionet_registry_finalize (GObject *object)
{
  AionetRegistry *self = AIONET_REGISTRY (object);

  g_clear_pointer (&self->infos, g_ptr_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (aionet_registry_parent_class)->finalize (object);
}

static void
aionet_registry_class_init (AionetRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aionet_registry_finalize;
}

static void
aionet_registry_init (AionetRegistry *self)
{
  g_mutex_init (&self->lock);
  self->infos = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; _aionet_builtins[i] != NULL; i++)
    load_builtin (self, _aionet_builtins[i]);
}

/**
 * aionet_registry_get_default:
 *
 * Gets the registry of the process, which is made at the first call. It has the built-in plugins,
 * then the modules of the directories in the environment variable `AIONET_PLUGIN_PATH` (separated
 * by colons; ignored in setuid programs), then those of the library's plugin directory.
 *
 * Returns: (transfer none): the default registry
 *
 * Since: 0.1
 */
AionetRegistry *
aionet_registry_get_default (void)
{
  static gsize           once;
  static AionetRegistry *registry;

  if (g_once_init_enter (&once))
    {
      registry = aionet_registry_new ();
      scan_search_path (registry);
      g_once_init_leave (&once, 1);
    }
  return registry;
}

/**
 * aionet_registry_new:
 *
 * Makes a registry that has only the plugins built into the library.
 *
 * Returns: (transfer full): a new registry
 *
 * Since: 0.1
 */
AionetRegistry *
aionet_registry_new (void)
{
  return g_object_new (AIONET_TYPE_REGISTRY, NULL);
}

/**
 * aionet_registry_add_type:
 * @self: a registry
 * @type: a type derived from a kind of [class@Provider], not abstract
 * @name: short name: `[a-z][a-z0-9-]*`
 * @priority: higher goes first; the built-in ones use 0 to 100
 * @error: return location for an error
 *
 * Adds a provider that the program brings along.
 *
 * Errors: `AIONET_ERROR_PLUGIN_INVALID` if @type or @name are not what they must be;
 * `G_IO_ERROR_EXISTS` if there is a provider of that kind and name.
 *
 * Returns: %TRUE if it was added; %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_registry_add_type (
    AionetRegistry *self, GType type, const char *name, int priority, GError **error)
{
  g_autoptr (GError) reason = NULL;
  AionetPluginInfo *info;

  g_return_val_if_fail (AIONET_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!_aionet_plugin_name_is_valid (name))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID,
                   "“%s” is no valid name of a plugin", name);
      return FALSE;
    }
  if (!_aionet_plugin_type_check (type, &reason))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&reason),
                                  "Plugin “%s” cannot be added: ", name);
      return FALSE;
    }
  if (aionet_registry_lookup (self, _aionet_provider_type_get_kind (type, NULL), name) != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "There is a plugin “%s” already", name);
      return FALSE;
    }
  info = _aionet_plugin_info_new (AIONET_PLUGIN_ORIGIN_PROGRAM, name, NULL);
  _aionet_plugin_info_set_provider (info, type, priority);
  take (self, info);
  return TRUE;
}

/**
 * aionet_registry_scan:
 * @self: a registry
 * @directory: (type filename): path of a directory
 * @error: return location for an error
 *
 * Loads the modules of a directory: its files `libaionet-<name>.so`, in the order of their names.
 *
 * Modules that cannot be used are no error: each gets a [class@PluginInfo] in state
 * `AIONET_PLUGIN_STATE_REFUSED` or `AIONET_PLUGIN_STATE_SHADOWED` that says why.
 *
 * Errors: `G_IO_ERROR_NOT_FOUND` if there is no such directory, other codes of `G_IO_ERROR` if it
 * cannot be read.
 *
 * Returns: %TRUE if the directory was read; %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_registry_scan (AionetRegistry *self, const char *directory, GError **error)
{
  g_autoptr (AionetModuleDirectory) opened = NULL;
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (AIONET_IS_REGISTRY (self), FALSE);
  g_return_val_if_fail (directory != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  opened = _aionet_module_directory_open (directory, error);
  if (opened == NULL)
    return FALSE;
  names = _aionet_module_directory_list (opened, error);
  if (names == NULL)
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    load_module (self, opened, directory, names[i]);
  return TRUE;
}

/**
 * aionet_registry_create_provider:
 * @self: a registry
 * @kind: a kind of provider, as the type of [class@AddressBackend]
 * @name: (nullable): name of the provider, or %NULL for the best one
 * @error: return location for an error
 *
 * Makes a provider.
 *
 * Without @name, the environment decides: `AIONET_ADDRESS_BACKEND` and `AIONET_STUN_PROVIDER` name
 * the one to use. Without that, the one of the highest priority is taken, then the first by name,
 * that works on this host ([method@Provider.is_supported]). Those that do not are marked
 * `AIONET_PLUGIN_STATE_UNSUPPORTED` and keep the reason.
 *
 * Errors: `AIONET_ERROR_NO_PROVIDER`, with the reason of every provider that was tried, or with
 * the names there are if there is none of that @name.
 *
 * Returns: (transfer full): a new provider; %NULL with @error set
 *
 * Since: 0.1
 */
AionetProvider *
aionet_registry_create_provider (AionetRegistry *self, GType kind, const char *name, GError **error)
{
  g_autoptr (GPtrArray) infos = NULL;

  g_return_val_if_fail (AIONET_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (is_kind (kind), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  infos = dup_infos (self);
  return _aionet_selection_create (infos, kind, name, error);
}

/**
 * aionet_registry_lookup:
 * @self: a registry
 * @kind: a kind of provider
 * @name: name of a provider
 *
 * Finds a provider that could be used.
 *
 * Returns: (transfer none) (nullable): what is known of it, or %NULL if there is none
 *
 * Since: 0.1
 */
AionetPluginInfo *
aionet_registry_lookup (AionetRegistry *self, GType kind, const char *name)
{
  g_autoptr (GPtrArray) infos = NULL;

  g_return_val_if_fail (AIONET_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (is_kind (kind), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  infos = dup_infos (self);
  return _aionet_selection_find (infos, kind, name);
}

/**
 * aionet_registry_check_support:
 * @self: a registry
 *
 * Makes each provider once to learn whether it works on this host. Otherwise that is only known of
 * those that were tried by [method@Registry.create_provider]. Afterwards the state of each
 * [class@PluginInfo] is `AIONET_PLUGIN_STATE_READY` or `AIONET_PLUGIN_STATE_UNSUPPORTED`, or tells
 * why it was not loaded.
 *
 * Since: 0.1
 */
void
aionet_registry_check_support (AionetRegistry *self)
{
  g_autoptr (GPtrArray) infos = NULL;

  g_return_if_fail (AIONET_IS_REGISTRY (self));

  infos = dup_infos (self);
  _aionet_selection_check (infos);
}

/**
 * aionet_registry_explain:
 * @self: a registry
 * @kind: a kind of provider
 *
 * Tells in words for people which providers of a kind there are, in the order in which they would
 * be taken, what became of them and why, and which modules were not loaded.
 *
 * Returns: (transfer full): text of several lines
 *
 * Since: 0.1
 */
char *
aionet_registry_explain (AionetRegistry *self, GType kind)
{
  g_autoptr (GPtrArray) infos = NULL;

  g_return_val_if_fail (AIONET_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (is_kind (kind), NULL);

  infos = dup_infos (self);
  return _aionet_selection_explain (infos, kind);
}
