/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-command-line.h"
#include "aionet-suggest.h"
#include "aionet-table.h"
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
add_role_entries (CommandLine *line, int n_of_role[LAB_N_SERVER_ROLES])
{
  GOptionEntry entries[LAB_N_SERVER_ROLES + 1] = { 0 };

  for (guint i = 0; i < LAB_N_SERVER_ROLES; i++)
    entries[i] = (GOptionEntry){ .long_name = LAB_ROLES[i].option,
                                 .arg = G_OPTION_ARG_INT,
                                 .arg_data = &n_of_role[i],
                                 .description = LAB_ROLES[i].description,
                                 .arg_description = "N" };
  _line_add (line, "So many of the servers…", entries);
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

static const char *const RUN_EXAMPLES[] = {
  "aionet lab run -- aionet show",
  "A port-restricted NAT: 192.168.21.21 is seen as 1.3.3.7.",
  "aionet lab run --nat=symmetric --rtt=50 -- aionet nat",
  "Another one, with the world 50 ms away.",
  "aionet lab run --world='python3 -m http.server 80' -- curl --retry-connrefused --retry 9 "
  "http://1.3.3.1/",
  "Fetch a page from a server in the world.",
  "aionet lab run --nat=dual-homed -- bash",
  "Look around in a network with two NATs.",
  NULL,
};

static const char *const LIST_EXAMPLES[] = {
  "aionet lab list",
  "The networks, and what each is like.",
  "aionet lab list --json",
  "The same for a program, with the truth about each NAT.",
  NULL,
};

static int
tell_unknown_network (const char *program, const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *meant;

  for (const LabScenario *scenario = LAB_SCENARIOS; scenario->name != NULL; scenario++)
    g_ptr_array_add (names, (char *) scenario->name);
  g_ptr_array_add (names, NULL);
  meant = _suggest_nearest (name, (const char *const *) names->pdata);
  if (meant == NULL)
    return _cmd_misuse (program, "there is no network “%s”", name);
  return _cmd_misuse (program, "there is no network “%s”; did you mean “%s”?", name, meant);
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
    { "nat", 0, 0, G_OPTION_ARG_STRING, &nat,
      "the network to build, one of “aionet lab list” (guide)", "NETWORK" },
    { "rtt", 0, 0, G_OPTION_ARG_DOUBLE, &plan.rtt_ms,
      "round-trip time to the world, 0 to 60000 milliseconds (0)", "MS" },
    { "loss", 0, 0, G_OPTION_ARG_DOUBLE, &plan.loss_percent,
      "packets lost each way, 0 to 100 per cent (0)", "PERCENT" },
    { "reorder", 0, 0, G_OPTION_ARG_DOUBLE, &plan.reorder_percent,
      "packets overtaken by the next one each way, 0 to 100 per cent (0)", "PERCENT" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed,
      "repeat what was left to chance, 0 to 4294967295 (another one each time)", "NUMBER" },
    { "servers", 0, 0, G_OPTION_ARG_INT, &servers, "STUN servers in the world, 1 to 16 (5)", "N" },
    { "world", 0, 0, G_OPTION_ARG_STRING_ARRAY, &world,
      "command to run in the world meanwhile; can be given several times", "COMMAND LINE" },
    { "peer", 0, 0, G_OPTION_ARG_STRING, &peer,
      "second client with a network of its own to the same world, and its command",
      "NETWORK:COMMAND LINE" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &plan.verbose,
      "tell afterwards what the network carried and lost", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (program, "[--] COMMAND [ARGUMENT…]",
                 "Runs a command behind a NAT of the real kernel, in namespaces of its own and "
                 "without root.");
  g_autoptr (GError) error = NULL;

  line->notes =
      "The command finds the STUN servers in AIONET_STUN_SERVERS, the name of the network "
      "in AIONET_LAB, and an address of the world's where nothing listens in "
      "AIONET_LAB_WORLD.";
  line->examples = RUN_EXAMPLES;
  line->exit_status =
      "That of the command, or 128 and the number of the signal that ended it; 1 if "
      "there is no lab (one line on standard error says why), 2 wrong command line.";
  line->is_strict = TRUE;
  _line_add (line, "Options", entries);
  add_role_entries (line, n_of_role);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  argv += argc > 1 && g_str_equal (argv[1], "--") ? 2 : 1;
  plan.scenario = nat != NULL ? _lab_scenario_find (nat) : LAB_SCENARIOS;
  if (plan.scenario == NULL)
    return tell_unknown_network (program, nat);
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
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON: an array of objects", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (program, NULL, "Lists the networks that “aionet lab run --nat” builds.");
  g_autoptr (AionetTable) table = NULL;

  line->examples = LIST_EXAMPLES;
  _line_add (line, "Options", entries);
  if (!_line_parse (line, &argc, &argv, &status))
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

  return _cmd_dispatch (commands, "aionet lab", NULL, argc, argv);
}
