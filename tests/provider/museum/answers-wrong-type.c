/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

static void
begin (AionetAddressBackend *self, AionetRequest *request)
{
  aionet_request_complete (request, G_OBJECT (self));
}

MUSEUM_BACKEND (MuseumAnswersWrongType, museum_answers_wrong_type, begin, NULL)

static const AionetPluginProvider providers[] = { { museum_answers_wrong_type_get_type, -20 },
                                                  { NULL } };

AIONET_PLUGIN_DEFINE (answers_wrong_type,
                      "answers-wrong-type",
                      "1.0",
                      "Answers with itself",
                      "LGPL-2.1-or-later",
                      providers)
