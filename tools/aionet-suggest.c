/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-suggest.h"

#include <string.h>

/* Longer words are no slip of the finger. */
#define MAX_LENGTH 64

/* Damerau's distance: letters missing, too many, wrong, or swapped with the next. */
static guint
distance (const char *a, const char *b)
{
  guint rows[3][MAX_LENGTH + 1];
  gsize n_a = strlen (a), n_b = strlen (b);

  for (gsize j = 0; j <= n_b; j++)
    rows[0][j] = (guint) j;
  for (gsize i = 1; i <= n_a; i++)
    {
      guint *row = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

      row[0] = (guint) i;
      for (gsize j = 1; j <= n_b; j++)
        {
          guint best = last[j - 1] + (a[i - 1] != b[j - 1]);

          best = MIN (best, MIN (last[j], row[j - 1]) + 1);
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            best = MIN (best, before[j - 2] + 1);
          row[j] = best;
        }
    }
  return rows[n_a % 3][n_b];
}

const char *
_suggest_nearest (const char *word, const char *const *candidates)
{
  const char *nearest = NULL;
  guint       least = G_MAXUINT;
  gsize       length = strlen (word);

  if (length < 2 || length > MAX_LENGTH)
    return NULL;
  for (; *candidates != NULL; candidates++)
    {
      gsize other = strlen (*candidates);
      guint found = other <= MAX_LENGTH ? distance (word, *candidates) : G_MAXUINT;

      /* "serv" and "all" are starts rather than slips. */
      if (g_str_has_prefix (*candidates, word))
        found = 1;
      if (found < least && found <= 1 + MAX (length, other) / 4)
        {
          least = found;
          nearest = *candidates;
        }
    }
  return nearest;
}
