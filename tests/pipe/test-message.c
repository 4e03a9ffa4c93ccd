/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <gio/gio.h>

#include "pipe/aionet-message.h"

static void
test_content (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a\0b", 3);
  g_autoptr (GSocketAddress) sender = g_inet_socket_address_new_from_string ("127.0.0.1", 9);
  g_autoptr (AionetMessage) message = NULL;
  g_autoptr (AionetMessage) copy = NULL;

  g_test_summary ("A message keeps its bytes and sender, and shares them with its copies");

  message = aionet_message_new (bytes, sender);
  g_assert_true (g_bytes_equal (aionet_message_get_bytes (message), bytes));
  g_assert_true (aionet_message_get_sender (message) == sender);
  copy = g_boxed_copy (AIONET_TYPE_MESSAGE, message);
  g_clear_pointer (&message, aionet_message_unref);
  g_clear_object (&sender);
  g_assert_true (G_IS_INET_SOCKET_ADDRESS (aionet_message_get_sender (copy)));
}

static void
test_no_sender (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new (NULL, 0);
  g_autoptr (AionetMessage) message = aionet_message_new (bytes, NULL);

  g_test_summary ("An empty message from nobody is a message");

  g_assert_null (aionet_message_get_sender (message));
  g_assert_cmpuint (g_bytes_get_size (aionet_message_get_bytes (message)), ==, 0);
}

static void
test_text (void)
{
  static const struct
  {
    const char *data;
    gsize       size;
    const char *text;
  } table[] = {
    { "hello", 5, "hello" },
    { "", 0, "" },
    { "gr\303\274n", 5, "gr\303\274n" },
    { "a\0b", 3, "a\357\277\275b" },
    { "\377\303", 2, "\357\277\275\357\277\275" },
  };

  g_test_summary ("The text of a message is UTF-8, whatever its bytes are");

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      /* No zero byte follows, nor any other. */
      g_autoptr (GBytes) bytes = g_bytes_new (table[i].data, table[i].size);
      g_autoptr (AionetMessage) message = aionet_message_new (bytes, NULL);
      g_autofree char *text = aionet_message_dup_text (message);

      g_assert_cmpstr (text, ==, table[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/message/content", test_content);
  g_test_add_func ("/aionet/message/no-sender", test_no_sender);
  g_test_add_func ("/aionet/message/text", test_text);
  return g_test_run ();
}
