/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "engine/aionet-resolve-private.h"

#include <net/if.h>
#include <string.h>

#include "engine/aionet-task-private.h"
#include "value/aionet-decimal-private.h"
#include "value/aionet-error.h"

/* Both families are asked at once. When one has answered, the other gets a little longer: RFC 8305
 * section 3 gives AAAA 50 ms behind A; A gets what a first connection attempt would take before
 * IPv4 had its turn. A name server that is silent about one family then costs no more than that. */
#define WAIT_FOR_IPV6_MS 50
#define WAIT_FOR_IPV4_MS 250

typedef enum
{
  SLOT_IPV6,
  SLOT_IPV4,
  N_SLOTS,
} Slot;

typedef struct
{
  AionetTarget *target; /* (owned) */
  GSocketFamily family;
  guint32       scope_id;
  guint         n_pending;
  GList        *answers[N_SLOTS]; /* (owned) (element-type GInetAddress) */
  GError       *error;            /* (owned) (nullable) the first that was no cancellation */
  GSource      *patience;         /* (owned) (nullable) */
  gboolean      done;
} Resolve;

typedef struct
{
  GTask *task; /* (owned) */
  Slot   slot;
} Lookup;

static void
resolve_free (Resolve *self)
{
  _aionet_clear_source (&self->patience);
  for (guint i = 0; i < N_SLOTS; i++)
    g_resolver_free_addresses (self->answers[i]);
  g_clear_error (&self->error);
  g_object_unref (self->target);
  g_free (self);
}

static const char *
family_name (GSocketFamily family)
{
  switch (family)
    {
    case G_SOCKET_FAMILY_IPV4:
      return "IPv4 ";
    case G_SOCKET_FAMILY_IPV6:
      return "IPv6 ";
    case G_SOCKET_FAMILY_INVALID:
    case G_SOCKET_FAMILY_UNIX:
    default:
      return "";
    }
}

static gboolean
wants (GSocketFamily asked, GSocketFamily family)
{
  return asked == G_SOCKET_FAMILY_INVALID || asked == family;
}

static gboolean
wants_scope (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
         (g_inet_address_get_is_link_local (address) ||
          g_inet_address_get_is_mc_link_local (address));
}

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static void
list_add (GPtrArray *list, GInetAddress *address, guint16 port, guint32 scope_id)
{
  g_ptr_array_add (list, g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port",
                                       (guint) port, "scope-id",
                                       wants_scope (address) ? scope_id : 0, NULL));
}

/* RFC 4291 section 2.5.5.2. Our IPv6 sockets speak IPv6 only, so what means IPv4 becomes IPv4. */
static GInetAddress *
unmap (GInetAddress *address)
{
  static const guint8 prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  const guint8       *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      memcmp (bytes, prefix, sizeof prefix) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof prefix, G_SOCKET_FAMILY_IPV4);
  return g_object_ref (address);
}

/* The address a literal stands for as a destination. */
static GInetAddress *
to_destination (GInetAddress *literal, GSocketFamily family)
{
  g_autoptr (GInetAddress) address = unmap (literal);

  if (g_inet_address_get_is_any (address))
    return g_inet_address_new_loopback (g_inet_address_get_family (address));
  if (family == G_SOCKET_FAMILY_IPV6 && address != literal &&
      g_inet_address_get_is_loopback (address))
    return g_inet_address_new_loopback (family);
  return g_steal_pointer (&address);
}

static gboolean
find_scope (Resolve *self, guint32 *scope_id, GError **error)
{
  const char *name = aionet_target_get_scope_name (self->target);
  guint64     number;

  *scope_id = self->scope_id;
  if (name == NULL)
    return TRUE;
  *scope_id = if_nametoindex (name);
  if (*scope_id != 0)
    return TRUE;
  if (_aionet_decimal_parse (name, G_MAXUINT32, &number) && number > 0)
    {
      *scope_id = (guint32) number;
      return TRUE;
    }
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE, "There is no interface “%s”", name);
  return FALSE;
}

/* The kernel calls it an invalid argument. A group may have the interface of its socket. */
static gboolean
check_scope (GInetAddress *address, guint32 scope_id, GError **error)
{
  g_autofree char *text = NULL;

  if (scope_id != 0 || g_inet_address_get_is_multicast (address))
    return TRUE;
  text = g_inet_address_to_string (address);
  g_set_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS,
               "“%s” is link-local and needs a scope, as in “%s%%eth0”", text, text);
  return FALSE;
}

static GPtrArray *
resolve_literal (Resolve *self, GInetAddress *literal, GError **error)
{
  g_autoptr (GInetAddress) address = to_destination (literal, self->family);
  g_autoptr (GPtrArray) list = NULL;
  guint32 scope_id = 0;

  if (!wants (self->family, g_inet_address_get_family (address)))
    {
      g_set_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY, "“%s” is not an %saddress",
                   aionet_target_get_hostname (self->target), family_name (self->family));
      return NULL;
    }
  if (wants_scope (address) &&
      !(find_scope (self, &scope_id, error) && check_scope (address, scope_id, error)))
    return NULL;
  list = list_new ();
  list_add (list, address, aionet_target_get_port (self->target), scope_id);
  return g_steal_pointer (&list);
}

/* RFC 6761 section 6.3: names of the loopback address are nobody else's business. */
static gboolean
is_localhost (const char *hostname)
{
  g_autofree char *name = g_ascii_strdown (hostname, -1);

  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  return g_str_equal (name, "localhost") || g_str_has_suffix (name, ".localhost");
}

/* No top-level domain is a number: `256.1.1.1` is a mistyped address, not a question for the
 * name servers of the world. */
static gboolean
is_number_like (const char *hostname)
{
  const char *dot = strrchr (hostname, '.');
  const char *last = dot != NULL ? dot + 1 : hostname;

  return *last != '\0' && strspn (last, "0123456789") == strlen (last);
}

static GPtrArray *
resolve_localhost (Resolve *self)
{
  static const GSocketFamily order[N_SLOTS] = { G_SOCKET_FAMILY_IPV6, G_SOCKET_FAMILY_IPV4 };
  GPtrArray                 *list = list_new ();

  for (guint i = 0; i < N_SLOTS; i++)
    {
      g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (order[i]);

      if (wants (self->family, order[i]))
        list_add (list, loopback, aionet_target_get_port (self->target), 0);
    }
  return list;
}

/* RFC 8305 section 4: the families take turns, IPv6 begins. */
static GPtrArray *
interleave (Resolve *self)
{
  GPtrArray *list = list_new ();
  GList     *next[N_SLOTS] = { self->answers[SLOT_IPV6], self->answers[SLOT_IPV4] };
  guint16    port = aionet_target_get_port (self->target);

  while (next[SLOT_IPV6] != NULL || next[SLOT_IPV4] != NULL)
    for (guint i = 0; i < N_SLOTS; i++)
      if (next[i] != NULL)
        {
          list_add (list, next[i]->data, port, self->scope_id);
          next[i] = next[i]->next;
        }
  return list;
}

static void
finish (GTask *task)
{
  Resolve *self = g_task_get_task_data (task);

  self->done = TRUE;
  _aionet_clear_source (&self->patience);
  if (self->answers[SLOT_IPV6] != NULL || self->answers[SLOT_IPV4] != NULL)
    {
      g_task_return_pointer (task, interleave (self), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  if (!g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&self->error, "Cannot resolve “%s” to an %saddress: ",
                    aionet_target_get_hostname (self->target), family_name (self->family));
  g_task_return_error (task, g_steal_pointer (&self->error));
}

static gboolean
on_patience_over (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  finish (task);
  return G_SOURCE_REMOVE;
}

static void
wait_for_other (GTask *task, Slot answered)
{
  Resolve *self = g_task_get_task_data (task);

  if (self->answers[answered] == NULL || self->patience != NULL)
    return;
  self->patience = _aionet_timer_new (g_task_get_context (task), "[aionet] resolution delay",
                                      answered == SLOT_IPV4 ? WAIT_FOR_IPV6_MS : WAIT_FOR_IPV4_MS,
                                      on_patience_over, task);
}

static void
on_looked_up (GObject *resolver, GAsyncResult *result, gpointer user_data)
{
  Lookup *lookup = user_data;
  g_autoptr (GTask) task = lookup->task;
  g_autoptr (GError) error = NULL;
  Slot     slot = lookup->slot;
  Resolve *self = g_task_get_task_data (task);
  GList   *found =
      g_resolver_lookup_by_name_with_flags_finish (G_RESOLVER (resolver), result, &error);

  g_free (lookup);
  self->n_pending--;
  if (self->done)
    {
      g_resolver_free_addresses (found);
      return;
    }
  self->answers[slot] = found;
  if (error != NULL && self->error == NULL)
    self->error = g_steal_pointer (&error);
  if (self->n_pending == 0)
    finish (task);
  else
    wait_for_other (task, slot);
}

static void
look_up (GTask *task, Slot slot)
{
  static const GResolverNameLookupFlags flags[N_SLOTS] = { G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY,
                                                           G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY };
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  Resolve *self = g_task_get_task_data (task);
  Lookup  *lookup = g_new0 (Lookup, 1);

  lookup->task = g_object_ref (task);
  lookup->slot = slot;
  self->n_pending++;
  g_resolver_lookup_by_name_with_flags_async (resolver, aionet_target_get_hostname (self->target),
                                              flags[slot], g_task_get_cancellable (task),
                                              on_looked_up, lookup);
}

/* NULL without an error: only a name server can tell. */
static GPtrArray *
resolve_locally (Resolve *self, GError **error)
{
  GInetAddress *literal = aionet_target_get_address (self->target);
  const char   *hostname = aionet_target_get_hostname (self->target);

  if (literal != NULL)
    return resolve_literal (self, literal, error);
  if (is_localhost (hostname))
    return resolve_localhost (self);
  if (is_number_like (hostname))
    g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
                 "“%s” is neither an address nor a name", hostname);
  return NULL;
}

void
_aionet_resolve_async (AionetTarget       *target,
                       GSocketFamily       family,
                       guint32             scope_id,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr (GTask) task =
      _aionet_task_new (NULL, cancellable, _aionet_resolve_async, callback, user_data);
  g_autoptr (GPtrArray) list = NULL;
  GError  *error = NULL;
  Resolve *self = g_new0 (Resolve, 1);

  self->target = g_object_ref (target);
  self->family = family;
  self->scope_id = scope_id;
  g_task_set_task_data (task, self, (GDestroyNotify) resolve_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  list = resolve_locally (self, &error);
  if (list != NULL)
    g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    {
      if (wants (family, G_SOCKET_FAMILY_IPV6))
        look_up (task, SLOT_IPV6);
      if (wants (family, G_SOCKET_FAMILY_IPV4))
        look_up (task, SLOT_IPV4);
    }
}

GPtrArray *
_aionet_resolve_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (_aionet_task_is_valid (result, NULL, _aionet_resolve_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
