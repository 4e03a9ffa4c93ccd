/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Finds out what kind of NAT this host is behind, and whether two hosts behind such NATs can reach
 * each other over UDP without a relay.
 *
 *   $ ./nat
 *   eth0: restrict port
 *   random delta (local port == rand port)
 *   two such hosts can connect: Both NATs keep one external port for all destinations
 */

#include <aionet.h>
#include <stdlib.h>

static int status = EXIT_FAILURE;

static void
print_nat (AionetInterface *nic, AionetNat *nat)
{
  g_autoptr (AionetNatPlan) plan = aionet_nat_plan_new (nat, nat);

  g_print ("%s: %s\n", aionet_interface_get_name (nic), aionet_nat_get_info (nat));
  g_print ("%s\n", aionet_nat_get_delta_info (nat));
  g_print ("two such hosts %s: %s\n",
           aionet_nat_plan_is_possible (plan) ? "can connect" : "need a relay",
           aionet_nat_plan_get_reason (plan));
}

static void
on_nat (GObject *source, GAsyncResult *result, gpointer loop)
{
  AionetInterface *nic = AIONET_INTERFACE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetNat) nat = aionet_interface_load_nat_finish (nic, result, &error);

  if (nat != NULL)
    {
      print_nat (nic, nat);
      status = EXIT_SUCCESS;
    }
  else
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AionetInterface) nic = aionet_interface_new (NULL);

  if (argc != 1)
    {
      g_printerr ("usage: nat\n");
      return 2;
    }
  aionet_interface_load_nat_async (nic, NULL, on_nat, loop);
  g_main_loop_run (loop);
  return status;
}
