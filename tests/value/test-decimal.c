/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "value/aionet-decimal-private.h"

static void
test_accepted (void)
{
  static const struct
  {
    const char *text;
    guint64     max;
    guint64     number;
  } cases[] = {
    { "0", 0, 0 },
    { "7", 7, 7 },
    { "007", 7, 7 },
    { "3478", G_MAXUINT16, 3478 },
    { "65535", G_MAXUINT16, 65535 },
    { "18446744073709551615", G_MAXUINT64, G_MAXUINT64 },
  };

  g_test_summary ("Digits up to the largest number that is allowed are its value");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 number = G_MAXUINT64 / 2;

      g_test_message ("%s", cases[i].text);
      g_assert_true (_aionet_decimal_parse (cases[i].text, cases[i].max, &number));
      g_assert_cmpuint (number, ==, cases[i].number);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    guint64     max;
  } cases[] = {
    { "", 9 },
    { "1", 0 },
    { "8", 7 },
    { "10", 9 },
    { "65536", 65535 },
    { "18446744073709551616", G_MAXUINT64 },
    { "99999999999999999999", G_MAXUINT64 },
    { "+1", 9 },
    { "-1", 9 },
    { " 1", 9 },
    { "1 ", 9 },
    { "0x1", 9 },
    { "1.0", 9 },
    { "one", 9 },
    { "1\xc2\xb2", 99 },
  };

  g_test_summary (
      "Larger numbers, signs, spaces and other signs are refused, the result untouched");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 number = 12345;

      g_test_message ("“%s”", cases[i].text);
      g_assert_false (_aionet_decimal_parse (cases[i].text, cases[i].max, &number));
      g_assert_cmpuint (number, ==, 12345);
    }
}

static gpointer
make_locale (gpointer data)
{
  int *go = data;

  while (!g_atomic_int_get (go))
    ;
  g_ascii_strtoull ("1", NULL, 10);
  return NULL;
}

static void
test_beside_threads (void)
{
  int      go = 0;
  GThread *thread = g_thread_new ("locale", make_locale, &go);
  guint64  number;

  g_test_summary ("A thread that makes the C locale at the same time changes nothing");
  g_atomic_int_set (&go, 1);
  g_assert_true (_aionet_decimal_parse ("3478", G_MAXUINT16, &number));
  g_assert_cmpuint (number, ==, 3478);
  g_thread_join (thread);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/decimal/beside-threads", test_beside_threads);
  g_test_add_func ("/aionet/decimal/accepted", test_accepted);
  g_test_add_func ("/aionet/decimal/refused", test_refused);
  return g_test_run ();
}
