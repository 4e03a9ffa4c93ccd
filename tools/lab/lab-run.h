/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "lab/lab-world.h"

G_BEGIN_DECLS

/* Runs command in the client of the planned world; its exit status (128 + signal when one ended it)
 * is the result. Nothing of the world is left afterwards, however this process ends. */
int _lab_run (const LabPlan *plan, char *command[]);

G_END_DECLS
