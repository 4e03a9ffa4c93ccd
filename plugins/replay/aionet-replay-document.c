/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-document.h"

#include "aionet-replay-link.h"
#include "aionet-replay-reader.h"
#include "aionet-replay-shape.h"

#include <string.h>

#define STUN_PORT 3478

struct _AionetReplayDocument
{
  GListStore *links;    /* (owned) (element-type AionetLink) */
  GPtrArray  *mappings; /* (owned) (element-type AionetReplayMapping) */
  GPtrArray  *servers;  /* (owned) (element-type utf8) ended by NULL */
};

typedef struct
{
  AionetReplayDocument *document;
  GHashTable           *names;   /* (element-type utf8) */
  GHashTable           *indexes; /* (element-type guint) */
} Reading;

static const char *const document_members[] = { "links", "stun_servers", "mappings", NULL };
static const char *const mapping_members[] = { "local",    "external", "server", "port",
                                               "protocol", "rtt_ms",   "fail",   NULL };

static void
mapping_free (gpointer data)
{
  AionetReplayMapping *self = data;

  g_clear_object (&self->local);
  g_clear_object (&self->external);
  g_clear_object (&self->server);
  g_free (self->failure);
  g_free (self);
}

static void
document_clear (gpointer data)
{
  AionetReplayDocument *self = data;

  g_object_unref (self->links);
  g_ptr_array_unref (self->mappings);
  g_ptr_array_unref (self->servers);
}

static gboolean
add_link (JsonNode *node, const char *path, gpointer user_data, GError **error)
{
  Reading           *reading = user_data;
  AionetReplayReader reader = { NULL, path };
  const guint        n = g_list_model_get_n_items (G_LIST_MODEL (reading->document->links));
  g_autoptr (AionetLink) link = aionet_replay_link_read (node, path, n + 1, error);

  if (link == NULL)
    return FALSE;
  if (!g_hash_table_add (reading->names, (gpointer) aionet_link_get_name (link)))
    return aionet_replay_reader_refuse (&reader, "name", "is that of another link", error);
  g_list_store_append (reading->document->links, link);
  if (!g_hash_table_add (reading->indexes, GUINT_TO_POINTER (aionet_link_get_index (link))))
    return aionet_replay_reader_refuse (&reader, "index", "is that of another link", error);
  return TRUE;
}

static gboolean
is_of_family (GInetAddress *address, GInetAddress *other)
{
  return address == NULL ||
         g_inet_address_get_family (address) == g_inet_address_get_family (other);
}

/* Names would have to be looked up, which a replay does not. */
static gboolean
add_server (JsonNode *node, const char *path, gpointer user_data, GError **error)
{
  Reading           *reading = user_data;
  AionetReplayReader reader = { NULL, "" };
  g_autoptr (AionetTarget) target = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    target = aionet_target_new_from_string (json_node_get_string (node), STUN_PORT, NULL);
  if (target == NULL || aionet_target_get_address (target) == NULL)
    return aionet_replay_reader_refuse (&reader, path, "is no address with a port", error);
  g_ptr_array_insert (reading->document->servers, (int) reading->document->servers->len - 1,
                      aionet_target_to_string (target));
  return TRUE;
}

static gboolean
read_protocol (AionetReplayReader *reader, GSocketProtocol *protocol, GError **error)
{
  const char *text = NULL;

  if (!aionet_replay_reader_get_string (reader, "protocol", FALSE, &text, error))
    return FALSE;
  if (text != NULL && strcmp (text, "udp") != 0 && strcmp (text, "tcp") != 0)
    return aionet_replay_reader_refuse (reader, "protocol", "is neither udp nor tcp", error);
  *protocol = text == NULL           ? G_SOCKET_PROTOCOL_DEFAULT
              : strcmp (text, "udp") ? G_SOCKET_PROTOCOL_TCP
                                     : G_SOCKET_PROTOCOL_UDP;
  return TRUE;
}

static gboolean
add_mapping (JsonNode *node, const char *path, gpointer user_data, GError **error)
{
  Reading             *reading = user_data;
  AionetReplayReader   reader = { NULL, NULL };
  AionetReplayMapping *mapping = g_new0 (AionetReplayMapping, 1);
  const char          *failure = NULL;

  g_ptr_array_add (reading->document->mappings, mapping);
  if (!aionet_replay_reader_open (&reader, node, path, mapping_members, error) ||
      !aionet_replay_reader_get_address (&reader, "local", TRUE, &mapping->local, error) ||
      !aionet_replay_reader_get_address (&reader, "server", FALSE, &mapping->server, error) ||
      !aionet_replay_reader_get_uint (&reader, "port", 1, G_MAXUINT16, &mapping->port, error) ||
      !read_protocol (&reader, &mapping->protocol, error) ||
      !aionet_replay_reader_get_uint (&reader, "rtt_ms", 0, 3600000, &mapping->rtt_ms, error) ||
      !aionet_replay_reader_get_string (&reader, "fail", FALSE, &failure, error) ||
      !aionet_replay_reader_get_address (&reader, "external", failure == NULL, &mapping->external,
                                         error))
    return FALSE;

  mapping->failure = g_strdup (failure);
  if (failure != NULL && mapping->external != NULL)
    return aionet_replay_reader_refuse (&reader, "fail", "contradicts external", error);
  if (!is_of_family (mapping->external, mapping->local) ||
      !is_of_family (mapping->server, mapping->local))
    return aionet_replay_reader_refuse (&reader, "local",
                                        "is of another family than external or server", error);
  return TRUE;
}

static JsonNode *
parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;
  g_autofree char *message = NULL;

  if (!aionet_replay_shape_check (text, length, error))
    return NULL;
  if (!json_parser_load_from_data (parser, text, (gssize) length, &parse_error))
    {
      /* json-glib may cut what it quotes in the middle of a character. */
      message = g_utf8_make_valid (parse_error->message, -1);
      g_set_error_literal (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON, message);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

static gboolean
read_document (AionetReplayDocument *self, JsonNode *root, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) indexes = g_hash_table_new (NULL, NULL);
  AionetReplayReader reader = { NULL, NULL };
  Reading            reading = { self, names, indexes };

  return aionet_replay_reader_open (&reader, root, "", document_members, error) &&
         aionet_replay_reader_foreach (&reader, "links", add_link, &reading, error) &&
         aionet_replay_reader_foreach (&reader, "stun_servers", add_server, &reading, error) &&
         aionet_replay_reader_foreach (&reader, "mappings", add_mapping, &reading, error);
}

AionetReplayDocument *
aionet_replay_document_new (const char *text, gsize length, GError **error)
{
  g_autoptr (AionetReplayDocument) self = NULL;
  g_autoptr (JsonNode) root = parse (text, length, error);

  if (root == NULL)
    return NULL;
  self = g_rc_box_new0 (AionetReplayDocument);
  self->links = g_list_store_new (AIONET_TYPE_LINK);
  self->mappings = g_ptr_array_new_with_free_func (mapping_free);
  self->servers = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->servers, NULL);
  return read_document (self, root, error) ? g_steal_pointer (&self) : NULL;
}

AionetReplayDocument *
aionet_replay_document_ref (AionetReplayDocument *self)
{
  return g_rc_box_acquire (self);
}

void
aionet_replay_document_unref (AionetReplayDocument *self)
{
  g_rc_box_release_full (self, document_clear);
}

GListModel *
aionet_replay_document_get_links (AionetReplayDocument *self)
{
  return G_LIST_MODEL (self->links);
}

const char *const *
aionet_replay_document_get_servers (AionetReplayDocument *self)
{
  return self->servers->len > 1 ? (const char *const *) self->servers->pdata : NULL;
}

static gboolean
is_by (const AionetReplayMapping *mapping, GInetSocketAddress *server, GSocketProtocol protocol)
{
  return (mapping->server == NULL ||
          g_inet_address_equal (mapping->server, g_inet_socket_address_get_address (server))) &&
         (mapping->port == 0 || mapping->port == g_inet_socket_address_get_port (server)) &&
         (mapping->protocol == G_SOCKET_PROTOCOL_DEFAULT || mapping->protocol == protocol);
}

const AionetReplayMapping *
aionet_replay_document_find_mapping (AionetReplayDocument *self,
                                     GInetAddress         *local,
                                     GInetSocketAddress   *server,
                                     GSocketProtocol       protocol)
{
  for (guint i = 0; i < self->mappings->len; i++)
    {
      const AionetReplayMapping *mapping = g_ptr_array_index (self->mappings, i);
      const gboolean             fits_local =
          local != NULL ? g_inet_address_equal (mapping->local, local)
                                    : is_of_family (mapping->local, g_inet_socket_address_get_address (server));

      if (fits_local && is_by (mapping, server, protocol))
        return mapping;
    }
  return NULL;
}
