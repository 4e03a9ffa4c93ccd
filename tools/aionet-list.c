/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-host-options.h"
#include "aionet-interface-text.h"
#include "aionet-table.h"

static void
print_table (GListModel *interfaces)
{
  g_autoptr (AionetTable) table =
      _table_new (6, (const char *[]){ "", "NAME", "KIND", "STATE", "MTU", "ADDRESSES" });

  for (guint i = 0; i < g_list_model_get_n_items (interfaces); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (interfaces, i);
      g_autofree char *mtu = g_strdup_printf ("%u", aionet_interface_get_mtu (nic));
      g_autofree char *addresses = _text_of_addresses (nic);
      gboolean         usable = aionet_interface_get_usable (nic);
      const char      *cells[] = { usable ? "*" : "",
                              aionet_interface_get_name (nic),
                              _text_of_kind (nic),
                              aionet_interface_get_is_up (nic) ? "up" : "down",
                              mtu,
                              addresses };

      _table_add_row (table, usable ? STYLE_PLAIN : STYLE_FAINT, cells);
    }
  _table_print (table);
}

static const char *const EXAMPLES[] = {
  "aionet list",
  "Which interfaces there are, and their addresses.",
  "aionet list --json",
  "The same for a program: an array of interfaces.",
  NULL,
};

int
_cmd_list (int argc, char *argv[])
{
  const char        *program = "aionet list";
  gboolean           json = FALSE;
  int                status;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON: an array of interfaces", NULL },
    { NULL },
  };
  g_auto (HostOptions) options = { 0 };
  g_autoptr (CommandLine) line =
      _line_new (program, NULL,
                 "Lists all interfaces, usable ones first and marked by “*”. No "
                 "server is asked.");
  g_autoptr (AionetHost) host = NULL;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _host_options_add_backend (&options, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return _cmd_misuse (program, "“%s” is too much", argv[1]);
  host = _host_options_make_host (&options, program, &status);
  if (host == NULL || !_host_refresh (host, &status))
    return status;
  if (json)
    _output_json (_interfaces_to_json (G_LIST_MODEL (host)));
  else
    print_table (G_LIST_MODEL (host));
  return EXIT_DONE;
}
