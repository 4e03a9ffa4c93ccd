/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-descriptor-private.h"

#include <string.h>

#include "provider/aionet-provider-private.h"
#include "value/aionet-error.h"

#define MAX_NAME_LENGTH 64
#define MAX_PROVIDERS 16

static gboolean invalid (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
invalid (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID, format, args));
  va_end (args);
  return FALSE;
}

gboolean
_aionet_plugin_name_is_valid (const char *name)
{
  if (name == NULL || !g_ascii_islower (name[0]) || strlen (name) > MAX_NAME_LENGTH)
    return FALSE;
  for (; *name != '\0'; name++)
    {
      if (!g_ascii_islower (*name) && !g_ascii_isdigit (*name) && *name != '-')
        return FALSE;
    }
  return TRUE;
}

gboolean
_aionet_plugin_type_check (GType type, GError **error)
{
  if (type == G_TYPE_INVALID || g_type_name (type) == NULL)
    return invalid (error, "the type of its provider is not registered");
  if (!g_type_is_a (type, AIONET_TYPE_PROVIDER))
    return invalid (error, "type %s is no provider", g_type_name (type));
  if (_aionet_provider_type_get_kind (type, NULL) == G_TYPE_INVALID)
    return invalid (error, "type %s is of no known kind of provider", g_type_name (type));
  if (G_TYPE_IS_ABSTRACT (type))
    return invalid (error, "type %s is abstract", g_type_name (type));
  return TRUE;
}

static gboolean
check_providers (const AionetPluginProvider *providers, GError **error)
{
  GType kinds[MAX_PROVIDERS];
  guint n = 0;

  if (providers == NULL || providers[0].get_type == NULL)
    return invalid (error, "it provides nothing");
  for (; providers[n].get_type != NULL; n++)
    {
      GType type;

      if (n == MAX_PROVIDERS)
        return invalid (error, "its list of providers has no end");
      type = providers[n].get_type ();
      if (!_aionet_plugin_type_check (type, error))
        return FALSE;
      kinds[n] = _aionet_provider_type_get_kind (type, NULL);
      for (guint i = 0; i < n; i++)
        {
          if (kinds[i] == kinds[n])
            return invalid (error, "it has two providers of one kind");
        }
    }
  return TRUE;
}

gboolean
_aionet_descriptor_check (const AionetPluginDescriptor *self, const char *name, GError **error)
{
  if (self == NULL)
    return invalid (error, "it does not describe itself");
  if (self->abi != AIONET_PLUGIN_ABI)
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_ABI,
                   "it was made for another binary interface: %u, this library has %d", self->abi,
                   AIONET_PLUGIN_ABI);
      return FALSE;
    }
  if (self->size < sizeof (AionetPluginDescriptor))
    return invalid (error,
                    "its descriptor is too short: %" G_GSIZE_FORMAT " bytes, not %" G_GSIZE_FORMAT,
                    self->size, sizeof (AionetPluginDescriptor));
  if (!_aionet_plugin_name_is_valid (self->name))
    return invalid (error, "it has no valid name");
  if (name != NULL && !g_str_equal (self->name, name))
    return invalid (error, "it calls itself “%s”, its file “%s”", self->name, name);
  return check_providers (self->providers, error);
}
