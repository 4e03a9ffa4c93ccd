/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-verdict.h"

static guint32
get_scope_id (GInetSocketAddress *endpoint)
{
  GSocketFamily family = g_socket_address_get_family (G_SOCKET_ADDRESS (endpoint));

  return family == G_SOCKET_FAMILY_IPV6 ? g_inet_socket_address_get_scope_id (endpoint) : 0;
}

static gboolean
address_equal (GInetSocketAddress *one, GInetSocketAddress *other)
{
  guint32 one_scope = get_scope_id (one);
  guint32 other_scope = get_scope_id (other);

  return g_inet_address_equal (g_inet_socket_address_get_address (one),
                               g_inet_socket_address_get_address (other)) &&
         (one_scope == other_scope || one_scope == 0 || other_scope == 0);
}

gboolean
aionet_nice_endpoint_equal (GInetSocketAddress *one, GInetSocketAddress *other)
{
  return g_inet_socket_address_get_port (one) == g_inet_socket_address_get_port (other) &&
         address_equal (one, other);
}

AionetNiceSender
aionet_nice_judge_sender (GInetSocketAddress *server,
                          GInetSocketAddress *sender,
                          AionetStunChange    change)
{
  gboolean same_address = address_equal (server, sender);
  gboolean same_port =
      g_inet_socket_address_get_port (server) == g_inet_socket_address_get_port (sender);

  if (change == AIONET_STUN_CHANGE_NONE)
    return same_address && same_port ? AIONET_NICE_SENDER_EXPECTED : AIONET_NICE_SENDER_FOREIGN;
  if (same_address && same_port)
    return AIONET_NICE_SENDER_UNCHANGED;
  if (same_address == ((change & AIONET_STUN_CHANGE_IP) == 0) &&
      same_port == ((change & AIONET_STUN_CHANGE_PORT) == 0))
    return AIONET_NICE_SENDER_EXPECTED;
  return AIONET_NICE_SENDER_FOREIGN;
}

char *
aionet_nice_server_to_string (GInetSocketAddress *server)
{
  g_autofree char *endpoint = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (server));

  return g_strdup_printf ("STUN server %s", endpoint);
}

GError *
aionet_nice_error_new (GInetSocketAddress *server, const GError *cause)
{
  g_autofree char *endpoint = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (server));
  GError          *error = g_error_copy (cause);

  if (g_str_has_prefix (cause->message, endpoint))
    g_prefix_error (&error, "STUN server ");
  else
    g_prefix_error (&error, "STUN server %s: ", endpoint);
  return error;
}

static void
set_error_answer (GInetSocketAddress *server, const AionetNiceAnswer *answer, GError **error)
{
  g_autofree char *name = aionet_nice_server_to_string (server);
  g_autofree char *alternate = NULL;

  if (answer->alternate_server != NULL)
    alternate = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (answer->alternate_server));
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_STUN_FAILED, "%s answered with error %u%s%s%s%s",
               name, answer->error_code, answer->reason != NULL ? ", " : "",
               answer->reason != NULL ? answer->reason : "",
               alternate != NULL ? "; it names another server, " : "",
               alternate != NULL ? alternate : "");
}

AionetMapping *
aionet_nice_mapping_new (AionetStunRequest      *request,
                         const AionetNiceAnswer *answer,
                         GInetSocketAddress     *local,
                         GInetSocketAddress     *sender,
                         gint64                  round_trip_us,
                         guint                   n_sent,
                         GError                **error)
{
  GInetSocketAddress *server = aionet_stun_request_get_server (request);

  if (answer->is_error)
    {
      set_error_answer (server, answer, error);
      return NULL;
    }
  return g_object_new (AIONET_TYPE_MAPPING, "protocol", aionet_stun_request_get_protocol (request),
                       "server", server, "local", local, "external", answer->mapped, "origin",
                       sender != NULL ? sender : answer->origin, "other-address",
                       answer->other_address, "software", answer->software, "round-trip-us",
                       round_trip_us, "n-sent", n_sent, NULL);
}
