/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-getifaddrs-backend.h"
#include "aionet-netlink-backend.h"
#include "netns.h"

#include <ifaddrs.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

/* A thousand links with six addresses each, in a namespace: what the kernel takes to dump them to a
 * loop that looks at nothing, what a listing with all its objects takes, what getifaddrs takes.
 * Rounds are interleaved, medians printed; the goal is a listing within twice the bare dump. */

#define CASE "list 1000 links with 6000 addresses"
#define N_PAIRS 500
#define N_ROUNDS 15

typedef void (*Run) (gpointer data);

typedef struct
{
  guint16 type;
  guint8  family;
  guint8  route_type;
  guint8  table;
} Dump;

static const Dump links_and_addresses[] = {
  { RTM_GETLINK, AF_UNSPEC, 0, 0 },
  { RTM_GETADDR, AF_UNSPEC, 0, 0 },
  { 0, 0, 0, 0 },
};

static const Dump everything[] = {
  { RTM_GETLINK, AF_UNSPEC, 0, 0 },
  { RTM_GETADDR, AF_UNSPEC, 0, 0 },
  { RTM_GETRULE, AF_UNSPEC, 0, 0 },
  { RTM_GETROUTE, AF_INET, RTN_LOCAL, RT_TABLE_LOCAL },
  { RTM_GETROUTE, AF_INET, RTN_UNICAST, RT_TABLE_MAIN },
  { RTM_GETROUTE, AF_INET6, RTN_LOCAL, RT_TABLE_LOCAL },
  { RTM_GETROUTE, AF_INET6, RTN_UNICAST, RT_TABLE_MAIN },
  { 0, 0, 0, 0 },
};

static void
send_dump (struct mnl_socket *nl, const Dump *dump)
{
  char             buffer[256] = { 0 };
  struct nlmsghdr *message = mnl_nlmsg_put_header (buffer);

  message->nlmsg_type = dump->type;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  if (dump->type == RTM_GETROUTE)
    {
      struct rtmsg *route = mnl_nlmsg_put_extra_header (message, sizeof *route);

      route->rtm_family = dump->family;
      route->rtm_type = dump->route_type;
      route->rtm_table = dump->table;
    }
  else if (dump->type == RTM_GETLINK)
    {
      mnl_nlmsg_put_extra_header (message, sizeof (struct ifinfomsg));
      mnl_attr_put_u32 (message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }
  else
    mnl_nlmsg_put_extra_header (message, dump->type == RTM_GETADDR ? sizeof (struct ifaddrmsg)
                                                                   : sizeof (struct fib_rule_hdr));
  g_assert_cmpint (mnl_socket_sendto (nl, message, message->nlmsg_len), >, 0);
}

/* Reads to the end of the dump, looking at message types only. */
static void
run_dumps (gpointer data)
{
  static char        buffer[32768];
  struct mnl_socket *nl = mnl_socket_open (NETLINK_ROUTE);
  int                on = 1;

  mnl_socket_setsockopt (nl, NETLINK_GET_STRICT_CHK, &on, sizeof on);
  for (const Dump *dump = data; dump->type != 0; dump++)
    {
      gboolean is_done = FALSE;

      send_dump (nl, dump);
      while (!is_done)
        {
          int n = (int) mnl_socket_recvfrom (nl, buffer, sizeof buffer);

          g_assert_cmpint (n, >, 0);
          for (struct nlmsghdr *message = (void *) buffer; mnl_nlmsg_ok (message, n);
               message = mnl_nlmsg_next (message, &n))
            is_done = is_done || message->nlmsg_type == NLMSG_DONE;
        }
    }
  mnl_socket_close (nl);
}

static void
run_listing (gpointer data)
{
  AionetAddressBackend *backend = data;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) links = NULL;

  aionet_address_backend_list_links_async (backend, 0, NULL, keep_result, &result);
  wait_for (&result);
  links = aionet_address_backend_list_links_finish (backend, result, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (links), ==, 2 * N_PAIRS + 1);
}

static void
run_getifaddrs (gpointer data)
{
  struct ifaddrs *entries = NULL;

  g_assert_cmpint (getifaddrs (&entries), ==, 0);
  freeifaddrs (entries);
}

static void
make_host (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < N_PAIRS; i++)
    g_string_append_printf (lines, "link add a%u type veth peer name b%u\n", i, i);
  for (guint i = 0; i < 2 * N_PAIRS; i++)
    {
      const char side = i % 2 == 0 ? 'a' : 'b';

      g_string_append_printf (lines, "link set %c%u addrgenmode none\n", side, i / 2);
      g_string_append_printf (lines, "link set %c%u up\n", side, i / 2);
      for (guint j = 0; j < 3; j++)
        g_string_append_printf (lines,
                                "addr add 10.%u.%u.%u/24 dev %c%u\n"
                                "addr add 2001:db8:%x:%x::1/64 dev %c%u nodad\n",
                                i / 250, i % 250, j + 1, side, i / 2, i, j, side, i / 2);
    }
  netns_run_batch (lines->str);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *time_a = a;
  const gint64 *time_b = b;

  return *time_a < *time_b ? -1 : *time_a > *time_b;
}

static void
measure (void)
{
  g_autoptr (AionetAddressBackend) netlink = g_object_new (AIONET_TYPE_NETLINK_BACKEND, NULL);
  g_autoptr (AionetAddressBackend) posix = g_object_new (AIONET_TYPE_GETIFADDRS_BACKEND, NULL);
  const struct
  {
    const char *name;
    Run         run;
    gpointer    data;
  } rows[] = {
    { "bare dump of links and addresses", run_dumps, (gpointer) links_and_addresses },
    { "bare dump of all that a listing asks", run_dumps, (gpointer) everything },
    { "netlink: list_links", run_listing, netlink },
    { "getifaddrs ()", run_getifaddrs, NULL },
    { "getifaddrs: list_links", run_listing, posix },
  };
  gint64 times[G_N_ELEMENTS (rows)][N_ROUNDS];

  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
      {
        const gint64 before = g_get_monotonic_time ();

        rows[i].run (rows[i].data);
        times[i][round] = g_get_monotonic_time () - before;
      }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      qsort (times[i], N_ROUNDS, sizeof times[i][0], compare_times);
      g_print (CASE "\t%s\tms\t%.3f\t%.3f\n", rows[i].name, (double) times[i][N_ROUNDS / 2] / 1000,
               (double) times[i][N_ROUNDS / 2] / (double) times[0][N_ROUNDS / 2]);
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *reason = NULL;

  if (!netns_enter (&reason))
    {
      g_print ("skipped: %s\n", reason);
      return 77;
    }
  make_host ();
  measure ();
  return 0;
}
