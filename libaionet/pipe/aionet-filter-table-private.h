/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

#include "engine/aionet-sockaddr-private.h"

G_BEGIN_DECLS

/* Finds the filters that match a message. Literals and senders are looked up by hash, whatever
 * their number; only regular expressions are tried one by one. Pure: no I/O, no context. */

typedef struct _AionetFilter AionetFilter;

typedef struct
{
  const guint8 *data;
  gsize         length;
} AionetFilterKey;

/* What a message must be like. At most one of regex and literal; neither: any content. */
struct _AionetFilter
{
  GRegex        *regex;   /* (owned) (nullable) */
  GBytes        *literal; /* (owned) (nullable) these bytes, offset bytes into the message */
  guint          offset;
  gboolean       has_sender;
  AionetSockaddr sender; /* port 0: any port, scope id 0: any scope */
  gpointer       owner;  /* (not owned) who asked */

  /* The table's. */
  AionetFilterKey key;
  AionetFilter   *previous;
  AionetFilter   *next;
};

void                              _aionet_filter_clear (AionetFilter *self);

typedef struct _AionetFilterTable AionetFilterTable;

AionetFilterTable                *_aionet_filter_table_new (void);
/* The filters stay their owners'; the table must be empty. */
void  _aionet_filter_table_free (AionetFilterTable *self);
void  _aionet_filter_table_add (AionetFilterTable *self, AionetFilter *filter);
void  _aionet_filter_table_remove (AionetFilterTable *self, AionetFilter *filter);
guint _aionet_filter_table_get_n_filters (AionetFilterTable *self);

/* Appends a reference to the owner (a GObject) of each filter that matches. */
void _aionet_filter_table_match (AionetFilterTable    *self,
                                 const guint8         *data,
                                 gsize                 length,
                                 const AionetSockaddr *sender,
                                 GPtrArray            *owners);
/* Appends a reference to the owner of every filter. */
void _aionet_filter_table_list (AionetFilterTable *self, GPtrArray *owners);

G_END_DECLS
