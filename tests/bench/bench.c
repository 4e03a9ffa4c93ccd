/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "bench.h"

#include <malloc.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../plugins/netns.h"

typedef struct
{
  char   *name;
  char   *peer;
  char   *metric;
  GArray *values; /* (element-type double) */
} Series;

BenchShared      *bench_shared;

static GPtrArray *all_series; /* (element-type Series) in the order of the first value */
static guint      n_printed;  /* of them */
static guint      n_rounds = 7;
static double     seconds = 0.1;
static GPtrArray *wanted; /* (element-type utf8) parts of names; none: all */

static void
use_reno (void)
{
  FILE *file = fopen ("/proc/sys/net/ipv4/tcp_congestion_control", "w");

  if (file == NULL || fputs ("reno", file) < 0)
    g_print ("# not Reno, but the system's own congestion control\n");
  if (file != NULL)
    fclose (file);
}

static void
raise_limit (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

static double
get_number (const char *text, double least, double most)
{
  double number = g_ascii_strtod (text, NULL);

  return CLAMP (number, least, most);
}

static void
take_arguments (int argc, char *argv[])
{
  for (int i = 1; i < argc; i++)
    if (g_str_equal (argv[i], "--quick"))
      {
        n_rounds = 1;
        seconds = 0.03;
      }
    else if (g_str_equal (argv[i], "--rounds") && i + 1 < argc)
      n_rounds = (guint) get_number (argv[++i], 1, 1000);
    else if (g_str_equal (argv[i], "--seconds") && i + 1 < argc)
      seconds = get_number (argv[++i], 0.01, 10);
    else
      g_ptr_array_add (wanted, argv[i]);
}

/* Returns: (transfer full) */
static char *
get_processor (void)
{
  g_autofree char *text = NULL;
  const char      *model = NULL;

  if (g_file_get_contents ("/proc/cpuinfo", &text, NULL, NULL))
    model = strstr (text, "model name");
  model = model != NULL ? strchr (model, ':') : NULL;
  return model != NULL ? g_strndup (model + 2, strcspn (model + 2, "\n")) : g_strdup ("unknown");
}

static void
introduce (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%F");
  g_autofree char *processor = get_processor ();
  struct utsname   system;

  uname (&system);
  g_print ("# run: %s, %s %s on %s, %u processors (%s), GLib %u.%u.%u\n", date, system.sysname,
           system.release, system.machine, g_get_num_processors (), processor, glib_major_version,
           glib_minor_version, glib_micro_version);
}

void
bench_init (int argc, char *argv[])
{
  g_autofree char *reason = NULL;

  wanted = g_ptr_array_new ();
  take_arguments (argc, argv);
  introduce ();
  raise_limit ();
  signal (SIGPIPE, SIG_IGN);
  if (!netns_enter (&reason))
    {
      g_print ("skipped: %s\n", reason);
      exit (77);
    }
  use_reno ();
  all_series = g_ptr_array_new ();
  bench_shared =
      mmap (NULL, sizeof *bench_shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (bench_shared != MAP_FAILED);
  bench_pin (1);
}

gboolean
bench_wants (const char *name)
{
  for (guint i = 0; i < wanted->len; i++)
    if (strstr (name, wanted->pdata[i]) != NULL)
      return TRUE;
  return wanted->len == 0;
}

guint
bench_get_n_rounds (void)
{
  return n_rounds;
}

double
bench_get_seconds (void)
{
  return seconds;
}

/* One core only: everybody shares it. */
void
bench_pin (guint core)
{
  cpu_set_t set;

  CPU_ZERO (&set);
  CPU_SET (core, &set);
  sched_setaffinity (0, sizeof set, &set);
}

pid_t
bench_start (const BenchPeer *peer, int fd)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid > 0)
    return pid;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  bench_pin (0);
  peer->serve (fd, peer->data);
  _exit (0);
}

void
bench_stop (pid_t pid)
{
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

double
bench_get_cpu (pid_t pid)
{
  clockid_t       clock;
  struct timespec time = { 0 };

  if (clock_getcpuclockid (pid, &clock) == 0)
    clock_gettime (clock, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

double
bench_now (void)
{
  return (double) g_get_monotonic_time () / 1e6;
}

int
bench_listen (int type, struct sockaddr *address, socklen_t *size)
{
  struct sockaddr_in local = { .sin_family = AF_INET };
  const int          large = 4 * 1024 * 1024;
  int                fd = socket (AF_INET, type | SOCK_CLOEXEC, 0);

  local.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (fd, >=, 0);
  if (type == SOCK_DGRAM)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &local, sizeof local), ==, 0);
  if (type == SOCK_STREAM)
    g_assert_cmpint (listen (fd, 4096), ==, 0);
  g_assert_cmpint (getsockname (fd, address, size), ==, 0);
  return fd;
}

guint64
bench_heap_bytes (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

guint64
bench_resident_pages (void)
{
  unsigned long resident = 0;
  FILE         *file = fopen ("/proc/self/statm", "r");

  if (file == NULL || fscanf (file, "%*u %lu", &resident) != 1)
    resident = 0;
  if (file != NULL)
    fclose (file);
  return resident;
}

static Series *
find_series (const char *name, const char *peer, const char *metric)
{
  for (guint i = 0; i < all_series->len; i++)
    {
      Series *series = all_series->pdata[i];

      if (g_str_equal (series->name, name) && g_str_equal (series->metric, metric) &&
          (peer == NULL || g_str_equal (series->peer, peer)))
        return series;
    }
  return NULL;
}

void
bench_record (const char *name, const char *peer, const char *metric, double value)
{
  Series *series = find_series (name, peer, metric);

  if (series == NULL)
    {
      series = g_new (Series, 1);
      *series = (Series){ g_strdup (name), g_strdup (peer), g_strdup (metric),
                          g_array_new (FALSE, FALSE, sizeof (double)) };
      g_ptr_array_add (all_series, series);
    }
  g_array_append_val (series->values, value);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double *left = a;
  const double *right = b;

  return *left < *right ? -1 : *left > *right;
}

static double
get_median (GArray *values)
{
  g_autoptr (GArray) sorted = g_array_copy (values);

  g_array_sort (sorted, compare);
  return g_array_index (sorted, double, sorted->len / 2);
}

/* Round by round: what drifts, drifts for both. */
static double
get_ratio (Series *series, Series *first)
{
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));

  if (series->values->len != first->values->len)
    return get_median (series->values) / get_median (first->values);
  for (guint i = 0; i < series->values->len; i++)
    {
      double ratio =
          g_array_index (series->values, double, i) / g_array_index (first->values, double, i);

      g_array_append_val (ratios, ratio);
    }
  return get_median (ratios);
}

void
bench_print (void)
{
  for (; n_printed < all_series->len; n_printed++)
    {
      Series *series = all_series->pdata[n_printed];
      Series *first = find_series (series->name, NULL, series->metric);

      g_print ("%s\t%s\t%s\t%.3f\t%.3f\n", series->name, series->peer, series->metric,
               get_median (series->values), get_ratio (series, first));
    }
}
