/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What differs between two states of a host. Pure: from documents to a list. */

typedef enum
{
  CHANGE_NEUTRAL,
  CHANGE_GAIN,
  CHANGE_LOSS,
} ChangeTone;

typedef struct
{
  const char *event;     /* "address-added" */
  char       *interface; /* (owned) (nullable): that no interface is the default */
  JsonObject *details;   /* (owned) the members of the event that come after the name */
  char       *text;      /* (owned) the same for a person */
  ChangeTone  tone;
} Change;

void _change_free (Change *self);

/* Links as _links_to_json() has them; before NULL: all are there from the beginning, which gives
 * events "…-present". Returns: (transfer full) (element-type Change) */
GPtrArray *_changes_of_links (JsonArray *before, JsonArray *after);

/* Routes of one interface, the object "rp" of its document; NULL: none. present: all are there from
 * the beginning. Returns: (transfer full) (element-type Change) */
GPtrArray *
_changes_of_routes (const char *interface, JsonObject *before, JsonObject *after, gboolean present);

G_END_DECLS
