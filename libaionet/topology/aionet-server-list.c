/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-server-list-private.h"

#include "aionet-resources.h"
#include "value/aionet-error.h"
#include "value/aionet-json-private.h"
#include "value/aionet-quote-private.h"

/* Where the STUN servers of a host come from. Whoever configures a list gets exactly that list or
 * an error: falling back to the public servers would send packets where the user did not want
 * them. */

#define SERVERS_RESOURCE "/org/aionet/stun-servers.json"

void
_aionet_server_free (AionetServer *self)
{
  g_clear_object (&self->target);
  g_free (self->operator_name);
  g_free (self);
}

static AionetServer *
server_new (const char *text, GError **error)
{
  AionetServer *self;
  g_autoptr (AionetTarget) target = NULL;

  target = aionet_target_new_from_string (text, AIONET_STUN_DEFAULT_PORT, error);
  if (target == NULL)
    return NULL;
  self = g_new0 (AionetServer, 1);
  self->target = g_steal_pointer (&target);
  self->udp = self->tcp = self->ipv4 = self->ipv6 = TRUE;
  return self;
}

static gboolean
server_list_add (GPtrArray *list, AionetServer *server, GError **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      AionetServer *known = list->pdata[i];

      /* Twice the same would have two tries, but must not look like two servers. */
      if (aionet_target_equal (known->target, server->target))
        {
          _aionet_server_free (server);
          return TRUE;
        }
    }
  g_ptr_array_add (list, server);
  if (list->len <= AIONET_SERVER_LIST_MAX)
    return TRUE;
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS,
               "More than %d STUN servers are configured", AIONET_SERVER_LIST_MAX);
  return FALSE;
}

static GPtrArray *
server_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) _aionet_server_free);
}

GPtrArray *
_aionet_server_list_new_from_strv (const char *const *servers, GError **error)
{
  g_autoptr (GPtrArray) list = server_list_new ();

  for (gsize i = 0; servers[i] != NULL; i++)
    {
      g_autofree char *entry = g_strstrip (g_strdup (servers[i]));
      AionetServer    *server = server_new (entry, error);

      if (server == NULL)
        {
          g_autofree char *quoted = _aionet_quote (entry);

          g_prefix_error (error, "STUN server %s: ", quoted);
          return NULL;
        }
      if (!server_list_add (list, server, error))
        return NULL;
    }
  if (list->len == 0)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS,
                           "The list of STUN servers is empty");
      return NULL;
    }
  return g_steal_pointer (&list);
}

static gboolean
read_traits (JsonObject *object, AionetServer *server, GError **error)
{
  const char *operator_name = NULL;

  if (!_aionet_json_read_string (object, "operator", &operator_name, error) ||
      !_aionet_json_read_boolean (object, "udp", &server->udp, error) ||
      !_aionet_json_read_boolean (object, "tcp", &server->tcp, error) ||
      !_aionet_json_read_boolean (object, "ipv4", &server->ipv4, error) ||
      !_aionet_json_read_boolean (object, "ipv6", &server->ipv6, error))
    return FALSE;
  server->operator_name = g_strdup (operator_name);
  return TRUE;
}

static AionetServer *
server_new_from_json (JsonNode *node, GError **error)
{
  g_autoptr (AionetServer) server = NULL;
  g_autoptr (GError) local_error = NULL;
  const char *text = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "not an object");
      return NULL;
    }
  if (!_aionet_json_read_string (json_node_get_object (node), "server", &text, error))
    return NULL;
  if (text == NULL)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                           "member “server” is missing");
      return NULL;
    }
  server = server_new (text, &local_error);
  if (server == NULL)
    {
      g_autofree char *quoted = _aionet_quote (text);

      g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, "%s: %s", quoted,
                   local_error->message);
      return NULL;
    }
  if (!read_traits (json_node_get_object (node), server, error))
    return NULL;
  return g_steal_pointer (&server);
}

static GPtrArray *
server_list_from_array (JsonArray *array, GError **error)
{
  g_autoptr (GPtrArray) list = server_list_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      AionetServer *server = server_new_from_json (json_array_get_element (array, i), error);

      if (server == NULL)
        {
          g_prefix_error (error, "servers[%u]: ", i);
          return NULL;
        }
      if (!server_list_add (list, server, error))
        return NULL;
    }
  if (list->len == 0)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                           "“servers” names no server");
      return NULL;
    }
  return g_steal_pointer (&list);
}

GPtrArray *
_aionet_server_list_new_from_json (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonNode) node = _aionet_json_parse (text, length, error);
  JsonArray *array = NULL;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                           "The list of STUN servers is not an object");
      return NULL;
    }
  if (!_aionet_json_read_array (json_node_get_object (node), "servers", &array, error))
    return NULL;
  if (array == NULL)
    {
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON,
                           "member “servers” is missing");
      return NULL;
    }
  return server_list_from_array (array, error);
}

GPtrArray *
_aionet_server_list_new_built_in (GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  bytes = g_resource_lookup_data (_aionet_get_resource (), SERVERS_RESOURCE,
                                  G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (bytes == NULL)
    return NULL;
  return _aionet_server_list_new_from_json (g_bytes_get_data (bytes, NULL),
                                            g_bytes_get_size (bytes), error);
}

/* NULL without error: the user has no such file. */
static GPtrArray *
server_list_from_user (GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize            length;
  GPtrArray       *list;
  g_autoptr (GError) local_error = NULL;

  path = g_build_filename (g_get_user_config_dir (), "aionet", "stun-servers.json", NULL);
  if (!g_file_get_contents (path, &text, &length, &local_error))
    {
      if (!g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
          !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
        g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  list = _aionet_server_list_new_from_json (text, (gssize) length, error);
  if (list == NULL)
    g_prefix_error (error, "%s: ", path);
  return list;
}

GPtrArray *
_aionet_server_list_new_configured (AionetStunProvider *provider, GError **error)
{
  g_auto (GStrv) own = NULL;
  const char *text = g_getenv ("AIONET_STUN_SERVERS");
  GPtrArray  *list;
  g_autoptr (GError) local_error = NULL;

  /* Set but empty counts as not set, as with most variables. */
  if (text != NULL && *text != '\0')
    {
      g_auto (GStrv) entries = g_strsplit (text, ",", -1);

      list = _aionet_server_list_new_from_strv ((const char *const *) entries, error);
      if (list == NULL)
        g_prefix_error (error, "AIONET_STUN_SERVERS: ");
      return list;
    }
  own = provider != NULL ? aionet_stun_provider_dup_servers (provider) : NULL;
  if (own != NULL)
    return _aionet_server_list_new_from_strv ((const char *const *) own, error);
  list = server_list_from_user (&local_error);
  if (list != NULL)
    return list;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return _aionet_server_list_new_built_in (error);
}

char **
_aionet_server_list_to_strv (GPtrArray *servers)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < servers->len; i++)
    {
      AionetServer    *server = servers->pdata[i];
      g_autofree char *text = aionet_target_to_string (server->target);

      g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}
