/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"
#include "aionet-nice-rto-cache.h"
#include "aionet-nice-schedule.h"

#define MS 1000

/* Steps through the schedule with a clock that jumps to the next event; writes when packets left.
 */
static gint64
run_schedule (AionetNiceSchedule *schedule, gint64 start_us, GArray *sent_ms)
{
  gint64         now_us = start_us;
  AionetNiceStep step;

  while ((step = aionet_nice_schedule_step (schedule, now_us)) != AIONET_NICE_STEP_GIVE_UP)
    {
      gint64 ms = (now_us - start_us) / MS;

      if (step == AIONET_NICE_STEP_SEND)
        g_array_append_val (sent_ms, ms);
      g_assert_cmpint (schedule->next_us, >, now_us);
      now_us = schedule->next_us;
    }
  return (now_us - start_us) / MS;
}

static void
assert_times (GArray *sent_ms, const gint64 *expected, guint n_expected)
{
  g_assert_cmpuint (sent_ms->len, ==, n_expected);
  for (guint i = 0; i < n_expected; i++)
    g_assert_cmpint (g_array_index (sent_ms, gint64, i), ==, expected[i]);
}

static void
test_rfc8489 (void)
{
  static const gint64 expected[] = { 0, 500, 1500, 3500, 7500, 15500, 31500 };
  g_autoptr (GArray) sent_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
  AionetNiceSchedule schedule;

  g_test_summary ("With an RTO of 500 ms: seven sends at the RFC's times, the end after 39.5 s");
  aionet_nice_schedule_init (&schedule, 500, 77 * MS, 0);
  g_assert_cmpint (run_schedule (&schedule, 77 * MS, sent_ms), ==, 39500);
  assert_times (sent_ms, expected, G_N_ELEMENTS (expected));
  g_assert_cmpuint (schedule.n_sent, ==, 7);
}

static void
test_scales (void)
{
  static const gint64 expected[] = { 0, 10, 30, 70, 150, 310, 630 };
  g_autoptr (GArray) sent_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
  AionetNiceSchedule schedule;

  g_test_summary ("With another RTO all times scale, as those of libnice's own timer do");
  aionet_nice_schedule_init (&schedule, 10, 0, 0);
  g_assert_cmpint (run_schedule (&schedule, 0, sent_ms), ==, 790);
  assert_times (sent_ms, expected, G_N_ELEMENTS (expected));
}

static void
test_deadline (void)
{
  static const gint64 expected[] = { 0, 500, 1500 };
  g_autoptr (GArray) sent_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
  AionetNiceSchedule schedule;

  g_test_summary ("The deadline of the request cuts the schedule; nothing is sent at that time");
  aionet_nice_schedule_init (&schedule, 500, 0, 3500 * MS);
  g_assert_cmpint (run_schedule (&schedule, 0, sent_ms), ==, 3500);
  assert_times (sent_ms, expected, G_N_ELEMENTS (expected));
}

static void
test_deadline_passed (void)
{
  AionetNiceSchedule schedule;

  g_test_summary ("A deadline in the past sends nothing at all");
  aionet_nice_schedule_init (&schedule, 500, 10 * MS, 5 * MS);
  g_assert_cmpint (aionet_nice_schedule_step (&schedule, 10 * MS), ==, AIONET_NICE_STEP_GIVE_UP);
  g_assert_cmpuint (schedule.n_sent, ==, 0);
}

static void
test_late (void)
{
  AionetNiceSchedule schedule;

  g_test_summary ("A loop that was away for long sends once, not all that it missed");
  aionet_nice_schedule_init (&schedule, 500, 0, 0);
  g_assert_cmpint (aionet_nice_schedule_step (&schedule, 0), ==, AIONET_NICE_STEP_SEND);
  g_assert_cmpint (aionet_nice_schedule_step (&schedule, 499 * MS), ==, AIONET_NICE_STEP_WAIT);
  g_assert_cmpint (aionet_nice_schedule_step (&schedule, 9000 * MS), ==, AIONET_NICE_STEP_SEND);
  g_assert_cmpint (aionet_nice_schedule_step (&schedule, 9000 * MS), ==, AIONET_NICE_STEP_WAIT);
  g_assert_cmpint (schedule.next_us, ==, 10000 * MS);
}

static void
test_rto_estimate (void)
{
  g_autoptr (AionetNiceRtoCache) cache = aionet_nice_rto_cache_new ();
  g_autoptr (GInetAddress) server = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GInetAddress) other = g_inet_address_new_from_string ("192.0.2.2");

  g_test_summary ("Estimates follow RFC 6298: R + 4 x R/2 first, then smoothed, to 1 ms");
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, 500);
  aionet_nice_rto_cache_add (cache, server, 400 * MS, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, 1200);
  /* RTTVAR = 3/4 x 200 + 1/4 x 0 = 150, SRTT = 400 */
  aionet_nice_rto_cache_add (cache, server, 400 * MS, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, 1000);
  /* RTTVAR = 3/4 x 150 + 1/4 x 80 = 132.5, SRTT = 7/8 x 400 + 1/8 x 480 = 410 */
  aionet_nice_rto_cache_add (cache, server, 480 * MS, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, 940);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, other, 500, 0), ==, 500);
}

static void
test_rto_floor (void)
{
  g_autoptr (AionetNiceRtoCache) cache = aionet_nice_rto_cache_new ();
  g_autoptr (GInetAddress) server = g_inet_address_new_from_string ("2001:db8::1");

  g_test_summary (
      "A near server does not bring the RTO below the initial one, a slow one is capped");
  aionet_nice_rto_cache_add (cache, server, 300, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, 500);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 40, 0), ==, 40);
  aionet_nice_rto_cache_add (cache, server, -1, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, 500);
  aionet_nice_rto_cache_add (cache, server, G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, 0), ==, AIONET_NICE_RTO_MAX_MS);
}

static void
test_rto_stale (void)
{
  g_autoptr (AionetNiceRtoCache) cache = aionet_nice_rto_cache_new ();
  g_autoptr (GInetAddress) server = g_inet_address_new_from_string ("192.0.2.1");
  const gint64 age = AIONET_NICE_RTO_MAX_AGE_US;

  g_test_summary ("Estimates are worth nothing after ten minutes, and begin anew then");
  aionet_nice_rto_cache_add (cache, server, 400 * MS, 0);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, age - 1), ==, 1200);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, age), ==, 500);
  aionet_nice_rto_cache_add (cache, server, 200 * MS, age);
  g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, age), ==, 600);
}

static void
test_rto_bounded (void)
{
  g_autoptr (AionetNiceRtoCache) cache = aionet_nice_rto_cache_new ();

  g_test_summary ("However many servers answer, the cache does not grow without end");
  for (guint i = 0; i < 3 * AIONET_NICE_RTO_MAX_SERVERS; i++)
    {
      guint8 bytes[] = { 192, 0, (guint8) (i / 256), (guint8) i };
      g_autoptr (GInetAddress) server = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);

      aionet_nice_rto_cache_add (cache, server, 300 * MS, i);
      g_assert_cmpuint (aionet_nice_rto_cache_get_size (cache), <=, AIONET_NICE_RTO_MAX_SERVERS);
      g_assert_cmpuint (aionet_nice_rto_cache_get (cache, server, 500, i), ==, 900);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/nice-schedule/rfc8489", test_rfc8489);
  g_test_add_func ("/aionet/nice-schedule/scales", test_scales);
  g_test_add_func ("/aionet/nice-schedule/deadline", test_deadline);
  g_test_add_func ("/aionet/nice-schedule/deadline-passed", test_deadline_passed);
  g_test_add_func ("/aionet/nice-schedule/late", test_late);
  g_test_add_func ("/aionet/nice-rto-cache/estimate", test_rto_estimate);
  g_test_add_func ("/aionet/nice-rto-cache/floor", test_rto_floor);
  g_test_add_func ("/aionet/nice-rto-cache/stale", test_rto_stale);
  g_test_add_func ("/aionet/nice-rto-cache/bounded", test_rto_bounded);
  return g_test_run ();
}
