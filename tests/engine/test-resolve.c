/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "engine/aionet-resolve-private.h"
#include "engine/aionet-sockaddr-private.h"
#include "value/aionet-error.h"

/* A resolver with a book of its own: nothing leaves the process. */
typedef struct
{
  GResolver parent_instance;
} BookResolver;

typedef struct
{
  GResolverClass parent_class;
} BookResolverClass;

GType book_resolver_get_type (void);
G_DEFINE_TYPE (BookResolver, book_resolver, G_TYPE_RESOLVER)

static guint n_lookups;

static GList *
book_page (const char *name, GResolverNameLookupFlags flags)
{
  static const char *const v6[] = { "2001:db8::1", "2001:db8::2", "fe80::9", NULL };
  static const char *const v4[] = { "192.0.2.1", NULL };
  gboolean                 is_v6 = (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY) != 0;
  const char *const       *texts = is_v6 ? v6 : v4;
  GList                   *list = NULL;

  if (g_str_equal (name, "nobody.example") || (is_v6 && g_str_has_prefix (name, "four")))
    return NULL;
  for (guint i = 0; texts[i] != NULL; i++)
    list = g_list_append (list, g_inet_address_new_from_string (texts[i]));
  return list;
}

static void
book_lookup_async (GResolver               *resolver,
                   const char              *name,
                   GResolverNameLookupFlags flags,
                   GCancellable            *cancellable,
                   GAsyncReadyCallback      callback,
                   gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GList   *list = book_page (name, flags);
  gboolean is_v6 = (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY) != 0;

  n_lookups++;
  /* A name server that never says anything about AAAA. */
  if (is_v6 && g_str_equal (name, "silent-six.example"))
    {
      g_object_set_data_full (G_OBJECT (resolver), "kept", g_steal_pointer (&task), g_object_unref);
      g_resolver_free_addresses (list);
      return;
    }
  if (list == NULL)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "not in the book");
  else
    g_task_return_pointer (task, list, (GDestroyNotify) g_resolver_free_addresses);
}

static GList *
book_lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
book_resolver_class_init (BookResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = book_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = book_lookup_finish;
}

static void
book_resolver_init (BookResolver *self)
{
}

typedef struct
{
  gboolean   done;
  GPtrArray *list;
  GError    *error;
} Outcome;

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->list = _aionet_resolve_finish (result, &outcome->error);
  outcome->done = TRUE;
}

static char *
join (GPtrArray *list)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      AionetSockaddr   native;
      g_autofree char *item = NULL;

      g_assert_true (_aionet_sockaddr_set (&native, list->pdata[i], NULL));
      item = _aionet_sockaddr_to_string (&native);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", item);
    }
  return g_strdup (text->str);
}

/* The endpoints, or NULL and an error. */
static char *
resolve (const char   *host,
         GSocketFamily family,
         guint32       scope_id,
         GCancellable *cancellable,
         GError      **error)
{
  g_autoptr (AionetTarget) target = aionet_target_new (host, 80);
  g_autoptr (GPtrArray) list = NULL;
  Outcome outcome = { FALSE, NULL, NULL };

  _aionet_resolve_async (target, family, scope_id, cancellable, on_resolved, &outcome);
  g_assert_false (outcome.done);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  list = outcome.list;
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return list != NULL ? join (list) : NULL;
}

typedef struct
{
  const char   *host;
  GSocketFamily family;
  guint32       scope_id;
  const char   *want;
} Row;

static void
check_rows (const Row *rows, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text =
          resolve (rows[i].host, rows[i].family, rows[i].scope_id, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, rows[i].want);
    }
}

static void
test_local (void)
{
  static const Row rows[] = {
    { "127.0.0.1", G_SOCKET_FAMILY_INVALID, 3, "127.0.0.1:80" },
    { "::1", G_SOCKET_FAMILY_INVALID, 3, "[::1]:80" },
    { "fe80::1", G_SOCKET_FAMILY_IPV6, 3, "[fe80::1%3]:80" },
    { "fe80::1%lo", G_SOCKET_FAMILY_IPV6, 3, "[fe80::1%1]:80" },
    { "fe80::1%7", G_SOCKET_FAMILY_IPV6, 3, "[fe80::1%7]:80" },
    { "2402:1f00:8101:83f::1", G_SOCKET_FAMILY_INVALID, 3, "[2402:1f00:8101:83f::1]:80" },
    { "0.0.0.0", G_SOCKET_FAMILY_INVALID, 0, "127.0.0.1:80" },
    { "::", G_SOCKET_FAMILY_INVALID, 0, "[::1]:80" },
    { "localhost", G_SOCKET_FAMILY_INVALID, 3, "[::1]:80 127.0.0.1:80" },
    { "LocalHost.", G_SOCKET_FAMILY_IPV4, 0, "127.0.0.1:80" },
    { "api.localhost", G_SOCKET_FAMILY_IPV6, 0, "[::1]:80" },
    { "::ffff:127.0.0.1", G_SOCKET_FAMILY_INVALID, 3, "127.0.0.1:80" },
    { "::ffff:127.0.0.1", G_SOCKET_FAMILY_IPV6, 3, "[::1]:80" },
    { "::ffff:192.0.2.7", G_SOCKET_FAMILY_IPV4, 3, "192.0.2.7:80" },
    { "ff02::1", G_SOCKET_FAMILY_INVALID, 0, "[ff02::1]:80" },
    { "ff02::1%lo", G_SOCKET_FAMILY_INVALID, 3, "[ff02::1%1]:80" },
  };

  g_test_summary ("Cases A-01 to A-10, A-14: literals and localhost never reach a name server");

  n_lookups = 0;
  check_rows (rows, G_N_ELEMENTS (rows));
  g_assert_cmpuint (n_lookups, ==, 0);
}

static void
test_names (void)
{
  static const Row rows[] = {
    { "both.example", G_SOCKET_FAMILY_INVALID, 5,
      "[2001:db8::1]:80 192.0.2.1:80 [2001:db8::2]:80 [fe80::9%5]:80" },
    { "both.example", G_SOCKET_FAMILY_IPV4, 5, "192.0.2.1:80" },
    { "four.example", G_SOCKET_FAMILY_INVALID, 0, "192.0.2.1:80" },
    { "silent-six.example", G_SOCKET_FAMILY_INVALID, 0, "192.0.2.1:80" },
  };

  g_test_summary ("Names: families take turns, and a silent one is not waited for");

  check_rows (rows, G_N_ELEMENTS (rows));
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Cases A-11 and A-13: errors name the target and the family");

  n_lookups = 0;
  g_assert_null (resolve ("256.1.1.1", G_SOCKET_FAMILY_INVALID, 0, NULL, &error));
  g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "256.1.1.1"));
  g_assert_cmpuint (n_lookups, ==, 0);
  g_clear_error (&error);
  g_assert_null (resolve ("four.example", G_SOCKET_FAMILY_IPV6, 0, NULL, &error));
  g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "IPv6"));
  g_clear_error (&error);
  g_assert_null (resolve ("nobody.example", G_SOCKET_FAMILY_INVALID, 0, NULL, &error));
  g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (resolve ("127.0.0.1", G_SOCKET_FAMILY_IPV6, 0, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_UNSUPPORTED_FAMILY);
  g_assert_nonnull (strstr (error->message, "IPv6"));
  g_clear_error (&error);
  g_assert_null (resolve ("fe80::1%aionet-none", G_SOCKET_FAMILY_IPV6, 0, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_NO_INTERFACE);
  g_clear_error (&error);
  g_assert_null (resolve ("fe80::1", G_SOCKET_FAMILY_INVALID, 0, NULL, &error));
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_ADDRESS);
  g_assert_nonnull (strstr (error->message, "fe80::1%"));
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Cancelled before: nothing is asked");

  n_lookups = 0;
  g_cancellable_cancel (cancellable);
  g_assert_null (resolve ("both.example", G_SOCKET_FAMILY_INVALID, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (n_lookups, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (GResolver) book = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  book = g_object_new (book_resolver_get_type (), NULL);
  g_resolver_set_default (book);
  g_test_add_func ("/aionet/resolve/local", test_local);
  g_test_add_func ("/aionet/resolve/names", test_names);
  g_test_add_func ("/aionet/resolve/errors", test_errors);
  g_test_add_func ("/aionet/resolve/cancel", test_cancel);
  status = g_test_run ();
  g_object_set_data (G_OBJECT (book), "kept", NULL);
  return status;
}
