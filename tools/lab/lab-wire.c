/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-wire.h"

#include "lab/lab-spawn.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Delay and loss without netem, which many kernels lack. Frames are taken with their virtio header:
 * veth ends hand over segments whose checksum is not filled in yet, and larger than the MTU. */

#define MAX_FRAME (sizeof (struct virtio_net_hdr) + ETH_HLEN + 65536)
#define MAX_QUEUE_BYTES (32 * 1024 * 1024)
/* A frame that is to be overtaken waits no longer than this for the one that does it. */
#define MAX_HOLD_US 20000
#define NEXT_HEADER_ICMPV6 58

typedef struct
{
  gint64   due_us;
  gboolean held; /* until the next frame has overtaken it */
  gsize    length;
  guint8   data[];
} Frame;

typedef struct
{
  int    from;
  int    to;
  GRand *chance;
  GQueue queue; /* in the order of leaving; at most the last one is held */
  gsize  n_bytes;
} Direction;

typedef struct
{
  Direction          directions[2];
  int                timer;
  const LabWirePlan *plan;     /* (unowned) */
  LabWireCounters   *counters; /* (unowned) */
} Wire;

static int
open_end (const char *name)
{
  struct sockaddr_ll address = { .sll_family = AF_PACKET,
                                 .sll_protocol = g_htons (ETH_P_ALL),
                                 .sll_ifindex = (int) if_nametoindex (name) };
  /* Protocol 0: nothing is queued before the socket is bound to the one interface. */
  int fd = socket (AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int one = 1;
  int bytes = 4 * 1024 * 1024;

  if (fd < 0 || setsockopt (fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof one) != 0 ||
      setsockopt (fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) != 0 ||
      bind (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      if (fd >= 0)
        close (fd);
      return -1;
    }
  /* Best effort: only root outside may go beyond the system's limit. */
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  return fd;
}

static gboolean
is_neighbour_discovery (const guint8 *frame, gsize length)
{
  const guint8 *payload = frame + ETH_HLEN;
  guint16       type = 0;

  if (length < ETH_HLEN)
    return TRUE;
  memcpy (&type, frame + 2 * ETH_ALEN, sizeof type);
  if (g_ntohs (type) == ETH_P_ARP)
    return TRUE;
  return g_ntohs (type) == ETH_P_IPV6 && length > ETH_HLEN + 40 &&
         payload[6] == NEXT_HEADER_ICMPV6 && payload[40] >= 133 && payload[40] <= 137;
}

static void
send_frame (Wire *self, Direction *direction, const guint8 *data, gsize length)
{
  if (send (direction->to, data, length, MSG_DONTWAIT) == (gssize) length)
    self->counters->n_forwarded++;
  else
    self->counters->n_overflow++;
}

/* One that is held leaves right behind the one that overtakes it. */
static void
enqueue (Wire *self, Direction *direction, Frame *frame)
{
  Frame *last = g_queue_peek_tail (&direction->queue);

  direction->n_bytes += frame->length;
  if (last == NULL || !last->held)
    {
      g_queue_push_tail (&direction->queue, frame);
      return;
    }
  last->held = FALSE;
  frame->held = FALSE;
  frame->due_us = MIN (frame->due_us, last->due_us);
  last->due_us = frame->due_us;
  g_queue_insert_before (&direction->queue, direction->queue.tail, frame);
  self->counters->n_reordered++;
}

static void
take_frame (Wire *self, Direction *direction, const guint8 *data, gsize length, gint64 now_us)
{
  gsize    header = sizeof (struct virtio_net_hdr);
  gboolean lost, held;
  Frame   *frame;

  if (length <= header || is_neighbour_discovery (data + header, length - header))
    {
      send_frame (self, direction, data, length);
      return;
    }
  /* Both are drawn for every frame, so that one option does not change what the other does. */
  lost = g_rand_double_range (direction->chance, 0, 100) < self->plan->loss_percent;
  held = g_rand_double_range (direction->chance, 0, 100) < self->plan->reorder_percent;
  if (lost)
    {
      self->counters->n_lost++;
      return;
    }
  if (direction->n_bytes + length > MAX_QUEUE_BYTES)
    {
      self->counters->n_overflow++;
      return;
    }
  frame = g_malloc (sizeof *frame + length);
  frame->due_us = now_us + self->plan->delay_us + (held ? MAX_HOLD_US : 0);
  frame->held = held;
  frame->length = length;
  memcpy (frame->data, data, length);
  enqueue (self, direction, frame);
}

static void
read_frames (Wire *self, Direction *direction)
{
  static guint8 data[MAX_FRAME];
  gint64        now_us = g_get_monotonic_time ();
  gssize        length;

  while ((length = recv (direction->from, data, sizeof data, MSG_DONTWAIT)) > 0)
    take_frame (self, direction, data, (gsize) length, now_us);
}

/* Sends what is due and gives the time of the next frame, or G_MAXINT64. */
static gint64
send_due (Wire *self, Direction *direction)
{
  Frame *frame;

  while ((frame = g_queue_peek_head (&direction->queue)) != NULL)
    {
      if (frame->due_us > g_get_monotonic_time ())
        return frame->due_us;
      send_frame (self, direction, frame->data, frame->length);
      direction->n_bytes -= frame->length;
      g_free (g_queue_pop_head (&direction->queue));
    }
  return G_MAXINT64;
}

static void
set_timer (Wire *self, gint64 due_us)
{
  struct itimerspec when = { 0 };

  if (due_us != G_MAXINT64)
    {
      when.it_value.tv_sec = due_us / G_USEC_PER_SEC;
      when.it_value.tv_nsec = (due_us % G_USEC_PER_SEC) * 1000;
    }
  timerfd_settime (self->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static G_NORETURN void
relay (Wire *self)
{
  struct pollfd polled[] = { { self->directions[0].from, POLLIN, 0 },
                             { self->directions[1].from, POLLIN, 0 },
                             { self->timer, POLLIN, 0 } };

  while (TRUE)
    {
      gint64 next_us = G_MAXINT64;

      poll (polled, G_N_ELEMENTS (polled), -1);
      for (guint i = 0; i < G_N_ELEMENTS (self->directions); i++)
        {
          read_frames (self, &self->directions[i]);
          next_us = MIN (next_us, send_due (self, &self->directions[i]));
        }
      set_timer (self, next_us);
    }
}

LabWireCounters *
_lab_wire_counters_new (guint n)
{
  void *memory = mmap (NULL, MAX (n, 1) * sizeof (LabWireCounters), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    g_error ("cannot map a page: %s", g_strerror (errno));
  return memory;
}

pid_t
_lab_wire_start (const char        *first,
                 const char        *second,
                 const LabWirePlan *plan,
                 LabWireCounters   *counters,
                 GError           **error)
{
  int   a = open_end (first);
  int   b = a >= 0 ? open_end (second) : -1;
  Wire  wire = { .directions = { { a, b, NULL, G_QUEUE_INIT, 0 }, { b, a, NULL, G_QUEUE_INIT, 0 } },
                 .timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                 .plan = plan,
                 .counters = counters };
  pid_t pid = b >= 0 && wire.timer >= 0 ? fork () : -1;

  if (pid == 0)
    {
      _lab_reset_signals ();
      setsid ();
      prctl (PR_SET_NAME, "lab-wire");
      for (guint i = 0; i < G_N_ELEMENTS (wire.directions); i++)
        wire.directions[i].chance = g_rand_new_with_seed_array ((guint32[]){ plan->seed, i }, 2);
      relay (&wire);
    }
  if (pid < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot start the wire: %s",
                 g_strerror (errno));
  if (a >= 0)
    close (a);
  if (b >= 0)
    close (b);
  if (wire.timer >= 0)
    close (wire.timer);
  return pid;
}
