/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "discovery/aionet-port-delta-private.h"

#define EQUAL AIONET_DELTA_TYPE_EQUAL
#define PRESERVING AIONET_DELTA_TYPE_PRESERVING
#define INDEPENDENT AIONET_DELTA_TYPE_INDEPENDENT
#define DEPENDENT AIONET_DELTA_TYPE_DEPENDENT
#define RANDOM AIONET_DELTA_TYPE_RANDOM

static void
test_cases (void)
{
  static const struct
  {
    const char     *name;
    AionetPortProbe probes[AIONET_PORT_DELTA_N_PROBES];
    AionetDeltaType type;
    int             value;
  } rows[] = {
    { "D-01",
      { { 4567, 4567 },
        { 48234, 48234 },
        { 6823, 6823 },
        { 60000, 60000 },
        { 50000, 50000 },
        { 60001, 60001 },
        { 5000, 5001 },
        { 5000, 5001 } },
      EQUAL,
      0 },
    { "D-02",
      { { 4000, 50000 },
        { 10000, 56000 },
        { 10200, 56200 },
        { 10400, 56400 },
        { 11000, 57000 },
        { 12000, 58000 },
        { 4620, 2333 },
        { 4630, 2334 } },
      PRESERVING,
      0 },
    { "D-04",
      { { 4560, 50000 },
        { 4561, 50020 },
        { 4562, 50040 },
        { 4563, 50060 },
        { 4564, 50080 },
        { 4565, 50100 },
        { 4566, 2333 },
        { 4567, 6000 } },
      DEPENDENT,
      20 },
    { "D-05",
      { { 4560, 4443 },
        { 4561, 50001 },
        { 4562, 63813 },
        { 4563, 64000 },
        { 4564, 2000 },
        { 4565, 6004 },
        { 4566, 2333 },
        { 4567, 8432 } },
      RANDOM,
      0 },
    { "D-07",
      { { 33000, 65530 },
        { 50200, 65532 },
        { 41000, 65534 },
        { 60300, 1 },
        { 38400, 3 },
        { 45500, 5 },
        { 52600, 7 },
        { 36700, 9 } },
      INDEPENDENT,
      2 },
    { "D-07, at 65536",
      { { 33000, 65530 },
        { 50200, 65532 },
        { 41000, 65534 },
        { 60300, 0 },
        { 38400, 2 },
        { 45500, 4 },
        { 52600, 6 },
        { 36700, 8 } },
      INDEPENDENT,
      2 },
    { "D-08",
      { { 33000, 3 },
        { 50200, 2 },
        { 41000, 1 },
        { 60300, 65535 },
        { 38400, 65534 },
        { 45500, 65533 },
        { 52600, 65532 },
        { 36700, 65531 } },
      INDEPENDENT,
      -1 },
  };

  g_test_summary ("The examples that have a number");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AionetPortDelta delta = _aionet_port_delta_find (rows[i].probes, AIONET_PORT_DELTA_N_PROBES,
                                                       AIONET_PORT_DELTA_THRESHOLD);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (delta.type, ==, rows[i].type);
      g_assert_cmpint (delta.value, ==, rows[i].value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/port-delta/cases", test_cases);

  return g_test_run ();
}
