/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-module-private.h"

#include <gmodule.h>
#include <string.h>

#include "provider/aionet-builtins-private.h"
#include "provider/aionet-descriptor-private.h"
#include "value/aionet-error.h"

/* Generations of the binary interface that are looked for, to tell a foreign plugin from no plugin
 * at all. Their symbols are never called. */
#define N_GENERATIONS 10

#define PREFIX "libaionet-"
#define SUFFIX ".so"

char *
_aionet_module_dup_plugin_name (const char *file_name)
{
  gsize            length = strlen (file_name);
  g_autofree char *name = NULL;

  if (length < strlen (PREFIX SUFFIX))
    return NULL;
  name = g_strndup (file_name + strlen (PREFIX), length - strlen (PREFIX SUFFIX));
  return _aionet_plugin_name_is_valid (name) ? g_steal_pointer (&name) : NULL;
}

static gpointer
find_describe (GModule *module, const char *plugin_name, int generation)
{
  g_autofree char *symbol = NULL;
  gpointer         address = NULL;

  symbol = g_strdup_printf ("aionet_plugin_%d_%s_describe", generation, plugin_name);
  g_strdelimit (symbol, "-", '_');
  return g_module_symbol (module, symbol, &address) ? address : NULL;
}

static void
explain_missing (GModule *module, const char *plugin_name, GError **error)
{
  for (int i = 0; i < N_GENERATIONS; i++)
    {
      if (i != AIONET_PLUGIN_ABI && find_describe (module, plugin_name, i) != NULL)
        {
          g_set_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_ABI,
                       "it was made for another binary interface: %d, this library has %d", i,
                       AIONET_PLUGIN_ABI);
          return;
        }
    }
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID,
               "it is no plugin of this library, or not the plugin “%s” its file is named after",
               plugin_name);
}

static GModule *
open_module (const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GModule *module;

  module = g_module_open_full (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL, &reason);
  if (module != NULL)
    g_module_make_resident (module);
  else
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID, "it cannot be opened: %s",
                 reason->message);
  return module;
}

const AionetPluginDescriptor *
_aionet_module_load (AionetModuleDirectory *directory,
                     const char            *file_name,
                     const char            *plugin_name,
                     GError               **error)
{
  const AionetPluginDescriptor *descriptor;
  AionetPluginDescribe          describe;
  g_autofree char              *path = NULL;
  GModule                      *module;

  path = _aionet_module_directory_dup_trusted (directory, file_name, error);
  module = path != NULL ? open_module (path, error) : NULL;
  if (module == NULL)
    return NULL;
  describe = (AionetPluginDescribe) find_describe (module, plugin_name, AIONET_PLUGIN_ABI);
  if (describe == NULL)
    {
      explain_missing (module, plugin_name, error);
      return NULL;
    }
  descriptor = describe ();
  return _aionet_descriptor_check (descriptor, plugin_name, error) ? descriptor : NULL;
}
