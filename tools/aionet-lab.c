/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-output.h"
#include "lab/lab-run.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_RTT_MS 60000
#define DEFAULT_SERVERS 5

static gboolean
check_plan (const LabPlan *plan, const char **fault)
{
  *fault = NULL;
  if (!(plan->rtt_ms >= 0 && plan->rtt_ms <= MAX_RTT_MS))
    *fault = "--rtt is 0 to 60000 milliseconds";
  else if (!(plan->loss_percent >= 0 && plan->loss_percent <= 100))
    *fault = "--loss is 0 to 100 per cent";
  else if (!(plan->reorder_percent >= 0 && plan->reorder_percent <= 100))
    *fault = "--reorder is 0 to 100 per cent";
  return *fault == NULL;
}

/* n_of_role: as the user gave them */
static gboolean
plan_servers (LabPlan *plan, int n_servers, const int *n_of_role, const char **fault)
{
  int n_left = n_servers;

  *fault = NULL;
  if (n_servers < 1 || n_servers > LAB_MAX_SERVERS)
    *fault = "--servers is 1 to 16";
  for (guint i = 0; i < LAB_N_SERVER_ROLES && *fault == NULL; i++)
    {
      if (n_of_role[i] < 0 || n_of_role[i] > n_left)
        *fault = "there are more servers of some kind than --servers";
      n_left -= n_of_role[i];
      plan->n_of_role[i] = (guint) n_of_role[i];
    }
  plan->n_servers = (guint) n_servers;
  return *fault == NULL;
}

static void
add_role_entries (GOptionContext *context, int n_of_role[LAB_N_SERVER_ROLES])
{
  GOptionEntry entries[LAB_N_SERVER_ROLES + 1] = { 0 };

  for (guint i = 0; i < LAB_N_SERVER_ROLES; i++)
    entries[i] = (GOptionEntry){ .long_name = LAB_ROLES[i].option,
                                 .arg = G_OPTION_ARG_INT,
                                 .arg_data = &n_of_role[i],
                                 .description = LAB_ROLES[i].description,
                                 .arg_description = "N" };
  g_option_context_add_main_entries (context, entries, NULL);
}

static gboolean
check_world (char **lines, GError **error)
{
  for (; lines != NULL && *lines != NULL; lines++)
    if (!g_shell_parse_argv (*lines, NULL, NULL, error))
      return FALSE;
  return TRUE;
}

/* "NAT:COMMAND LINE" */
static gboolean
parse_peer (const char *text, LabPlan *plan, GError **error)
{
  const char      *colon = strchr (text, ':');
  g_autofree char *name = g_strndup (text, colon != NULL ? (gsize) (colon - text) : strlen (text));

  plan->peer = _lab_scenario_find (name);
  if (plan->peer == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no network “%s”", name);
  else if (colon == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "“%s” names no command", text);
  if (plan->peer == NULL || colon == NULL)
    return FALSE;
  plan->peer_command = colon + 1;
  return g_shell_parse_argv (plan->peer_command, NULL, NULL, error);
}

static int
run (int argc, char *argv[])
{
  const char      *program = "aionet lab run";
  g_autofree char *nat = NULL;
  g_autofree char *peer = NULL;
  g_auto (GStrv) world = NULL;
  const char        *fault;
  LabPlan            plan = { 0 };
  gint64             seed = g_random_int ();
  int                servers = DEFAULT_SERVERS, n_of_role[LAB_N_SERVER_ROLES] = { 0 }, status;
  const GOptionEntry entries[] = {
    { "nat", 0, 0, G_OPTION_ARG_STRING, &nat, "the network to build (see “aionet lab list”)",
      "NAME" },
    { "rtt", 0, 0, G_OPTION_ARG_DOUBLE, &plan.rtt_ms, "round-trip time to the world", "MS" },
    { "loss", 0, 0, G_OPTION_ARG_DOUBLE, &plan.loss_percent, "packets lost each way", "PERCENT" },
    { "reorder", 0, 0, G_OPTION_ARG_DOUBLE, &plan.reorder_percent,
      "packets overtaken by the next one each way", "PERCENT" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "repeat what was left to chance", "NUMBER" },
    { "servers", 0, 0, G_OPTION_ARG_INT, &servers, "STUN servers in the world (5)", "N" },
    { "world", 0, 0, G_OPTION_ARG_STRING_ARRAY, &world,
      "command to run in the world meanwhile (repeatable)", "COMMAND LINE" },
    { "peer", 0, 0, G_OPTION_ARG_STRING, &peer,
      "second client with a network of its own to the same world, and its command",
      "NAME:COMMAND LINE" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &plan.verbose, "tell what the network did", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[--] COMMAND [ARGUMENT…]");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  add_role_entries (context, n_of_role);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context,
                                "Runs a command behind a real kernel NAT, in namespaces of its own "
                                "and without root.");
  if (!_cmd_parse (context, program, &argc, &argv, &status))
    return status;
  argv += argc > 1 && g_str_equal (argv[1], "--") ? 2 : 1;
  plan.scenario = nat != NULL ? _lab_scenario_find (nat) : LAB_SCENARIOS;
  if (plan.scenario == NULL)
    return _cmd_misuse (program, "there is no network “%s”", nat);
  if (seed < 0 || seed > G_MAXUINT32)
    return _cmd_misuse (program, "--seed is 0 to 4294967295");
  if (!check_plan (&plan, &fault) || !plan_servers (&plan, servers, n_of_role, &fault))
    return _cmd_misuse (program, "%s", fault);
  if (!check_world (world, &error))
    return _cmd_misuse (program, "--world: %s", error->message);
  if (peer != NULL && !parse_peer (peer, &plan, &error))
    return _cmd_misuse (program, "--peer: %s", error->message);
  if (argv[0] == NULL)
    return _cmd_misuse (program, "no command given");
  plan.world_commands = world;
  plan.seed = (guint32) seed;
  return _lab_run (&plan, argv);
}

static void
add_nick (JsonBuilder *builder, const char *member, GType type, int value)
{
  g_autoptr (GEnumClass) values = g_type_class_ref (type);

  json_builder_add_string_value (json_builder_set_member_name (builder, member),
                                 g_enum_get_value (values, value)->value_nick);
}

static void
add_truth (JsonBuilder *builder, const LabNat *nat)
{
  json_builder_begin_object (builder);
  json_builder_add_int_value (json_builder_set_member_name (builder, "type"),
                              _lab_nat_get_type (nat));
  json_builder_begin_object (json_builder_set_member_name (builder, "delta"));
  json_builder_add_int_value (json_builder_set_member_name (builder, "type"), nat->delta);
  json_builder_add_int_value (json_builder_set_member_name (builder, "value"), nat->delta_value);
  json_builder_end_object (builder);
  add_nick (builder, "mapping", AIONET_TYPE_NAT_BEHAVIOR, nat->mapping);
  add_nick (builder, "filtering", AIONET_TYPE_NAT_BEHAVIOR, nat->filtering);
  json_builder_add_boolean_value (json_builder_set_member_name (builder, "hairpinning"),
                                  nat->hairpins);
  json_builder_end_object (builder);
}

static JsonNode *
scenarios_to_json (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_array (json_builder_new ());

  for (const LabScenario *scenario = LAB_SCENARIOS; scenario->name != NULL; scenario++)
    {
      json_builder_begin_object (builder);
      json_builder_add_string_value (json_builder_set_member_name (builder, "name"),
                                     scenario->name);
      json_builder_set_member_name (builder, "alias");
      if (scenario->alias != NULL)
        json_builder_add_string_value (builder, scenario->alias);
      else
        json_builder_add_null_value (builder);
      json_builder_add_string_value (json_builder_set_member_name (builder, "summary"),
                                     scenario->summary);
      json_builder_add_boolean_value (json_builder_set_member_name (builder, "ipv4"),
                                      scenario->ipv4);
      json_builder_add_boolean_value (json_builder_set_member_name (builder, "ipv6"),
                                      scenario->ipv6);
      json_builder_set_member_name (builder, "nat");
      if (scenario->truth != NULL)
        add_truth (builder, scenario->truth);
      else
        json_builder_add_null_value (builder);
      json_builder_end_object (builder);
    }
  return json_builder_get_root (json_builder_end_array (builder));
}

static int
list (int argc, char *argv[])
{
  const char        *program = "aionet lab list";
  gboolean           json = FALSE;
  int                status;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (AionetTable) table = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, "Lists the networks that “aionet lab run --nat” builds.");
  if (!_cmd_parse (context, program, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return _cmd_misuse (program, "“%s” is too much", argv[1]);
  if (json)
    {
      _output_json (scenarios_to_json ());
      return EXIT_DONE;
    }
  table = _table_new (3, (const char *[]){ "NAME", "ALIAS", "NETWORK" });
  for (const LabScenario *scenario = LAB_SCENARIOS; scenario->name != NULL; scenario++)
    _table_add_row (table, STYLE_PLAIN,
                    (const char *[]){ scenario->name, scenario->alias, scenario->summary });
  _table_print (table);
  return EXIT_DONE;
}

int
_cmd_lab (int argc, char *argv[])
{
  static const AionetCommand commands[] = {
    { "run", run, "run a command in the client of a network" },
    { "list", list, "the networks there are" },
    { NULL },
  };

  return _cmd_dispatch (commands, "aionet lab", argc, argv);
}
