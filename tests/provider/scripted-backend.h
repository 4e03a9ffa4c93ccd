/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "provider/aionet-address-backend.h"
#include "provider/aionet-link.h"

G_BEGIN_DECLS

/* An address backend that does with a request what the test says. */

typedef struct _ScriptedBackend ScriptedBackend;
typedef void (*ScriptedBegin) (ScriptedBackend *self, AionetRequest *request);

#define SCRIPTED_TYPE_BACKEND (scripted_backend_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedBackend, scripted_backend, SCRIPTED, BACKEND, AionetAddressBackend)

struct _ScriptedBackend
{
  AionetAddressBackend parent_instance;

  ScriptedBegin        script;
  GObject             *answer; /* (owned) (nullable) */
  AionetRequest       *kept;   /* (owned) (nullable) */
  guint                n_begun;
};

ScriptedBackend *scripted_backend_new (ScriptedBegin script);

/* Scripts */
void scripted_answer (ScriptedBackend *self, AionetRequest *request);
void scripted_keep (ScriptedBackend *self, AionetRequest *request);
void scripted_ignore (ScriptedBackend *self, AionetRequest *request);

/* A list of links of these names with the indexes 1, 2, 3 …; ends with NULL */
GListModel *scripted_links (const char *name, ...) G_GNUC_NULL_TERMINATED;

/* Where an asynchronous call puts its result, and waiting for it. */
void          scripted_store (GObject *source, GAsyncResult *result, gpointer place);
GAsyncResult *scripted_wait (GAsyncResult **place);

G_END_DECLS
