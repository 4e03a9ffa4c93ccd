/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-netlink-dump.h"

#include "aionet-netlink-decode.h"
#include "aionet-netlink-socket.h"

#include <errno.h>
#include <glib-unix.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One listing is a row of dumps on one socket, one after the other: links, addresses and rules,
 * then for each family the local table and each table that a rule names. The kernel answers a
 * request while it is sent and fills the next buffer while one is read, so a small host is read in
 * one dispatch; a large one gives the main context back after each batch.
 *
 * A table that changes while it is dumped comes with NLM_F_DUMP_INTR; then all of it is read anew,
 * on a new socket, since the parts have to fit together. A host that never keeps still is accepted
 * after TRIES as it was seen last: the change that interrupted is also an event, so who watches
 * will list again. Loss and broken framing use up tries in the same way but end in an error. */

#define TRIES 6
#define BATCH 64
/* With more tables than this one dump of all of them is cheaper. */
#define TABLES_MAX 8

typedef struct
{
  guint16 type;
  guint8  family;
  guint8  route_type;
  guint32 table; /* 0: all */
} Step;

typedef struct
{
  AionetNetlinkSocket *socket; /* (owned) (nullable) */
  AionetNetlinkTables *tables; /* (owned) (nullable): NULL once returned */
  GSource             *source; /* (owned) (nullable) */
  GArray              *steps;  /* (element-type Step) */
  guint                position;
  guint                tries;
  guint32              sequence;
  gboolean             is_interrupted;
} Dump;

static void
dump_stop (Dump *self)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_clear_pointer (&self->source, g_source_unref);
    }
  g_clear_pointer (&self->socket, aionet_netlink_socket_free);
}

static void
dump_free (Dump *self)
{
  dump_stop (self);
  g_clear_pointer (&self->tables, aionet_netlink_tables_free);
  g_array_unref (self->steps);
  g_free (self);
}

static void
add_step (Dump *self, guint16 type, guint8 family, guint8 route_type, guint32 table)
{
  const Step step = { type, family, route_type, table };

  g_array_append_val (self->steps, step);
}

static gboolean
has_route_step (Dump *self, guint8 family, guint32 table)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);

      if (step->type == RTM_GETROUTE && step->family == family && step->table == table)
        return TRUE;
    }
  return FALSE;
}

/* The tables are known only once the rules are. */
static void
add_route_steps (Dump *self, guint8 family)
{
  const guint n_before = self->steps->len;

  if (!aionet_netlink_socket_is_strict (self->socket))
    {
      add_step (self, RTM_GETROUTE, family, RTN_UNSPEC, RT_TABLE_UNSPEC);
      return;
    }

  add_step (self, RTM_GETROUTE, family, RTN_LOCAL, RT_TABLE_LOCAL);
  if (!self->tables->has_rules[family == AF_INET6])
    add_step (self, RTM_GETROUTE, family, RTN_UNICAST, RT_TABLE_MAIN);
  for (guint i = 0; i < self->tables->rules->len; i++)
    {
      const AionetNetlinkRule *rule = &g_array_index (self->tables->rules, AionetNetlinkRule, i);

      if (rule->family == family && !has_route_step (self, family, rule->table))
        add_step (self, RTM_GETROUTE, family, RTN_UNICAST, rule->table);
    }
  if (self->steps->len - n_before > TABLES_MAX)
    {
      g_array_set_size (self->steps, n_before + 1);
      add_step (self, RTM_GETROUTE, family, RTN_UNICAST, RT_TABLE_UNSPEC);
    }
}

static void
fill_request (struct nlmsghdr *message, const Step *step)
{
  message->nlmsg_type = step->type;
  message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  if (step->type == RTM_GETLINK)
    {
      mnl_nlmsg_put_extra_header (message, sizeof (struct ifinfomsg));
      mnl_attr_put_u32 (message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }
  else if (step->type == RTM_GETADDR)
    mnl_nlmsg_put_extra_header (message, sizeof (struct ifaddrmsg));
  else if (step->type == RTM_GETRULE)
    mnl_nlmsg_put_extra_header (message, sizeof (struct fib_rule_hdr));
  else
    {
      struct rtmsg *route = mnl_nlmsg_put_extra_header (message, sizeof *route);

      route->rtm_family = step->family;
      route->rtm_type = step->route_type;
      if (step->table != RT_TABLE_UNSPEC)
        {
          route->rtm_table = step->table < 256 ? step->table : RT_TABLE_UNSPEC;
          mnl_attr_put_u32 (message, RTA_TABLE, step->table);
        }
    }
}

static gboolean
send_step (Dump *self, GError **error)
{
  char             buffer[256] = { 0 };
  struct nlmsghdr *message = mnl_nlmsg_put_header (buffer);

  fill_request (message, &g_array_index (self->steps, Step, self->position));
  message->nlmsg_seq = ++self->sequence;
  return aionet_netlink_socket_send (self->socket, message, error);
}

static gboolean on_readable (int fd, GIOCondition condition, gpointer user_data);

static gboolean
ignore_cancellable (GCancellable *cancellable, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
attach_source (Dump *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->source =
      g_unix_fd_source_new (aionet_netlink_socket_get_fd (self->socket), G_IO_IN | G_IO_ERR);
  g_source_set_static_name (self->source, "[aionet] netlink dump");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), g_object_ref (task),
                         g_object_unref);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_callback (cancelled, G_SOURCE_FUNC (ignore_cancellable), NULL, NULL);
      g_source_add_child_source (self->source, cancelled);
    }
  g_source_attach (self->source, g_task_get_context (task));
}

static gboolean
start_try (Dump *self, GTask *task, GError **error)
{
  dump_stop (self);
  self->tries++;
  self->position = 0;
  self->is_interrupted = FALSE;
  aionet_netlink_tables_clear (self->tables);
  g_array_set_size (self->steps, 0);
  add_step (self, RTM_GETLINK, AF_UNSPEC, 0, 0);
  add_step (self, RTM_GETADDR, AF_UNSPEC, 0, 0);
  add_step (self, RTM_GETRULE, AF_UNSPEC, 0, 0);

  self->socket = aionet_netlink_socket_new (0, error);
  if (self->socket == NULL || !send_step (self, error))
    return FALSE;
  attach_source (self, task);
  return TRUE;
}

/* Reading sysfs is reading memory. The index guards against another namespace's sysfs. */
static gboolean
is_wireless (const AionetNetlinkLink *link)
{
  g_autofree char *path = g_strdup_printf ("/sys/class/net/%s/phy80211", link->name);
  g_autofree char *index_path = g_strdup_printf ("/sys/class/net/%s/ifindex", link->name);
  g_autofree char *text = NULL;

  return access (path, F_OK) == 0 && g_file_get_contents (index_path, &text, NULL, NULL) &&
         g_ascii_strtoull (text, NULL, 10) == link->index;
}

static void
mark_wireless (AionetNetlinkTables *tables)
{
  for (guint i = 0; i < tables->links->len; i++)
    {
      AionetNetlinkLink *link = &g_array_index (tables->links, AionetNetlinkLink, i);

      if (link->hardware_type == ARPHRD_ETHER && link->kind[0] == '\0')
        link->is_wireless = is_wireless (link);
    }
}

static void
finish (Dump *self, GTask *task)
{
  if (self->is_interrupted)
    g_debug ("The tables changed during each of %u dumps; taking the last", self->tries);
  if (self->tables->n_malformed > 0)
    g_debug ("Refused %u of %u messages as malformed", self->tables->n_malformed,
             self->tables->n_messages);
  mark_wireless (self->tables);
  dump_stop (self);
  g_task_return_pointer (task, g_steal_pointer (&self->tables),
                         (GDestroyNotify) aionet_netlink_tables_free);
}

static void
fail (Dump *self, GTask *task, GError *error)
{
  dump_stop (self);
  g_task_return_error (task, error);
}

static void
try_again (Dump *self, GTask *task, const char *why)
{
  GError *error = NULL;

  g_debug ("Dump %u has to be repeated: %s", self->tries, why);
  if (self->tries >= TRIES)
    fail (self, task,
          g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "rtnetlink: %s, %u times", why, TRIES));
  else if (!start_try (self, task, &error))
    fail (self, task, error);
}

/* What a kernel without a family, without policy routing or without that table says. */
static gboolean
is_tolerable (const Step *step, int number)
{
  if (step->type != RTM_GETROUTE && step->type != RTM_GETRULE)
    return FALSE;
  return number == ENOENT || number == EOPNOTSUPP || number == EAFNOSUPPORT;
}

static void
end_step (Dump *self, GTask *task, const struct nlmsghdr *message)
{
  const Step      *step = &g_array_index (self->steps, Step, self->position);
  g_autofree char *text = NULL;
  const int        number = aionet_netlink_message_get_error (message, &text);
  GError          *error = NULL;

  if (number != 0 && !is_tolerable (step, number))
    {
      fail (self, task,
            g_error_new (G_IO_ERROR, g_io_error_from_errno (number),
                         "rtnetlink: dump of type %u failed: %s%s%s", step->type,
                         g_strerror (number), text != NULL ? ": " : "", text != NULL ? text : ""));
      return;
    }
  if (self->is_interrupted && self->tries < TRIES)
    {
      try_again (self, task, "the table changed during the dump");
      return;
    }

  if (step->type == RTM_GETRULE)
    {
      add_route_steps (self, AF_INET);
      add_route_steps (self, AF_INET6);
    }
  self->position++;
  if (self->position == self->steps->len)
    finish (self, task);
  else if (!send_step (self, &error))
    fail (self, task, error);
}

/* FALSE: the bytes are of no more use, since the step or the whole dump ended. */
static gboolean
process_message (Dump *self, GTask *task, const struct nlmsghdr *message)
{
  const Step *step = &g_array_index (self->steps, Step, self->position);

  if (message->nlmsg_seq != self->sequence ||
      message->nlmsg_pid != aionet_netlink_socket_get_port_id (self->socket))
    return TRUE;
  if (message->nlmsg_flags & NLM_F_DUMP_INTR)
    self->is_interrupted = TRUE;

  switch (message->nlmsg_type)
    {
    case NLMSG_DONE:
    case NLMSG_ERROR:
      end_step (self, task, message);
      return FALSE;
    case NLMSG_OVERRUN:
      try_again (self, task, "data were lost");
      return FALSE;
    case NLMSG_NOOP:
      return TRUE;
    default:
      aionet_netlink_tables_add_message (self->tables, message, step->family);
      return TRUE;
    }
}

static void
process_bytes (Dump *self, GTask *task, AionetNetlinkBytes bytes)
{
  const struct nlmsghdr *message = NULL;

  while ((message = aionet_netlink_bytes_next_message (&bytes)) != NULL)
    if (!process_message (self, task, message))
      return;
  if (bytes.size > 0)
    try_again (self, task, "an answer was malformed");
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  /* A new try replaces the source, and with it the reference it holds. */
  g_autoptr (GTask) task = g_object_ref (user_data);
  Dump *self = g_task_get_task_data (task);
  g_autoptr (GSource) source = g_source_ref (self->source);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    {
      fail (self, task, error);
      return G_SOURCE_REMOVE;
    }

  for (guint i = 0; i < BATCH && self->source == source; i++)
    {
      AionetNetlinkBytes bytes = { NULL, 0 };

      switch (aionet_netlink_socket_receive (self->socket, &bytes, &error))
        {
        case AIONET_NETLINK_RECEIVED_BYTES:
          process_bytes (self, task, bytes);
          break;
        case AIONET_NETLINK_RECEIVED_LOSS:
          try_again (self, task, "an answer was lost");
          break;
        case AIONET_NETLINK_RECEIVED_ERROR:
          fail (self, task, error);
          break;
        case AIONET_NETLINK_RECEIVED_NOTHING:
        default:
          return G_SOURCE_CONTINUE;
        }
    }
  return self->source == source ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
aionet_netlink_dump_async (GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Dump   *self = g_new0 (Dump, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, aionet_netlink_dump_async);
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  self->tables = aionet_netlink_tables_new ();
  g_task_set_task_data (task, self, (GDestroyNotify) dump_free);
  if (!start_try (self, task, &error))
    fail (self, task, error);
}

AionetNetlinkTables *
aionet_netlink_dump_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
