/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object of the document, and where it is: "links[0].addresses[1]". All functions fail with
 * AIONET_ERROR_INVALID_JSON and name the member. */
typedef struct
{
  JsonObject *object;
  const char *path;
} AionetReplayReader;

/* FALSE when the node is no object, or has a member that is not in known (which ends with NULL);
 * "description" is allowed everywhere. */
gboolean aionet_replay_reader_open (AionetReplayReader *self,
                                    JsonNode           *node,
                                    const char         *path,
                                    const char *const  *known,
                                    GError            **error);

gboolean aionet_replay_reader_refuse (AionetReplayReader *self,
                                      const char         *member,
                                      const char         *what,
                                      GError            **error);

/* Absent and null members leave the value alone, unless they are required. */
gboolean aionet_replay_reader_get_string (AionetReplayReader *self,
                                          const char         *member,
                                          gboolean            required,
                                          const char        **value,
                                          GError            **error);
gboolean aionet_replay_reader_get_uint (AionetReplayReader *self,
                                        const char         *member,
                                        guint               min,
                                        guint               max,
                                        guint              *value,
                                        GError            **error);
gboolean aionet_replay_reader_get_boolean (AionetReplayReader *self,
                                           const char         *member,
                                           gboolean           *value,
                                           GError            **error);
/* The value of the member of an enum or flags type whose nick is text. */
gboolean aionet_replay_reader_get_enum (
    AionetReplayReader *self, const char *member, GType type, int *value, GError **error);
gboolean aionet_replay_reader_get_flags (
    AionetReplayReader *self, const char *member, GType type, guint *value, GError **error);
/* value: (out) (transfer full) */
gboolean aionet_replay_reader_get_address (AionetReplayReader *self,
                                           const char         *member,
                                           gboolean            required,
                                           GInetAddress      **value,
                                           GError            **error);
/* An address family by its number on any platform. */
gboolean aionet_replay_reader_get_family (AionetReplayReader *self,
                                          const char         *member,
                                          GSocketFamily      *value,
                                          GError            **error);

typedef gboolean (*AionetReplayItemFunc) (JsonNode   *node,
                                          const char *path,
                                          gpointer    user_data,
                                          GError    **error);
/* Calls func for each item of an array member, until it fails. */
gboolean aionet_replay_reader_foreach (AionetReplayReader  *self,
                                       const char          *member,
                                       AionetReplayItemFunc func,
                                       gpointer             user_data,
                                       GError             **error);

G_END_DECLS
