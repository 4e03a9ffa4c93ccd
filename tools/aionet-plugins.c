/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-command-line.h"
#include "aionet-table.h"

#include <aionet.h>

static JsonNode *
plugin_to_json (AionetPluginInfo *info)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  _output_add_string (object, "name", aionet_plugin_info_get_name (info));
  _output_add_string (object, "kind", aionet_plugin_info_get_kind (info));
  _output_add_string (object, "version", aionet_plugin_info_get_version (info));
  _output_add_string (object, "description", aionet_plugin_info_get_description (info));
  json_object_set_int_member (object, "priority", aionet_plugin_info_get_priority (info));
  _output_add_string (
      object, "origin",
      _output_nick (AIONET_TYPE_PLUGIN_ORIGIN, (int) aionet_plugin_info_get_origin (info)));
  _output_add_string (
      object, "state",
      _output_nick (AIONET_TYPE_PLUGIN_STATE, (int) aionet_plugin_info_get_state (info)));
  _output_add_string (object, "reason", aionet_plugin_info_get_reason (info));
  _output_add_string (object, "path", aionet_plugin_info_get_path (info));
  json_node_set_object (node, object);
  return node;
}

static JsonNode *
plugins_to_json (GListModel *infos)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (infos); i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (infos, i);

      json_array_add_element (array, plugin_to_json (info));
    }
  return json_node_init_array (json_node_alloc (), array);
}

static void
print_table (GListModel *infos)
{
  g_autoptr (AionetTable) table = _table_new (
      7, (const char *[]){ "NAME", "KIND", "VERSION", "ORIGIN", "STATE", "REASON", "PATH" });

  for (guint i = 0; i < g_list_model_get_n_items (infos); i++)
    {
      g_autoptr (AionetPluginInfo) info = g_list_model_get_item (infos, i);
      AionetPluginState  state = aionet_plugin_info_get_state (info);
      AionetPluginOrigin origin = aionet_plugin_info_get_origin (info);
      const char        *cells[] = { aionet_plugin_info_get_name (info),
                                     aionet_plugin_info_get_kind (info),
                                     aionet_plugin_info_get_version (info),
                                     _output_nick (AIONET_TYPE_PLUGIN_ORIGIN, (int) origin),
                                     _output_nick (AIONET_TYPE_PLUGIN_STATE, (int) state),
                                     aionet_plugin_info_get_reason (info),
                                     aionet_plugin_info_get_path (info) };

      _table_add_row (table, state == AIONET_PLUGIN_STATE_REFUSED ? STYLE_BAD : STYLE_PLAIN, cells);
    }
  _table_print (table);
}

static const char *const EXAMPLES[] = {
  "aionet plugins",
  "What this host's interfaces can be read with, and servers be asked with.",
  "aionet plugins --json",
  "The same for a program: an array of objects.",
  NULL,
};

int
_cmd_plugins (int argc, char *argv[])
{
  const char        *program = "aionet plugins";
  GListModel        *infos;
  gboolean           json = FALSE;
  int                status;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON: an array of objects", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line = _line_new (
      program, NULL, "Lists the address backends and STUN providers, and why one is not in use.");

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return _cmd_misuse (program, "“%s” is too much", argv[1]);
  aionet_registry_check_support (aionet_registry_get_default ());
  infos = G_LIST_MODEL (aionet_registry_get_default ());
  if (json)
    _output_json (plugins_to_json (infos));
  else
    print_table (infos);
  return EXIT_DONE;
}
