/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

static void
begin (AionetAddressBackend *self, AionetRequest *request)
{
  /* Kept for as long as the provider is. */
  g_object_set_data_full (G_OBJECT (self), "museum-request", g_object_ref (request),
                          g_object_unref);
}

MUSEUM_BACKEND (MuseumNeverAnswers, museum_never_answers, begin, NULL)

static const AionetPluginProvider providers[] = { { museum_never_answers_get_type, -20 },
                                                  { NULL } };

AIONET_PLUGIN_DEFINE (never_answers,
                      "never-answers",
                      "1.0",
                      "Keeps requests and is silent",
                      "LGPL-2.1-or-later",
                      providers)
