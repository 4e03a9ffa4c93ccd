/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-links-request-private.h"

#include "provider/aionet-link-private.h"
#include "value/aionet-error.h"
#include "value/aionet-frozen-list-private.h"

/* A host with more interfaces is a provider gone wild. */
#define MAX_LINKS 65536

struct _AionetLinksRequest
{
  AionetRequest parent_instance;
};

G_DEFINE_FINAL_TYPE (AionetLinksRequest, _aionet_links_request, AIONET_TYPE_REQUEST)

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (
      error, g_error_new_valist (AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
check_link (gpointer item, GHashTable *names, GHashTable *indexes, GError **error)
{
  const char *name;
  guint       index;

  if (!AIONET_IS_LINK (item))
    return refuse (error, "its list has a %s where a link belongs",
                   item != NULL ? G_OBJECT_TYPE_NAME (item) : "hole");
  name = aionet_link_get_name (item);
  index = aionet_link_get_index (item);
  if (name == NULL || name[0] == '\0' || !g_utf8_validate (name, -1, NULL))
    return refuse (error, "link %u has no valid name", index);
  if (!g_hash_table_add (names, (gpointer) name))
    return refuse (error, "two links are named “%s”", name);
  if (index != 0 && !g_hash_table_add (indexes, GUINT_TO_POINTER (index)))
    return refuse (error, "two links have the index %u", index);
  return TRUE;
}

static GObject *
aionet_links_request_check_result (AionetRequest *request, GObject *result, GError **error)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) indexes = g_hash_table_new (NULL, NULL);
  guint n;

  if (!G_IS_LIST_MODEL (result))
    {
      refuse (error, "it answered with a %s, not with a list of links",
              G_OBJECT_TYPE_NAME (result));
      return NULL;
    }
  n = g_list_model_get_n_items (G_LIST_MODEL (result));
  if (n > MAX_LINKS)
    {
      refuse (error, "it answered with %u links; %d are possible", n, MAX_LINKS);
      return NULL;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (result), i);

      if (!check_link (item, names, indexes, error))
        return NULL;
      g_ptr_array_add (links, g_steal_pointer (&item));
    }
  for (guint i = 0; i < n; i++)
    _aionet_link_seal (links->pdata[i]);
  return G_OBJECT (_aionet_frozen_list_new_take (AIONET_TYPE_LINK, g_steal_pointer (&links)));
}

static void
_aionet_links_request_class_init (AionetLinksRequestClass *klass)
{
  AIONET_REQUEST_CLASS (klass)->check_result = aionet_links_request_check_result;
}

static void
_aionet_links_request_init (AionetLinksRequest *self)
{
}

AionetRequest *
_aionet_links_request_new (void)
{
  return g_object_new (AIONET_TYPE_LINKS_REQUEST, NULL);
}
