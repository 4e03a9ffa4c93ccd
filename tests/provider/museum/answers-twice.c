/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

static void
begin (AionetAddressBackend *self, AionetRequest *request)
{
  g_autoptr (GListModel) first = museum_links ("first0");
  g_autoptr (GListModel) second = museum_links ("second0");

  aionet_request_complete (request, G_OBJECT (first));
  aionet_request_complete (request, G_OBJECT (second));
}

MUSEUM_BACKEND (MuseumAnswersTwice, museum_answers_twice, begin, NULL)

static const AionetPluginProvider providers[] = { { museum_answers_twice_get_type, -20 },
                                                  { NULL } };

AIONET_PLUGIN_DEFINE (answers_twice,
                      "answers-twice",
                      "1.0",
                      "Answers, and answers something else",
                      "LGPL-2.1-or-later",
                      providers)
