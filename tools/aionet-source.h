/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "aionet-host-options.h"

G_BEGIN_DECLS

/* --route and --from: where a connection comes from. */
typedef struct
{
  HostOptions host;
  char       *route; /* (owned) (nullable) NIC/FAMILY/INDEX */
  char       *from;  /* (owned) (nullable) ADDRESS */
} SourceOptions;

void _source_options_add (SourceOptions *self, CommandLine *line);
void _source_options_clear (SourceOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SourceOptions, _source_options_clear)

gboolean _source_parse_protocol (const char *text, GSocketProtocol *protocol);

/* The route they describe, NULL for what the system chooses: not bound, or bound to an address.
 * FALSE after telling the user, with *status. route: (out) (transfer full) (nullable) */
gboolean
_source_find_route (SourceOptions *self, const char *program, AionetRoute **route, int *status);

G_END_DECLS
