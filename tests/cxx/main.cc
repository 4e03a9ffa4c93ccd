/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* All of the public API from C++. It needs nothing but what is installed:
 * g++ -std=c++17 *.cc $(pkg-config --cflags --libs libaionet-1 gtest) */

#include <glib/gstdio.h>

#include <cstdio>
#include <fstream>

#include "hosts.h"

/* A file of the plugin `replay`; gone when the program ends. */
class ReplayFile
{
public:
  explicit ReplayFile (const char *text)
  {
    std::ofstream (path) << text;
    g_setenv ("AIONET_REPLAY_FILE", path.c_str (), TRUE);
  }
  ReplayFile (const ReplayFile &) = delete;
  ReplayFile &operator= (const ReplayFile &) = delete;
  ~ReplayFile () { std::remove (path.c_str ()); }

private:
  static std::string
  new_path ()
  {
    GError *error = nullptr;
    char   *name = nullptr;
    int     fd = g_file_open_tmp ("aionet-cxx-XXXXXX", &name, &error);

    g_assert_no_error (error);
    g_close (fd, nullptr);
    return to_string (name);
  }

  const std::string path = new_path ();
};

int
main (int argc, char **argv)
{
  ReplayFile file (GUIDE_EXAMPLE);

  /* Whatever a test forgets to set, no packet leaves this machine. */
  g_setenv ("AIONET_ADDRESS_BACKEND", "replay", TRUE);
  g_setenv ("AIONET_STUN_PROVIDER", "replay", TRUE);
  g_setenv ("AIONET_STUN_SERVERS", "9.1.1.1:3478,9.2.1.1:3478,9.3.1.1:3478", TRUE);
  testing::InitGoogleTest (&argc, argv);
  return RUN_ALL_TESTS ();
}
