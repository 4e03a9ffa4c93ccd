/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-host-options.h"
#include "aionet-table.h"
#include "aionet-wait.h"

#define INDENT 2

static const char PROGRAM[] = "aionet nat";

typedef struct
{
  HostOptions host;
  gboolean    json;
  gboolean    verbose;
} NatOptions;

static void
nat_options_clear (NatOptions *self)
{
  _host_options_clear (&self->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NatOptions, nat_options_clear)

/* What the type means for the person who asked: who can be reached how. */
static void
print_meaning (AionetNat *nat)
{
  g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (nat, nat);
  gboolean possible = aionet_nat_plan_is_possible (plan);

  g_print ("\nTwo hosts behind such a NAT can reach each other directly: ");
  if (!possible)
    _output_print (STYLE_BAD, "no");
  else
    _output_print (STYLE_GOOD, "yes, %s",
                   aionet_nat_plan_get_method (plan) == AIONET_NAT_METHOD_DIRECT ? "as they are"
                   : aionet_nat_plan_get_method (plan) == AIONET_NAT_METHOD_HOLE_PUNCHING
                       ? "by hole punching"
                       : "by predicting ports");
  if (_output_is_terminal ())
    {
      g_print (".\n");
      _output_wrapped (aionet_nat_plan_get_reason (plan), 0, INDENT);
    }
  else
    _output_print (STYLE_PLAIN, " (%s).\n", aionet_nat_plan_get_reason (plan));
  if (aionet_nat_get_confidence (nat) < 0.5)
    {
      _output_print (STYLE_BAD, "This is uncertain; --verbose tells why.");
      g_print ("\n");
    }
}

static void
add_fact (AionetTable *table, const char *what, const char *value, const char *meaning)
{
  _table_add_row (table, STYLE_PLAIN, (const char *[]){ what, value, meaning });
}

static void
add_number (AionetTable *table, const char *what, int number, const char *meaning)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  add_fact (table, what, text, meaning);
}

static void
print_facts (AionetNat *nat)
{
  g_autoptr (AionetTable) table = _table_new (3, NULL);
  g_autofree char *confidence = g_strdup_printf ("%.2f", aionet_nat_get_confidence (nat));
  int              value = aionet_nat_get_delta_value (nat);

  add_number (table, "type", (int) aionet_nat_get_nat_type (nat), aionet_nat_get_info (nat));
  add_number (table, "delta", (int) aionet_nat_get_delta_type (nat),
              aionet_nat_get_delta_info (nat));
  if (value != 0)
    add_number (table, "", value, "from one mapping to the next");
  add_fact (table, "mapping", "",
            _output_nick (AIONET_TYPE_NAT_BEHAVIOR, (int) aionet_nat_get_mapping (nat)));
  add_fact (table, "filtering", "",
            _output_nick (AIONET_TYPE_NAT_BEHAVIOR, (int) aionet_nat_get_filtering (nat)));
  add_fact (table, "hairpinning", "",
            _output_nick (AIONET_TYPE_NAT_HAIRPINNING, (int) aionet_nat_get_hairpinning (nat)));
  add_fact (table, "confidence", "", confidence);
  if (aionet_nat_get_protocol (nat) == G_SOCKET_PROTOCOL_TCP)
    add_fact (table, "protocol", "", "TCP: nothing came back over UDP");
  _table_set_indent (table, INDENT);
  _table_print (table);
}

static void
print_evidence (AionetNat *nat, gint64 took_us)
{
  const char *const *reasons = aionet_nat_get_reasons (nat);

  g_print ("\nWhat was seen, in %.3f s:\n", (double) took_us / G_USEC_PER_SEC);
  for (guint i = 0; reasons[i] != NULL; i++)
    if (_output_is_terminal ())
      _output_wrapped (reasons[i], 0, INDENT);
    else
      _output_print (STYLE_PLAIN, "%*s%s\n", INDENT, "", reasons[i]);
}

static void
print (AionetInterface *nic, AionetNat *nat, gint64 took_us, const NatOptions *options)
{
  if (options->json)
    {
      g_autoptr (JsonNode) document = aionet_interface_to_json (nic);
      JsonObject *object = json_node_get_object (document);

      _output_json (json_node_copy (json_object_get_member (object, "nat")));
      return;
    }
  _output_print (STYLE_HEADING, "%s", aionet_interface_get_name (nic));
  g_print ("\n");
  print_facts (nat);
  print_meaning (nat);
  if (options->verbose)
    print_evidence (nat, took_us);
}

static int
test (AionetInterface *nic, const NatOptions *options)
{
  g_autoptr (AionetWait) wait = _wait_new ("testing the NAT");
  g_autoptr (AionetNat) nat = NULL;
  g_autoptr (GError) error = NULL;
  gint64 began_us = g_get_monotonic_time ();

  aionet_interface_load_nat_async (nic, _wait_get_cancellable (wait), _wait_ready, wait);
  nat = aionet_interface_load_nat_finish (nic, _wait_run (wait), &error);
  if (nat == NULL)
    return _wait_fail (wait, error);
  print (nic, nat, g_get_monotonic_time () - began_us, options);
  return EXIT_DONE;
}

static int
find_and_test (AionetHost *host, const NatOptions *options, const char *name)
{
  g_autoptr (AionetInterface) nic = NULL;
  int status = EXIT_DONE;

  if (!_host_refresh (host, &status))
    return status;
  nic = name != NULL ? aionet_host_get_interface (host, name)
                     : aionet_host_get_preferred_interface (host);
  if (nic == NULL && name != NULL)
    return _cmd_fail ("there is no interface “%s”", name);
  if (nic == NULL)
    return _cmd_fail ("this host has no interface to prefer; “aionet list” lists all");
  return test (nic, options);
}

static const char *const EXAMPLES[] = {
  "aionet nat",
  "What is in front of the interface the system prefers.",
  "aionet nat eth0 --verbose",
  "The same for another one, with what was seen and how sure it is.",
  "aionet nat --json",
  "For a program.",
  NULL,
};

int
_cmd_nat (int argc, char *argv[])
{
  g_auto (NatOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print JSON: an object", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options.verbose,
      "tell what was seen, and how long it took", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "[NIC]",
                 "Tells what kind of NAT is in front of an interface, and what that means. Without "
                 "a name, of the interface the system prefers.");
  g_autoptr (AionetHost) host = NULL;
  int status;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _host_options_add_backend (&options.host, line);
  _host_options_add_consensus (&options.host, line);
  _host_options_add_asking (&options.host, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc > 2)
    return _cmd_misuse (PROGRAM, "one interface at a time");
  host = _host_options_make_host (&options.host, PROGRAM, &status);
  return host != NULL ? find_and_test (host, &options, argv[1]) : status;
}
