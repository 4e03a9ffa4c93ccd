/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "pipe/aionet-pipe-options.h"
#include "pipe/aionet-pipe-private.h"

G_BEGIN_DECLS

/* What a program asked of the socket of a pipe, before or after there is one. A pipe nobody asked
 * anything of has none of this. -option-properties.c is the GObject side, -option-values.c what an
 * option means to the socket, -idle.c the idle time-out, -group.c multicast. */

typedef enum
{
  AIONET_OPTION_RECEIVE_TIMEOUT_MS,
  AIONET_OPTION_IDLE_TIMEOUT_MS,
  AIONET_OPTION_KEEP_ALIVE,
  AIONET_OPTION_KEEP_ALIVE_IDLE_S,
  AIONET_OPTION_KEEP_ALIVE_INTERVAL_S,
  AIONET_OPTION_REUSE_ADDRESS,
  AIONET_OPTION_BROADCAST,
  AIONET_OPTION_LINGER_MS,
  AIONET_OPTION_TTL,
  AIONET_OPTION_TOS,
  AIONET_OPTION_MULTICAST_TTL,
  AIONET_OPTION_MULTICAST_LOOPBACK,
  AIONET_OPTION_NO_DELAY,
  AIONET_OPTION_SEND_BUFFER_BYTES,
  AIONET_OPTION_RECEIVE_BUFFER_BYTES,
  AIONET_N_OPTIONS
} AionetPipeOption;

struct _AionetPipeOptions
{
  int     values[AIONET_N_OPTIONS];
  guint32 chosen; /* one bit each: set by the program, not the initial value */

  /* The pipe's own, not inherited by its clients. */
  GSource   *idle_timer;    /* (owned) (nullable) */
  guint64    idle_progress; /* how far the pipe had come when the timer last looked */
  guint      idle_checks;   /* without any progress */
  GPtrArray *groups;        /* (owned) (nullable) to be joined when the pipe opens */
};

/* aionet-pipe-option-properties.c */
void _aionet_pipe_install_options (GObjectClass *object_class, guint first_id);
void _aionet_pipe_get_option_property (AionetPipe *self, AionetPipeOption option, GValue *value);
void
_aionet_pipe_set_option_property (AionetPipe *self, AionetPipeOption option, const GValue *value);
/* Sets and notifies. */
void _aionet_pipe_change_option (AionetPipe *self, AionetPipeOption option, int value);

/* aionet-pipe-option-values.c */
AionetPipeOptions *_aionet_pipe_ensure_options (AionetPipe *self);
int                _aionet_pipe_get_option (AionetPipe *self, AionetPipeOption option);
/* Returns TRUE if that is another value than before. */
gboolean _aionet_pipe_set_option (AionetPipe *self, AionetPipeOption option, int value);
/* Prepares a socket that is bound already, before it connects or listens. */
gboolean _aionet_pipe_apply_options (AionetPipe *self, int fd, GError **error);
/* A client is what its server is; the socket has inherited by itself. */
void _aionet_pipe_inherit_options (AionetPipe *self, AionetPipe *server);
/* The descriptor is about to be closed. */
void _aionet_pipe_apply_linger (AionetPipe *self);
void _aionet_pipe_clear_options (AionetPipe *self);

/* aionet-pipe-idle.c */
void _aionet_pipe_update_idle (AionetPipe *self);

/* aionet-pipe-group.c */
gboolean _aionet_pipe_join_groups (AionetPipe *self, GError **error);

G_END_DECLS
