/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

G_MODULE_EXPORT int no_symbol_answer (void);

int
no_symbol_answer (void)
{
  return 42;
}
