/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "bench.h"

G_BEGIN_DECLS

/* Relays from a listening descriptor to a port of loopback; data is RelayPeer. */
typedef struct
{
  guint16     port; /* to listen on */
  guint16     target_port;
  gboolean    splices;
  const char *program; /* (nullable) path of the one to run instead */
} RelayPeer;

void serve_relay_raw (int fd, gpointer data);
void serve_relay_pipe (int fd, gpointer data);
/* Programs listen by themselves. */
void serve_relay_haproxy (int fd, gpointer data);
void serve_relay_nginx (int fd, gpointer data);
void serve_relay_socat (int fd, gpointer data);

G_END_DECLS
