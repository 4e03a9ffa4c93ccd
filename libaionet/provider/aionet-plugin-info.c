/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-plugin-info.h"
#include "provider/aionet-plugin-info-private.h"

#include <aionet-enums.h>

#include "provider/aionet-provider-private.h"

/* Texts are interned: a getter in one thread must not lose its string to a change of state in
 * another, and there are few of them. */

/**
 * AionetPluginInfo:
 *
 * What a [class@Registry] knows of one provider of a plugin, or of a module that it refused.
 *
 * A plugin with providers of two kinds has two infos of one name. Infos may be used from any
 * thread.
 *
 * Since: 0.1
 */
struct _AionetPluginInfo
{
  GObject            parent_instance;

  AionetPluginOrigin origin;
  const char        *name;
  const char        *version;     /* (nullable) */
  const char        *description; /* (nullable) */
  const char        *license;     /* (nullable) */
  const char        *path;        /* (nullable) */
  GType              provider_type;
  const char        *kind; /* (nullable) */
  int                priority;
  int                state;  /* (atomic): AionetPluginState */
  const char        *reason; /* (nullable) (atomic) */
};

typedef enum
{
  PROP_NAME = 1,
  PROP_VERSION,
  PROP_DESCRIPTION,
  PROP_LICENSE,
  PROP_PATH,
  PROP_PROVIDER_TYPE,
  PROP_KIND,
  PROP_PRIORITY,
  PROP_ORIGIN,
  PROP_STATE,
  PROP_REASON,
} AionetPluginInfoProperty;

static GParamSpec *props[PROP_REASON + 1];

G_DEFINE_FINAL_TYPE (AionetPluginInfo, aionet_plugin_info, G_TYPE_OBJECT)

static void
aionet_plugin_info_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AionetPluginInfo *self = AIONET_PLUGIN_INFO (object);

  switch ((AionetPluginInfoProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, aionet_plugin_info_get_name (self));
      break;
    case PROP_VERSION:
      g_value_set_string (value, aionet_plugin_info_get_version (self));
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, aionet_plugin_info_get_description (self));
      break;
    case PROP_LICENSE:
      g_value_set_string (value, aionet_plugin_info_get_license (self));
      break;
    case PROP_PATH:
      g_value_set_string (value, aionet_plugin_info_get_path (self));
      break;
    case PROP_PROVIDER_TYPE:
      g_value_set_gtype (value, aionet_plugin_info_get_provider_type (self));
      break;
    case PROP_KIND:
      g_value_set_string (value, aionet_plugin_info_get_kind (self));
      break;
    case PROP_PRIORITY:
      g_value_set_int (value, aionet_plugin_info_get_priority (self));
      break;
    case PROP_ORIGIN:
      g_value_set_enum (value, aionet_plugin_info_get_origin (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, aionet_plugin_info_get_state (self));
      break;
    case PROP_REASON:
      g_value_set_string (value, aionet_plugin_info_get_reason (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_plugin_facts (GParamFlags flags)
{
  /**
   * AionetPluginInfo:name: (getter get_name)
   *
   * Short name of the plugin.
   *
   * Since: 0.1
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * AionetPluginInfo:version: (getter get_version)
   *
   * The plugin's own version; %NULL if it is not known.
   *
   * Since: 0.1
   */
  props[PROP_VERSION] = g_param_spec_string ("version", NULL, NULL, NULL, flags);

  /**
   * AionetPluginInfo:description: (getter get_description)
   *
   * One line on what the plugin does; %NULL if it is not known.
   *
   * Since: 0.1
   */
  props[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);

  /**
   * AionetPluginInfo:license: (getter get_license)
   *
   * SPDX licence expression of the plugin; %NULL if it is not known.
   *
   * Since: 0.1
   */
  props[PROP_LICENSE] = g_param_spec_string ("license", NULL, NULL, NULL, flags);

  /**
   * AionetPluginInfo:path: (getter get_path)
   *
   * File of the module, for display; %NULL if it is none.
   *
   * Since: 0.1
   */
  props[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
}

static void
install_provider_facts (GParamFlags flags)
{
  /**
   * AionetPluginInfo:provider-type: (getter get_provider_type)
   *
   * Type of the provider; `G_TYPE_INVALID` if the plugin was not loaded.
   *
   * Since: 0.1
   */
  props[PROP_PROVIDER_TYPE] = g_param_spec_gtype ("provider-type", NULL, NULL, G_TYPE_NONE, flags);

  /**
   * AionetPluginInfo:kind: (getter get_kind)
   *
   * Kind of the provider, as `address-backend` or `stun-provider`; %NULL if the plugin was not
   * loaded.
   *
   * Since: 0.1
   */
  props[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);

  /**
   * AionetPluginInfo:priority: (getter get_priority)
   *
   * Higher goes first.
   *
   * Since: 0.1
   */
  props[PROP_PRIORITY] = g_param_spec_int ("priority", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  /**
   * AionetPluginInfo:origin: (getter get_origin)
   *
   * Through which door the plugin came in.
   *
   * Since: 0.1
   */
  props[PROP_ORIGIN] = g_param_spec_enum ("origin", NULL, NULL, AIONET_TYPE_PLUGIN_ORIGIN,
                                          AIONET_PLUGIN_ORIGIN_BUILTIN, flags);

  /**
   * AionetPluginInfo:state: (getter get_state)
   *
   * What became of the plugin. Changes when providers are created, in the thread that does it.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, AIONET_TYPE_PLUGIN_STATE,
                                         AIONET_PLUGIN_STATE_READY, flags);

  /**
   * AionetPluginInfo:reason: (getter get_reason)
   *
   * Why the plugin is not ready, in words for people; %NULL if it is.
   *
   * Since: 0.1
   */
  props[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
}

static void
aionet_plugin_info_class_init (AionetPluginInfoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = aionet_plugin_info_get_property;

  install_plugin_facts (flags);
  install_provider_facts (flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_plugin_info_init (AionetPluginInfo *self)
{
}

/* Texts of modules and names of files may have any bytes. */
static const char *
intern (const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  return g_intern_string (valid);
}

AionetPluginInfo *
_aionet_plugin_info_new (AionetPluginOrigin origin, const char *name, const char *path)
{
  AionetPluginInfo *self = g_object_new (AIONET_TYPE_PLUGIN_INFO, NULL);

  self->origin = origin;
  self->name = intern (name);
  self->path = intern (path);
  return self;
}

void
_aionet_plugin_info_set_provider (AionetPluginInfo *self, GType type, int priority)
{
  const AionetProviderKind *kind = NULL;

  _aionet_provider_type_get_kind (type, &kind);
  self->provider_type = type;
  self->kind = kind != NULL ? kind->name : NULL;
  self->priority = priority;
}

void
_aionet_plugin_info_set_descriptor (AionetPluginInfo             *self,
                                    const AionetPluginDescriptor *descriptor)
{
  self->version = intern (descriptor->version);
  self->description = intern (descriptor->description);
  self->license = intern (descriptor->license);
}

void
_aionet_plugin_info_set_state (AionetPluginInfo *self, AionetPluginState state, const char *reason)
{
  const char *kept = intern (reason);

  if (g_atomic_pointer_get (&self->reason) != kept)
    {
      g_atomic_pointer_set (&self->reason, kept);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REASON]);
    }
  if (g_atomic_int_get (&self->state) != (int) state)
    {
      g_atomic_int_set (&self->state, state);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
    }
}

/**
 * aionet_plugin_info_get_name: (get-property name)
 * @self: an info
 *
 * Gets the short name of the plugin.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_name (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return self->name;
}

/**
 * aionet_plugin_info_get_version: (get-property version)
 * @self: an info
 *
 * Gets the plugin's own version.
 *
 * Returns: (transfer none) (nullable): the version, or %NULL if it is not known
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_version (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return self->version;
}

/**
 * aionet_plugin_info_get_description: (get-property description)
 * @self: an info
 *
 * Gets one line on what the plugin does.
 *
 * Returns: (transfer none) (nullable): the line, or %NULL if it is not known
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_description (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return self->description;
}

/**
 * aionet_plugin_info_get_license: (get-property license)
 * @self: an info
 *
 * Gets the SPDX licence expression of the plugin.
 *
 * Returns: (transfer none) (nullable): the expression, or %NULL if it is not known
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_license (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return self->license;
}

/**
 * aionet_plugin_info_get_path: (get-property path)
 * @self: an info
 *
 * Gets the file of the module, for display.
 *
 * Returns: (transfer none) (nullable): the path, or %NULL if the plugin is no module
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_path (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return self->path;
}

/**
 * aionet_plugin_info_get_provider_type: (get-property provider-type)
 * @self: an info
 *
 * Gets the type of the provider.
 *
 * Returns: the type, `G_TYPE_INVALID` if the plugin was not loaded
 *
 * Since: 0.1
 */
GType
aionet_plugin_info_get_provider_type (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), G_TYPE_INVALID);

  return self->provider_type;
}

/**
 * aionet_plugin_info_get_kind: (get-property kind)
 * @self: an info
 *
 * Gets the kind of the provider, as `address-backend` or `stun-provider`.
 *
 * Returns: (transfer none) (nullable): the kind, or %NULL if the plugin was not loaded
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_kind (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return self->kind;
}

/**
 * aionet_plugin_info_get_priority: (get-property priority)
 * @self: an info
 *
 * Gets the priority of the provider; higher goes first.
 *
 * Returns: the priority
 *
 * Since: 0.1
 */
int
aionet_plugin_info_get_priority (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), 0);

  return self->priority;
}

/**
 * aionet_plugin_info_get_origin: (get-property origin)
 * @self: an info
 *
 * Gets through which door the plugin came in.
 *
 * Returns: the origin
 *
 * Since: 0.1
 */
AionetPluginOrigin
aionet_plugin_info_get_origin (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), AIONET_PLUGIN_ORIGIN_BUILTIN);

  return self->origin;
}

/**
 * aionet_plugin_info_get_state: (get-property state)
 * @self: an info
 *
 * Gets what became of the plugin.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
AionetPluginState
aionet_plugin_info_get_state (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), AIONET_PLUGIN_STATE_REFUSED);

  return (AionetPluginState) g_atomic_int_get (&self->state);
}

/**
 * aionet_plugin_info_get_reason: (get-property reason)
 * @self: an info
 *
 * Gets why the plugin is not ready, in words for people.
 *
 * Returns: (transfer none) (nullable): the reason, or %NULL if the plugin is ready
 *
 * Since: 0.1
 */
const char *
aionet_plugin_info_get_reason (AionetPluginInfo *self)
{
  g_return_val_if_fail (AIONET_IS_PLUGIN_INFO (self), NULL);

  return g_atomic_pointer_get (&self->reason);
}
