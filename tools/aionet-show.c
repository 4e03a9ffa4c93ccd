/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-dot.h"
#include "aionet-host-options.h"
#include "aionet-interface-text.h"
#include "aionet-output.h"
#include "aionet-wait.h"

#include <stdio.h>

static const char PROGRAM[] = "aionet show";

typedef struct
{
  HostOptions host;
  gboolean    all;
  gboolean    json;
  gboolean    dot;
  gboolean    no_external;
  gboolean    nat;
  gboolean    timing;
} ShowOptions;

static void
show_options_clear (ShowOptions *self)
{
  _host_options_clear (&self->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShowOptions, show_options_clear)

/* The interfaces the user means, in the order asked for. */
static GListStore *
choose (AionetHost *host, const ShowOptions *options, char **names, int *status)
{
  g_autoptr (GListStore) chosen = g_list_store_new (AIONET_TYPE_INTERFACE);

  for (guint i = 0; options->all && i < g_list_model_get_n_items (G_LIST_MODEL (host)); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (G_LIST_MODEL (host), i);

      g_list_store_append (chosen, nic);
    }
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (AionetInterface) nic = aionet_host_get_interface (host, *name);

      if (nic == NULL)
        {
          *status = _cmd_fail ("there is no interface “%s”", *name);
          return NULL;
        }
      g_list_store_append (chosen, nic);
    }
  if (!options->all && names[0] == NULL)
    {
      g_autoptr (AionetInterface) nic = aionet_host_get_preferred_interface (host);

      if (nic == NULL)
        {
          *status = _cmd_fail ("this host has no interface to prefer; “aionet list” lists all");
          return NULL;
        }
      g_list_store_append (chosen, nic);
    }
  return g_steal_pointer (&chosen);
}

/* What is done with each interface: begin () ends by calling _wait_ready (). */
typedef struct
{
  const char *message;
  void (*begin) (AionetInterface *nic, AionetWait *wait);
  gboolean (*finish) (AionetInterface *nic, GAsyncResult *result, GError **error);
} Work;

static void
begin_load (AionetInterface *nic, AionetWait *wait)
{
  aionet_interface_load_async (nic, _wait_get_cancellable (wait), _wait_ready, wait);
}

static const Work LOAD = { "asking STUN servers", begin_load, aionet_interface_load_finish };

/* Loads too what is not loaded yet. */
static void
begin_nat_test (AionetInterface *nic, AionetWait *wait)
{
  aionet_interface_load_nat_async (nic, _wait_get_cancellable (wait), _wait_ready, wait);
}

/* An interface without a way out has no NAT to test, which is no failure. */
static gboolean
is_untestable (AionetInterface *nic, const GError *error)
{
  return aionet_interface_get_loaded (nic) &&
         (g_error_matches (error, AIONET_ERROR, AIONET_ERROR_NO_ROUTE) ||
          g_error_matches (error, AIONET_ERROR, AIONET_ERROR_NAT_UNKNOWN));
}

static gboolean
finish_nat_test (AionetInterface *nic, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (AionetNat) nat = aionet_interface_load_nat_finish (nic, result, &fault);

  if (nat != NULL || is_untestable (nic, fault))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

static const Work TEST_NAT = { "testing the NAT", begin_nat_test, finish_nat_test };

/* All side by side. Those that fail are told and taken out, and cost the others nothing. */
static int
do_with_each (GListStore *interfaces, const Work *work)
{
  g_autoptr (AionetWait) wait = _wait_new (work->message);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (interfaces));
  int   status = EXIT_DONE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (G_LIST_MODEL (interfaces), i);

      work->begin (nic, wait);
    }
  for (guint i = 0; i < n; i++)
    {
      GAsyncResult *result = _wait_run (wait);
      g_autoptr (GObject) nic = g_async_result_get_source_object (result);
      g_autoptr (GError) error = NULL;
      guint position;

      if (work->finish (AIONET_INTERFACE (nic), result, &error))
        continue;
      status = _wait_fail (wait, error);
      if (g_list_store_find (interfaces, nic, &position))
        g_list_store_remove (interfaces, position);
    }
  return status;
}

static void
print_dot (GListModel *interfaces)
{
  g_autoptr (JsonNode) documents = _interfaces_to_json (interfaces);
  g_autofree char *text = _interfaces_to_dot (json_node_get_array (documents));

  /* Not g_print: names are UTF-8 whatever the locale. */
  fputs (text, stdout);
}

static void
print (GListModel *interfaces, gboolean as_array, const ShowOptions *options)
{
  if (options->dot)
    {
      print_dot (interfaces);
      return;
    }
  if (options->json && as_array)
    {
      _output_json (_interfaces_to_json (interfaces));
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (interfaces); i++)
    {
      g_autoptr (AionetInterface) nic = g_list_model_get_item (interfaces, i);

      if (options->json)
        _output_json (aionet_interface_to_json (nic));
      else
        _interface_print (nic, !options->no_external);
    }
}

static int
load_all (AionetHost *host)
{
  g_autoptr (AionetWait) wait = _wait_new ("asking STUN servers");
  g_autoptr (GError) error = NULL;

  aionet_host_load_all_async (host, _wait_get_cancellable (wait), _wait_ready, wait);
  if (aionet_host_load_all_finish (host, _wait_run (wait), &error))
    return EXIT_DONE;
  return _wait_fail (wait, error);
}

static int
show (AionetHost *host, const ShowOptions *options, char **names)
{
  g_autoptr (GListStore) chosen = NULL;
  gint64   began_us = g_get_monotonic_time ();
  gboolean as_array;
  int      status = EXIT_DONE;

  if (options->all && !options->no_external)
    status = load_all (host);
  else
    _host_refresh (host, &status);
  if (status != EXIT_DONE)
    return status;
  chosen = choose (host, options, names, &status);
  if (chosen == NULL)
    return status;
  as_array = options->all || g_list_model_get_n_items (G_LIST_MODEL (chosen)) > 1;
  if (!options->all && !options->no_external)
    {
      began_us = g_get_monotonic_time ();
      status = options->nat ? do_with_each (chosen, &TEST_NAT) : do_with_each (chosen, &LOAD);
    }
  else if (options->nat)
    status = do_with_each (chosen, &TEST_NAT);
  if (options->timing)
    g_printerr ("loaded in %.1f ms\n", (double) (g_get_monotonic_time () - began_us) / 1000);
  if (status == EXIT_DONE || g_list_model_get_n_items (G_LIST_MODEL (chosen)) > 0)
    print (G_LIST_MODEL (chosen), as_array, options);
  return status;
}

static const char *const EXAMPLES[] = {
  "aionet show",
  "The interface the system prefers, with its external addresses.",
  "aionet show --all --json",
  "Every interface, for a program.",
  "aionet show eth0 --nat",
  "One interface, and what kind of NAT is in front of it.",
  "aionet show --nat --dot > routes.dot",
  "A picture, for “dot -Tsvg routes.dot > routes.svg”.",
  NULL,
};

int
_cmd_show (int argc, char *argv[])
{
  g_auto (ShowOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &options.all, "show every interface", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json,
      "print JSON: an object, or an array for several interfaces", NULL },
    { "dot", 0, 0, G_OPTION_ARG_NONE, &options.dot, "print a picture for Graphviz", NULL },
    { "no-external", 0, 0, G_OPTION_ARG_NONE, &options.no_external,
      "ask no server: only what the system itself knows", NULL },
    { "nat", 0, 0, G_OPTION_ARG_NONE, &options.nat, "test the NAT as well", NULL },
    { "timing", 0, 0, G_OPTION_ARG_NONE, &options.timing,
      "tell on standard error how long loading took", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "[NIC…]",
                 "Shows interfaces with their routes: which external address each local one has. "
                 "Without a name, the interface the system prefers.");
  g_autoptr (AionetHost) host = NULL;
  int status;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _host_options_add_backend (&options.host, line);
  _host_options_add_consensus (&options.host, line);
  _host_options_add_asking (&options.host, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (options.all && argc > 1)
    return _cmd_misuse (PROGRAM, "--all and a name exclude each other");
  if (options.json && options.dot)
    return _cmd_misuse (PROGRAM, "--json and --dot exclude each other");
  if (options.nat && options.no_external)
    return _cmd_misuse (PROGRAM, "--nat and --no-external exclude each other");
  host = _host_options_make_host (&options.host, PROGRAM, &status);
  return host != NULL ? show (host, &options, argv + 1) : status;
}
