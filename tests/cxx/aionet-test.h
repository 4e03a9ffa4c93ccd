/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

/* What a program in C++ makes of GObject: owners, errors, and waiting for a call to end. */

#pragma once

#include <aionet.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

/* Far above what a busy machine needs; only what is broken waits so long. */
constexpr int PATIENCE_MS = 20000;

/* ------------------------------------------------------------------ owners */

struct Release
{
  void
  operator() (gpointer object) const
  {
    g_object_unref (object);
  }
  void
  operator() (AionetMessage *message) const
  {
    aionet_message_unref (message);
  }
  void
  operator() (GBytes *bytes) const
  {
    g_bytes_unref (bytes);
  }
  void
  operator() (JsonNode *node) const
  {
    json_node_unref (node);
  }
};

template <typename T> using Ref = std::unique_ptr<T, Release>;

template <typename T>
Ref<T>
take (T *object)
{
  return Ref<T> (object);
}

/* Texts and lists of them that the library hands over. */
std::string              to_string (char *owned);
std::vector<std::string> to_strings (char **owned);

/* ------------------------------------------------------------------ errors */

class Error
{
public:
  Error () = default;
  Error (const Error &) = delete;
  Error &operator= (const Error &) = delete;
  ~Error () { g_clear_error (&error); }

  /* For a call that may fail: forgets what was before. */
  GError **
  out ()
  {
    g_clear_error (&error);
    return &error;
  }
  explicit operator bool () const { return error != nullptr; }
  bool
  is (AionetError code) const
  {
    return g_error_matches (error, AIONET_ERROR, code);
  }
  bool
  is (GIOErrorEnum code) const
  {
    return g_error_matches (error, G_IO_ERROR, code);
  }
  std::string
  message () const
  {
    return error != nullptr ? error->message : "";
  }
  const GError *
  get () const
  {
    return error;
  }

private:
  GError *error = nullptr;
};

std::ostream &operator<< (std::ostream &stream, const Error &error);

/* ------------------------------------------------------------------ waiting */

/* Turns the default main context until `condition` holds; a failure of the test if it never does.
 */
bool turn_until (const std::function<bool ()> &condition);
/* Whatever is ready now, no more. */
void turn_a_little ();

/* Result of an asynchronous call, which `start` makes with the callback and data given to it. */
Ref<GAsyncResult> await (const std::function<void (GAsyncReadyCallback, gpointer)> &start);

/* ------------------------------------------------------------------ values */

Ref<GInetAddress>   address (const char *text);
Ref<GSocketAddress> endpoint (const char *text, guint16 port);
std::string         to_text (GInetAddress *address);
std::string         to_text (GSocketAddress *endpoint);
guint16             port_of (GSocketAddress *endpoint);
Ref<GBytes>         bytes (const std::string &text);
std::string         to_text (GBytes *bytes);
std::string         to_text (AionetMessage *message);
Ref<AionetIpRange>  range (const char *text);

/* The items of a model, owned. */
template <typename T>
std::vector<Ref<T> >
items (gpointer model)
{
  std::vector<Ref<T> > all;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    all.push_back (take (static_cast<T *> (g_list_model_get_item (G_LIST_MODEL (model), i))));
  return all;
}

/* A model of ranges: "10.0.0.1 10.0.0.0/24". */
Ref<GListModel> ranges (const std::string &texts);

/* ------------------------------------------------------------------ the environment */

bool has_ipv6 ();

/* A route that binds to an address of this host. */
Ref<AionetRoute> route_at (const char *address, guint16 port = 0);
