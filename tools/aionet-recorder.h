/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

#define AIONET_TYPE_RECORDER (aionet_recorder_get_type ())

/* A STUN provider that hands each request on to another one, as it is, and notes where it came
 * from: which local addresses a load asks from is the library's to decide. */
G_DECLARE_FINAL_TYPE (AionetRecorder, aionet_recorder, AIONET, RECORDER, AionetStunProvider)

typedef struct
{
  GInetAddress *local;     /* (owned) */
  guint         scope_id;  /* of local */
  char         *interface; /* (owned) (nullable) */
  gboolean      tcp;       /* TCP was tried, too */
} RecordedSource;

AionetRecorder *aionet_recorder_new (AionetStunProvider *provider);
/* In the order of the first request. Returns: (transfer none) (element-type RecordedSource) */
GPtrArray *aionet_recorder_get_sources (AionetRecorder *self);

G_END_DECLS
