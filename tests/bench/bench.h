/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>
#include <sys/socket.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* What the benchmarks of pipes share. The process that measures is the client and runs on one core;
 * each server is a process of its own on another. Peers take turns in one run: only their ratios
 * mean something. */

/* Serves on a descriptor until it is killed. */
typedef void (*BenchServe) (int fd, gpointer data);

typedef struct
{
  const char *name;
  BenchServe  serve;
  gpointer    data;
} BenchPeer;

/* In shared memory: what servers tell, and are told. */
typedef struct
{
  guint64 n_received;
  guint   n_noted; /* memory is noted once there are so many pipes; 0: never */
  guint64 bytes_first, bytes_all, bytes_used; /* of the heap: 1 pipe, all, all after a message */
  guint64 pages_first, pages_all, pages_used;
} BenchShared;

extern BenchShared *bench_shared;

/* Arguments: --quick or --rounds N and --seconds S (of one measurement), and parts of the names of
 * the cases to run. Enters a namespace of its own with Reno on loopback; ends the process with 77
 * if there is none. */
void     bench_init (int argc, char *argv[]);
gboolean bench_wants (const char *name);
guint    bench_get_n_rounds (void);
double   bench_get_seconds (void); /* of one measurement */

void     bench_pin (guint core);
pid_t    bench_start (const BenchPeer *peer, int fd);
void     bench_stop (pid_t pid);
double   bench_get_cpu (pid_t pid);
double   bench_now (void);

int      bench_listen (int type, struct sockaddr *address, socklen_t *size);
guint64  bench_heap_bytes (void);
guint64  bench_resident_pages (void);

void     bench_record (const char *name, const char *peer, const char *metric, double value);
/* Prints what was not printed yet, a line each: case, peer, metric, median, and the median over the
 * rounds of the ratio to the first peer of the case. */
void bench_print (void);

/* Servers, one file a library. */
void serve_tcp_raw (int fd, gpointer data);
void serve_tcp_gio (int fd, gpointer data);
void serve_tcp_uv (int fd, gpointer data);
void serve_tcp_pipe (int fd, gpointer use_signal);
void serve_udp_raw (int fd, gpointer data);
void serve_udp_gio (int fd, gpointer data);
void serve_udp_uv (int fd, gpointer data);
void serve_udp_pipe (int fd, gpointer use_signal);
void serve_sink_raw (int fd, gpointer data);
void serve_sink_pipe (int fd, gpointer data);

G_END_DECLS
