/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* All of the public API from C++. It needs nothing but what is installed:
 * g++ -std=c++17 *.cc $(pkg-config --cflags --libs libaionet-1 gtest) */

#include "aionet-test.h"

int
main (int argc, char **argv)
{
  /* The tests bring their own hosts, whatever the environment says. */
  for (auto name : { "AIONET_STUN_SERVERS", "AIONET_ADDRESS_BACKEND", "AIONET_STUN_PROVIDER",
                     "AIONET_REPLAY_FILE" })
    g_unsetenv (name);
  testing::InitGoogleTest (&argc, argv);
  return RUN_ALL_TESTS ();
}
