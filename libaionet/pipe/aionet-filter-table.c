/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "pipe/aionet-filter-table-private.h"

#include <string.h>

/* Literals that lie at the same offset and are equally long are one class with one hash table: a
 * message costs one look-up a class (a STUN client has one: 12 bytes at offset 8). Filters with the
 * same key form a chain, whose head is in the hash table. */
typedef struct
{
  guint       offset;
  gsize       length;
  GHashTable *chains; /* (owned) AionetFilterKey -> AionetFilter */
} LiteralClass;

struct _AionetFilterTable
{
  guint         n_filters;
  GArray       *classes; /* (owned) (element-type LiteralClass) */
  GHashTable   *senders; /* (owned) AionetSockaddr -> AionetFilter: any content of one sender */
  guint         n_any_port;
  AionetFilter *others; /* regular expressions, and those that take everything */
};

static guint
key_hash (gconstpointer data)
{
  const AionetFilterKey *key = data;
  guint64                hash = key->length;
  gsize                  i = 0;

  for (; i + sizeof (guint64) <= key->length; i += sizeof (guint64))
    {
      guint64 word;

      memcpy (&word, key->data + i, sizeof word);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 32;
    }
  for (; i < key->length; i++)
    hash = (hash ^ key->data[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return (guint) (hash ^ (hash >> 32));
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const AionetFilterKey *left = a;
  const AionetFilterKey *right = b;

  return left->length == right->length && memcmp (left->data, right->data, left->length) == 0;
}

void
_aionet_filter_clear (AionetFilter *self)
{
  g_clear_pointer (&self->regex, g_regex_unref);
  g_clear_pointer (&self->literal, g_bytes_unref);
}

static void
literal_class_clear (gpointer data)
{
  g_hash_table_unref (((LiteralClass *) data)->chains);
}

AionetFilterTable *
_aionet_filter_table_new (void)
{
  AionetFilterTable *self = g_new0 (AionetFilterTable, 1);

  self->classes = g_array_new (FALSE, FALSE, sizeof (LiteralClass));
  g_array_set_clear_func (self->classes, literal_class_clear);
  self->senders = g_hash_table_new (_aionet_sockaddr_hash, _aionet_sockaddr_equal);
  return self;
}

void
_aionet_filter_table_free (AionetFilterTable *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->classes);
  g_hash_table_unref (self->senders);
  g_free (self);
}

static LiteralClass *
find_class (AionetFilterTable *self, const AionetFilter *filter, guint *index)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      LiteralClass *class = &g_array_index (self->classes, LiteralClass, i);

      *index = i;
      if (class->offset == filter->offset && class->length == filter->key.length)
        return class;
    }
  return NULL;
}

static LiteralClass *
ensure_class (AionetFilterTable *self, const AionetFilter *filter)
{
  guint index;
  LiteralClass *class = find_class (self, filter, &index);
  LiteralClass added = { filter->offset, filter->key.length, NULL };

  if (class != NULL)
    return class;
  added.chains = g_hash_table_new (key_hash, key_equal);
  g_array_append_val (self->classes, added);
  return &g_array_index (self->classes, LiteralClass, self->classes->len - 1);
}

static gpointer
key_of (AionetFilter *filter)
{
  return filter->literal != NULL ? (gpointer) &filter->key : (gpointer) &filter->sender;
}

static void
link_before (AionetFilter *filter, AionetFilter *head)
{
  filter->previous = NULL;
  filter->next = head;
  if (head != NULL)
    head->previous = filter;
}

static void
chain_add (GHashTable *chains, AionetFilter *filter)
{
  link_before (filter, g_hash_table_lookup (chains, key_of (filter)));
  /* The key must live as long as the head it leads to. */
  g_hash_table_replace (chains, key_of (filter), filter);
}

/* Returns TRUE if the filter was the head of its chain. */
static gboolean
unlink_filter (AionetFilter *filter)
{
  if (filter->next != NULL)
    filter->next->previous = filter->previous;
  if (filter->previous != NULL)
    filter->previous->next = filter->next;
  return filter->previous == NULL;
}

static void
chain_remove (GHashTable *chains, AionetFilter *filter)
{
  if (!unlink_filter (filter))
    return;
  if (filter->next != NULL)
    g_hash_table_replace (chains, key_of (filter->next), filter->next);
  else
    g_hash_table_remove (chains, key_of (filter));
}

static gboolean
is_sender_only (const AionetFilter *filter)
{
  return filter->has_sender && filter->regex == NULL;
}

void
_aionet_filter_table_add (AionetFilterTable *self, AionetFilter *filter)
{
  self->n_filters++;
  if (filter->literal != NULL)
    {
      filter->key.data = g_bytes_get_data (filter->literal, &filter->key.length);
      chain_add (ensure_class (self, filter)->chains, filter);
    }
  else if (is_sender_only (filter))
    {
      self->n_any_port += _aionet_sockaddr_get_port (&filter->sender) == 0;
      chain_add (self->senders, filter);
    }
  else
    {
      link_before (filter, self->others);
      self->others = filter;
    }
}

static void
remove_literal (AionetFilterTable *self, AionetFilter *filter)
{
  guint index;
  LiteralClass *class = find_class (self, filter, &index);

  chain_remove (class->chains, filter);
  if (g_hash_table_size (class->chains) == 0)
    g_array_remove_index_fast (self->classes, index);
}

void
_aionet_filter_table_remove (AionetFilterTable *self, AionetFilter *filter)
{
  self->n_filters--;
  if (filter->literal != NULL)
    remove_literal (self, filter);
  else if (is_sender_only (filter))
    {
      self->n_any_port -= _aionet_sockaddr_get_port (&filter->sender) == 0;
      chain_remove (self->senders, filter);
    }
  else if (unlink_filter (filter))
    self->others = filter->next;
}

guint
_aionet_filter_table_get_n_filters (AionetFilterTable *self)
{
  return self->n_filters;
}

static void
collect_chain (AionetFilter *head, const AionetSockaddr *sender, GPtrArray *owners)
{
  for (AionetFilter *filter = head; filter != NULL; filter = filter->next)
    if (!filter->has_sender || _aionet_sockaddr_matches (sender, &filter->sender))
      g_ptr_array_add (owners, g_object_ref (filter->owner));
}

static void
match_literals (AionetFilterTable    *self,
                const guint8         *data,
                gsize                 length,
                const AionetSockaddr *sender,
                GPtrArray            *owners)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      const LiteralClass *class = &g_array_index (self->classes, LiteralClass, i);
      AionetFilterKey key = { NULL, class->length };

      if (class->offset > length || class->length > length - class->offset)
        continue;
      key.data = data + class->offset;
      collect_chain (g_hash_table_lookup (class->chains, &key), sender, owners);
    }
}

static void
match_senders (AionetFilterTable *self, const AionetSockaddr *sender, GPtrArray *owners)
{
  AionetSockaddr any_port = *sender;

  if (g_hash_table_size (self->senders) == 0)
    return;
  collect_chain (g_hash_table_lookup (self->senders, sender), sender, owners);
  if (self->n_any_port == 0 || _aionet_sockaddr_get_port (sender) == 0)
    return;
  _aionet_sockaddr_clear_port (&any_port);
  collect_chain (g_hash_table_lookup (self->senders, &any_port), sender, owners);
}

static gboolean
matches_regex (const AionetFilter *filter, const guint8 *data, gsize length)
{
  return filter->regex == NULL ||
         g_regex_match_full (filter->regex, (const char *) data, (gssize) length, 0, 0, NULL, NULL);
}

void
_aionet_filter_table_match (AionetFilterTable    *self,
                            const guint8         *data,
                            gsize                 length,
                            const AionetSockaddr *sender,
                            GPtrArray            *owners)
{
  match_literals (self, data, length, sender, owners);
  match_senders (self, sender, owners);
  for (AionetFilter *filter = self->others; filter != NULL; filter = filter->next)
    if ((!filter->has_sender || _aionet_sockaddr_matches (sender, &filter->sender)) &&
        matches_regex (filter, data, length))
      g_ptr_array_add (owners, g_object_ref (filter->owner));
}

static void
list_chains (GHashTable *chains, GPtrArray *owners)
{
  GHashTableIter iter;
  gpointer       head;

  g_hash_table_iter_init (&iter, chains);
  while (g_hash_table_iter_next (&iter, NULL, &head))
    for (AionetFilter *filter = head; filter != NULL; filter = filter->next)
      g_ptr_array_add (owners, g_object_ref (filter->owner));
}

void
_aionet_filter_table_list (AionetFilterTable *self, GPtrArray *owners)
{
  for (guint i = 0; i < self->classes->len; i++)
    list_chains (g_array_index (self->classes, LiteralClass, i).chains, owners);
  list_chains (self->senders, owners);
  for (AionetFilter *filter = self->others; filter != NULL; filter = filter->next)
    g_ptr_array_add (owners, g_object_ref (filter->owner));
}
