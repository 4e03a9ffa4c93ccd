/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "scripted-backend.h"

G_DEFINE_FINAL_TYPE (ScriptedBackend, scripted_backend, AIONET_TYPE_ADDRESS_BACKEND)

static void
begin (AionetAddressBackend *backend, AionetRequest *request)
{
  ScriptedBackend *self = SCRIPTED_BACKEND (backend);

  self->n_begun++;
  self->script (self, request);
}

static void
finalize (GObject *object)
{
  ScriptedBackend *self = SCRIPTED_BACKEND (object);

  g_clear_object (&self->answer);
  g_clear_object (&self->kept);
  G_OBJECT_CLASS (scripted_backend_parent_class)->finalize (object);
}

static void
scripted_backend_class_init (ScriptedBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;
  AIONET_ADDRESS_BACKEND_CLASS (klass)->begin = begin;
}

static void
scripted_backend_init (ScriptedBackend *self)
{
}

ScriptedBackend *
scripted_backend_new (ScriptedBegin script)
{
  ScriptedBackend *self = g_object_new (SCRIPTED_TYPE_BACKEND, "name", "scripted", NULL);

  self->script = script;
  return self;
}

void
scripted_answer (ScriptedBackend *self, AionetRequest *request)
{
  aionet_request_complete (request, self->answer);
}

void
scripted_keep (ScriptedBackend *self, AionetRequest *request)
{
  g_set_object (&self->kept, request);
}

void
scripted_ignore (ScriptedBackend *self, AionetRequest *request)
{
}

GListModel *
scripted_links (const char *name, ...)
{
  GListStore *links = g_list_store_new (AIONET_TYPE_LINK);
  va_list     names;
  guint       index = 0;

  va_start (names, name);
  for (; name != NULL; name = va_arg (names, const char *))
    {
      g_autoptr (AionetLink) link = aionet_link_new (name, ++index);

      g_list_store_append (links, link);
    }
  va_end (names);
  return G_LIST_MODEL (links);
}

void
scripted_store (GObject *source, GAsyncResult *result, gpointer place)
{
  GAsyncResult **stored = place;

  g_assert_null (*stored);
  *stored = g_object_ref (result);
}

GAsyncResult *
scripted_wait (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  return *place;
}
