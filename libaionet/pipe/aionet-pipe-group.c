/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-pipe-options-private.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "topology/aionet-interface.h"
#include "value/aionet-error.h"

/* Multicast groups (RFC 1112, RFC 3678, RFC 3493). */

typedef struct
{
  GInetAddress *group;  /* (owned) */
  GInetAddress *source; /* (owned) (nullable) any */
} Membership;

static void
membership_free (Membership *self)
{
  g_object_unref (self->group);
  g_clear_object (&self->source);
  g_free (self);
}

static gboolean
is_same_address (GInetAddress *a, GInetAddress *b)
{
  return a == b || (a != NULL && b != NULL && g_inet_address_equal (a, b));
}

static const char *
get_interface_name (AionetPipe *self)
{
  AionetInterface *interface =
      self->route != NULL ? aionet_route_get_interface (self->route) : NULL;

  return interface != NULL ? aionet_interface_get_name (interface) : NULL;
}

/* What is sent to the group takes the same way. */
static gboolean
send_over_interface (AionetPipe *self, GInetAddress *group, const char *name, GError **error)
{
  int             index = (int) if_nametoindex (name);
  struct ip_mreqn request = { .imr_ifindex = index };
  gboolean        is_v6 = g_inet_address_get_family (group) == G_SOCKET_FAMILY_IPV6;
  int status = is_v6 ? setsockopt (self->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index)
                     : setsockopt (self->fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request);
  int code = errno;

  if (status == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "Cannot send multicast over “%s”: %s", name, g_strerror (code));
  return FALSE;
}

static gboolean
join (AionetPipe *self, GInetAddress *group, GInetAddress *source, GError **error)
{
  const char *name = get_interface_name (self);

  if (source != NULL)
    {
      if (!g_socket_join_multicast_group_ssm (self->socket, group, source, name, error))
        return FALSE;
    }
  else if (!g_socket_join_multicast_group (self->socket, group, FALSE, name, error))
    return FALSE;
  return name == NULL || send_over_interface (self, group, name, error);
}

static gboolean
leave (AionetPipe *self, GInetAddress *group, GInetAddress *source, GError **error)
{
  const char *name = get_interface_name (self);

  if (source != NULL)
    return g_socket_leave_multicast_group_ssm (self->socket, group, source, name, error);
  return g_socket_leave_multicast_group (self->socket, group, FALSE, name, error);
}

gboolean
_aionet_pipe_join_groups (AionetPipe *self, GError **error)
{
  g_autoptr (GPtrArray) groups =
      self->options != NULL ? g_steal_pointer (&self->options->groups) : NULL;

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      Membership *membership = groups->pdata[i];

      if (!join (self, membership->group, membership->source, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_waiting (AionetPipe *self, GInetAddress *group, GInetAddress *source, guint *index)
{
  GPtrArray *groups = self->options != NULL ? self->options->groups : NULL;

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      Membership *membership = groups->pdata[i];

      if (is_same_address (membership->group, group) &&
          is_same_address (membership->source, source))
        {
          *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
join_later (AionetPipe *self, GInetAddress *group, GInetAddress *source, GError **error)
{
  AionetPipeOptions *options = _aionet_pipe_ensure_options (self);
  Membership        *membership;
  guint              index;

  if (find_waiting (self, group, source, &index))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                           "The pipe is a member of the group already");
      return FALSE;
    }
  membership = g_new0 (Membership, 1);
  membership->group = g_object_ref (group);
  g_set_object (&membership->source, source);
  if (options->groups == NULL)
    options->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) membership_free);
  g_ptr_array_add (options->groups, membership);
  return TRUE;
}

static gboolean
leave_early (AionetPipe *self, GInetAddress *group, GInetAddress *source, GError **error)
{
  guint index;

  if (find_waiting (self, group, source, &index))
    {
      g_ptr_array_remove_index (self->options->groups, index);
      return TRUE;
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "The pipe is not a member of the group");
  return FALSE;
}

static gboolean
check (AionetPipe *self, GInetAddress *group, GInetAddress *source, GError **error)
{
  g_autofree char *text = NULL;

  if (self->protocol != G_SOCKET_PROTOCOL_UDP)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Only UDP knows groups");
  else if (self->state == AIONET_PIPE_CLOSED)
    g_propagate_error (error, _aionet_pipe_new_closed_error (NULL));
  else if (!g_inet_address_get_is_multicast (group))
    {
      text = g_inet_address_to_string (group);
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS, "%s is not a multicast group",
                   text);
    }
  else if (source != NULL &&
           g_inet_address_get_family (source) != g_inet_address_get_family (group))
    g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY,
                         "The source is not of the family of the group");
  else
    return TRUE;
  return FALSE;
}

/**
 * aionet_pipe_join_group:
 * @self: a UDP pipe
 * @group: (transfer none): a multicast address
 * @source: (transfer none) (nullable): the only sender to listen to (RFC 4607), or %NULL for any
 * @error: return location for an error
 *
 * Joins a multicast group on the interface of the route, or without a route on the one the system
 * chooses. What the pipe sends to groups then leaves through that interface.
 *
 * A pipe that is not open yet joins when it is opened, which fails if it cannot. To receive from a
 * group the pipe has to be bound to any address (`*`) or to the group, and to the port that is sent
 * to; set [property@Pipe:reuse-address] if others on this host listen there, too.
 *
 * Errors: %G_IO_ERROR_NOT_SUPPORTED for TCP, %AIONET_ERROR_INVALID_ADDRESS if @group is none,
 * %AIONET_ERROR_UNSUPPORTED_FAMILY if @source is not of its family, %AIONET_ERROR_CLOSED, and
 * `G_IO_ERROR` codes of the system, such as %G_IO_ERROR_ADDRESS_IN_USE for a member already.
 *
 * Returns: %TRUE if the pipe is a member or will be, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_join_group (AionetPipe *self, GInetAddress *group, GInetAddress *source, GError **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (group), FALSE);
  g_return_val_if_fail (source == NULL || G_IS_INET_ADDRESS (source), FALSE);

  if (!check (self, group, source, error))
    return FALSE;
  return self->state == AIONET_PIPE_OPEN ? join (self, group, source, error)
                                         : join_later (self, group, source, error);
}

/**
 * aionet_pipe_leave_group:
 * @self: a UDP pipe
 * @group: (transfer none): a multicast address
 * @source: (transfer none) (nullable): what [method@Pipe.join_group] was given
 * @error: return location for an error
 *
 * Leaves a multicast group; closing the pipe does so, too.
 *
 * Errors: those of [method@Pipe.join_group]; `G_IO_ERROR` codes if the pipe is no member.
 *
 * Returns: %TRUE if the pipe was a member, %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
aionet_pipe_leave_group (AionetPipe   *self,
                         GInetAddress *group,
                         GInetAddress *source,
                         GError      **error)
{
  g_return_val_if_fail (AIONET_IS_PIPE (self), FALSE);
  g_return_val_if_fail (G_IS_INET_ADDRESS (group), FALSE);
  g_return_val_if_fail (source == NULL || G_IS_INET_ADDRESS (source), FALSE);

  if (!check (self, group, source, error))
    return FALSE;
  return self->state == AIONET_PIPE_OPEN ? leave (self, group, source, error)
                                         : leave_early (self, group, source, error);
}
