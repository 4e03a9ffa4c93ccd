/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-server-set-private.h"

#include "engine/aionet-resolve-private.h"
#include "engine/aionet-task-private.h"
#include "topology/aionet-server-list-private.h"
#include "value/aionet-special-purpose-private.h"

/* A round asks three networks, so three are waited for: less would show one operator's servers
 * only when its name server happens to be the fastest. Patience bounds that wait, because one dead
 * name server must not cost the load: after PATIENCE_MS enough servers to agree will do, after half
 * of the time any. */

#define WANTED_NETWORKS 3
#define PATIENCE_MS 200

typedef struct
{
  GInetSocketAddress *address; /* (owned) */
  gboolean            udp;
  gboolean            tcp;
} Entry;

typedef struct
{
  AionetServerSetFunc func;
  gpointer            user_data;
} Watcher;

typedef struct
{
  AionetServerSet *set; /* (owned) */
  gboolean         udp;
  gboolean         tcp;
} Lookup;

struct _AionetServerSet
{
  gatomicrefcount ref_count;
  GMainContext   *context; /* (owned) */
  GSocketFamily   family;
  guint           min_agree;
  gint64          deadline_us;
  GPtrArray      *entries;  /* (owned) (element-type Entry) */
  GArray         *watchers; /* (owned) (element-type Watcher) */
  GCancellable   *cancellable;
  GSource        *patience; /* (owned) (nullable) */
  guint           wanted;   /* networks that make the set ready */
  gboolean        waited;   /* the first patience is over */
  guint           n_lookups;
  guint           n_failed;
  char           *failure; /* (owned) (nullable) the first failed look-up's message */
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->address);
  g_free (entry);
}

static guint
count_networks (AionetServerSet *self)
{
  guint n_networks = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry   *entry = self->entries->pdata[i];
      gboolean is_new = TRUE;

      for (guint k = 0; k < i && is_new; k++)
        {
          Entry *other = self->entries->pdata[k];

          is_new = !_aionet_inet_address_same_network (
              g_inet_socket_address_get_address (entry->address),
              g_inet_socket_address_get_address (other->address));
        }
      n_networks += is_new;
    }
  return n_networks;
}

static void
notify_watchers (AionetServerSet *self)
{
  g_autoptr (GArray) watchers = g_array_copy (self->watchers);

  _aionet_server_set_ref (self);
  for (guint i = 0; i < watchers->len; i++)
    {
      Watcher *watcher = &g_array_index (watchers, Watcher, i);

      for (guint k = 0; k < self->watchers->len; k++)
        if (g_array_index (self->watchers, Watcher, k).user_data == watcher->user_data)
          {
            watcher->func (watcher->user_data);
            break;
          }
    }
  _aionet_server_set_unref (self);
}

static gboolean
on_patience (gpointer user_data)
{
  AionetServerSet *self = user_data;
  gint64           left_ms = (self->deadline_us - g_get_monotonic_time ()) / 1000;

  _aionet_clear_source (&self->patience);
  self->wanted = self->waited ? 1 : self->min_agree;
  if (!self->waited)
    self->patience = _aionet_timer_new (self->context, "[aionet] any STUN server",
                                        MAX (left_ms / 2, 0), on_patience, self);
  self->waited = TRUE;
  notify_watchers (self);
  return G_SOURCE_REMOVE;
}

static void
add_entry (AionetServerSet *self, GInetSocketAddress *address, gboolean udp, gboolean tcp)
{
  Entry *entry;

  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *known = self->entries->pdata[i];

      /* Two names of one server must not look like two servers. */
      if (g_inet_address_equal (g_inet_socket_address_get_address (known->address),
                                g_inet_socket_address_get_address (address)) &&
          g_inet_socket_address_get_port (known->address) ==
              g_inet_socket_address_get_port (address))
        return;
    }
  entry = g_new0 (Entry, 1);
  entry->address = g_object_ref (address);
  entry->udp = udp;
  entry->tcp = tcp;
  g_ptr_array_add (self->entries, entry);
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lookup *lookup = user_data;
  g_autoptr (AionetServerSet) self = lookup->set;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses = _aionet_resolve_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    {
      g_free (lookup);
      return;
    }
  /* Only the first: all addresses of a name are one operator's, and one operator has one vote. */
  if (addresses != NULL)
    add_entry (self, addresses->pdata[0], lookup->udp, lookup->tcp);
  else
    {
      self->n_failed++;
      if (self->failure == NULL)
        self->failure = g_strdup (error->message);
    }
  g_free (lookup);
  self->n_lookups--;
  if (self->n_lookups == 0)
    _aionet_clear_source (&self->patience);
  notify_watchers (self);
}

static void
add_server (AionetServerSet *self, AionetServer *server)
{
  GInetAddress *literal = aionet_target_get_address (server->target);
  Lookup       *lookup;

  if (!(self->family == G_SOCKET_FAMILY_IPV4 ? server->ipv4 : server->ipv6))
    return;
  /* A scope is looked up, as names are. */
  if (literal != NULL && aionet_target_get_scope_name (server->target) == NULL)
    {
      g_autoptr (GSocketAddress) address = NULL;

      if (g_inet_address_get_family (literal) != self->family)
        return;
      address = g_inet_socket_address_new (literal, aionet_target_get_port (server->target));
      add_entry (self, G_INET_SOCKET_ADDRESS (address), server->udp, server->tcp);
      return;
    }
  lookup = g_new0 (Lookup, 1);
  lookup->set = _aionet_server_set_ref (self);
  lookup->udp = server->udp;
  lookup->tcp = server->tcp;
  self->n_lookups++;
  _aionet_resolve_async (server->target, self->family, 0, self->cancellable, on_resolved, lookup);
}

AionetServerSet *
_aionet_server_set_new (GPtrArray    *servers,
                        GSocketFamily family,
                        guint         min_agree,
                        gint64        deadline_us)
{
  AionetServerSet *self = g_new0 (AionetServerSet, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref_thread_default ();
  self->family = family;
  self->min_agree = min_agree;
  self->deadline_us = deadline_us;
  self->wanted = MAX (WANTED_NETWORKS, min_agree);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->watchers = g_array_new (FALSE, FALSE, sizeof (Watcher));
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < servers->len; i++)
    add_server (self, servers->pdata[i]);
  if (self->n_lookups > 0)
    self->patience = _aionet_timer_new (self->context, "[aionet] more STUN servers", PATIENCE_MS,
                                        on_patience, self);
  return self;
}

AionetServerSet *
_aionet_server_set_ref (AionetServerSet *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_aionet_server_set_unref (AionetServerSet *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  _aionet_clear_source (&self->patience);
  g_ptr_array_unref (self->entries);
  g_array_unref (self->watchers);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);
  g_free (self->failure);
  g_free (self);
}

void
_aionet_server_set_stop (AionetServerSet *self)
{
  _aionet_clear_source (&self->patience);
  g_array_set_size (self->watchers, 0);
  g_cancellable_cancel (self->cancellable);
}

gboolean
_aionet_server_set_is_ready (AionetServerSet *self)
{
  return self->n_lookups == 0 || count_networks (self) >= self->wanted;
}

gboolean
_aionet_server_set_is_complete (AionetServerSet *self)
{
  return self->n_lookups == 0;
}

guint
_aionet_server_set_get_n_servers (AionetServerSet *self)
{
  return self->entries->len;
}

GInetSocketAddress *
_aionet_server_set_get_address (AionetServerSet *self, guint index)
{
  Entry *entry = self->entries->pdata[index];

  return entry->address;
}

gboolean
_aionet_server_set_can_ask (AionetServerSet *self, guint index, GSocketProtocol protocol)
{
  Entry *entry = self->entries->pdata[index];

  return protocol == G_SOCKET_PROTOCOL_TCP ? entry->tcp : entry->udp;
}

char *
_aionet_server_set_explain (AionetServerSet *self)
{
  const char *name = self->family == G_SOCKET_FAMILY_IPV4 ? "IPv4" : "IPv6";

  if (self->n_lookups > 0)
    return g_strdup_printf (self->n_lookups == 1
                                ? "the name of %u STUN server was not resolved in time"
                                : "the names of %u STUN servers were not resolved in time",
                            self->n_lookups);
  if (self->n_failed > 0)
    return g_strdup_printf ("no STUN server could be resolved: %s", self->failure);
  return g_strdup_printf ("no STUN server for %s is configured", name);
}

void
_aionet_server_set_watch (AionetServerSet *self, AionetServerSetFunc func, gpointer user_data)
{
  Watcher watcher = { func, user_data };

  g_array_append_val (self->watchers, watcher);
}

void
_aionet_server_set_unwatch (AionetServerSet *self, gpointer user_data)
{
  for (guint i = 0; i < self->watchers->len; i++)
    if (g_array_index (self->watchers, Watcher, i).user_data == user_data)
      {
        g_array_remove_index (self->watchers, i);
        return;
      }
}
