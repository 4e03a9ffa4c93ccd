/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "pipe/aionet-filter-table-private.h"

typedef struct
{
  AionetFilter filter;
  GObject     *owner; /* (owned) */
} Asker;

static void
asker_init (Asker *self, const char *pattern, const char *literal, guint offset, const char *sender)
{
  memset (self, 0, sizeof *self);
  self->owner = g_object_new (G_TYPE_OBJECT, NULL);
  self->filter.owner = self->owner;
  if (pattern != NULL)
    self->filter.regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);
  if (literal != NULL)
    self->filter.literal = g_bytes_new (literal, strlen (literal));
  self->filter.offset = offset;
  if (sender != NULL)
    {
      g_autoptr (GSocketAddress) address = NULL;
      g_auto (GStrv) parts = g_strsplit (sender, " ", 2);

      address = g_inet_socket_address_new_from_string (parts[0], (guint) atoi (parts[1]));
      self->filter.has_sender = TRUE;
      g_assert_true (_aionet_sockaddr_set (&self->filter.sender, address, NULL));
    }
}

static void
asker_clear (Asker *self)
{
  _aionet_filter_clear (&self->filter);
  g_object_unref (self->owner);
}

/* The numbers of the askers that get it, in order: "0 2" */
static char *
match (AionetFilterTable *table, Asker *askers, guint n, const char *text, const char *sender)
{
  g_autoptr (GPtrArray) owners = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GString) found = g_string_new (NULL);
  Asker from;

  asker_init (&from, NULL, NULL, 0, sender);
  _aionet_filter_table_match (table, (const guint8 *) text, strlen (text), &from.filter.sender,
                              owners);
  for (guint i = 0; i < n; i++)
    if (g_ptr_array_find (owners, askers[i].owner, NULL))
      g_string_append_printf (found, "%s%u", found->len > 0 ? " " : "", i);
  asker_clear (&from);
  return g_strdup (found->str);
}

static void
assert_match (AionetFilterTable *table,
              Asker             *askers,
              guint              n,
              const char        *text,
              const char        *sender,
              const char        *want)
{
  g_autofree char *found = match (table, askers, n, text, sender);

  g_assert_cmpstr (found, ==, want);
}

static void
test_kinds (void)
{
  AionetFilterTable *table = _aionet_filter_table_new ();
  Asker              askers[8];
  const guint        n = G_N_ELEMENTS (askers);

  g_test_summary ("Each kind finds its messages, with and without a sender");

  asker_init (&askers[0], NULL, NULL, 0, NULL);
  asker_init (&askers[1], "^A", NULL, 0, NULL);
  asker_init (&askers[2], "B$", NULL, 0, "127.0.0.1 1");
  asker_init (&askers[3], NULL, "id", 2, NULL);
  asker_init (&askers[4], NULL, "id", 2, "127.0.0.1 0");
  asker_init (&askers[5], NULL, NULL, 0, "127.0.0.1 1");
  asker_init (&askers[6], NULL, NULL, 0, "127.0.0.1 0");
  asker_init (&askers[7], NULL, NULL, 0, "::1 1");
  for (guint i = 0; i < n; i++)
    _aionet_filter_table_add (table, &askers[i].filter);
  g_assert_cmpuint (_aionet_filter_table_get_n_filters (table), ==, n);
  assert_match (table, askers, n, "A", "127.0.0.1 1", "0 1 5 6");
  assert_match (table, askers, n, "xB", "127.0.0.1 1", "0 2 5 6");
  assert_match (table, askers, n, "xB", "127.0.0.1 2", "0 6");
  assert_match (table, askers, n, "xxid", "127.0.0.1 2", "0 3 4 6");
  assert_match (table, askers, n, "xxidxx", "127.0.0.2 2", "0 3");
  assert_match (table, askers, n, "xidx", "127.0.0.2 2", "0");
  assert_match (table, askers, n, "xxi", "127.0.0.2 2", "0");
  assert_match (table, askers, n, "", "::1 1", "0 7");
  assert_match (table, askers, n, "", "::1 2", "0");
  for (guint i = 0; i < n; i++)
    {
      _aionet_filter_table_remove (table, &askers[i].filter);
      asker_clear (&askers[i]);
    }
  _aionet_filter_table_free (table);
}

static void
test_same_key (void)
{
  AionetFilterTable *table = _aionet_filter_table_new ();
  Asker              askers[4];
  const guint        n = G_N_ELEMENTS (askers);

  g_test_summary ("Those that ask for the same come and go in any order, keys with them");

  for (guint i = 0; i < n; i++)
    {
      asker_init (&askers[i], NULL, "same", 0, NULL);
      _aionet_filter_table_add (table, &askers[i].filter);
    }
  assert_match (table, askers, n, "same", "127.0.0.1 1", "0 1 2 3");
  /* The newest is the head of the chain, the oldest its end. */
  _aionet_filter_table_remove (table, &askers[3].filter);
  asker_clear (&askers[3]);
  assert_match (table, askers, 3, "same", "127.0.0.1 1", "0 1 2");
  _aionet_filter_table_remove (table, &askers[0].filter);
  asker_clear (&askers[0]);
  assert_match (table, &askers[1], 2, "same", "127.0.0.1 1", "0 1");
  _aionet_filter_table_remove (table, &askers[2].filter);
  asker_clear (&askers[2]);
  assert_match (table, &askers[1], 1, "same", "127.0.0.1 1", "0");
  _aionet_filter_table_remove (table, &askers[1].filter);
  asker_clear (&askers[1]);
  assert_match (table, NULL, 0, "same", "127.0.0.1 1", "");
  _aionet_filter_table_free (table);
}

static void
test_random (void)
{
  AionetFilterTable *table = _aionet_filter_table_new ();
  Asker              askers[64];
  gboolean           present[64] = { FALSE };

  g_test_summary ("Whatever comes and goes, the table finds what looking at each one finds");

  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      g_autofree char *literal = g_strdup_printf ("%u", g_test_rand_int_range (0, 20));

      asker_init (&askers[i], NULL, literal, (guint) g_test_rand_int_range (0, 3),
                  g_test_rand_bit () ? "127.0.0.1 0" : NULL);
    }
  for (guint round = 0; round < 2000; round++)
    {
      guint            i = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (askers));
      g_autofree char *text = g_strdup_printf ("%u", g_test_rand_int ());
      g_autofree char *found = NULL;
      g_autoptr (GString) want = g_string_new (NULL);
      gboolean local = g_test_rand_bit ();

      if (present[i])
        _aionet_filter_table_remove (table, &askers[i].filter);
      else
        _aionet_filter_table_add (table, &askers[i].filter);
      present[i] = !present[i];
      for (guint k = 0; k < G_N_ELEMENTS (askers); k++)
        {
          const char *literal = g_bytes_get_data (askers[k].filter.literal, NULL);
          gsize       length = g_bytes_get_size (askers[k].filter.literal);

          if (present[k] && (local || !askers[k].filter.has_sender) &&
              strlen (text) >= askers[k].filter.offset + length &&
              strncmp (text + askers[k].filter.offset, literal, length) == 0)
            g_string_append_printf (want, "%s%u", want->len > 0 ? " " : "", k);
        }
      found =
          match (table, askers, G_N_ELEMENTS (askers), text, local ? "127.0.0.1 5" : "1.2.3.4 5");
      g_assert_cmpstr (found, ==, want->str);
    }
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    {
      if (present[i])
        _aionet_filter_table_remove (table, &askers[i].filter);
      asker_clear (&askers[i]);
    }
  _aionet_filter_table_free (table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/filter-table/kinds", test_kinds);
  g_test_add_func ("/aionet/filter-table/same-key", test_same_key);
  g_test_add_func ("/aionet/filter-table/random", test_random);
  return g_test_run ();
}
