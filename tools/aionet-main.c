/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

/* The one table of commands: help, completion and the test of the man page read it. */
static const AionetCommand COMMANDS[] = {
  { "list", _cmd_list, "all interfaces of this host, usable ones first" },
  { "show", _cmd_show, "interfaces with their routes and external addresses" },
  { "nat", _cmd_nat, "what kind of NAT is in front of an interface, and what it means" },
  { "stun", _cmd_stun, "ask one STUN server what it sees" },
  { "watch", _cmd_watch, "what changes on this host, as it happens" },
  { "record", _cmd_record, "this host as a file that can be replayed elsewhere" },
  { "plugins", _cmd_plugins, "address backends and STUN providers, and why one is not in use" },
  { "connect", _cmd_connect, "connect over TCP or UDP, as nc does, over a route of choice" },
  { "listen", _cmd_listen, "serve standard input and output, an echo or a command" },
  { "relay", _cmd_relay, "pass on what clients of TCP or UDP say to a target" },
  { "serve", _cmd_serve, "run a server of the library's own" },
#ifdef HAVE_LAB
  { "lab", _cmd_lab, "run a command behind a NAT in namespaces of its own" },
#endif
  { "__complete", _cmd_complete, NULL },
  { NULL },
};

static const char *const VARIABLES[] = {
  "AIONET_STUN_SERVERS",
  "servers to ask, as HOST:PORT or [ADDRESS]:PORT, separated by commas",
  "AIONET_ADDRESS_BACKEND",
  "address backend to use, as --backend",
  "AIONET_STUN_PROVIDER",
  "STUN provider to use, as --provider",
  "AIONET_PLUGIN_PATH",
  "directories to look for plugins in before the usual one, separated by colons",
  "AIONET_REPLAY_FILE",
  "host that the address backend “replay” shows",
  "NO_COLOR",
  "no colours, unless --color asks for them; empty is as if it were not there",
  NULL,
};

/* A full disk or a closed pipe must not look like success. */
static int
flush_output (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  return _cmd_fail ("cannot write the output: %s", g_strerror (errno));
}

int
_cmd_run (int argc, char *argv[])
{
  return _cmd_dispatch (COMMANDS, "aionet", VARIABLES, argc, argv);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_set_prgname ("aionet");
  if (argc > 1 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("aionet %s\n", AIONET_VERSION_TEXT);
      return flush_output (EXIT_DONE);
    }
  return flush_output (_cmd_run (argc, argv));
}
