/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "lab/lab-role.h"

const LabRole LAB_ROLES[LAB_N_SERVER_ROLES] = {
  [LAB_SERVER_LYING] = { "lying", "tell a false address each", "--answer @l", TRUE, TRUE },
  [LAB_SERVER_COLLUDING] = { "colluding", "tell one false address all", "--answer @c", TRUE, TRUE },
  [LAB_SERVER_SILENT] = { "silent", "never answer", NULL, FALSE, FALSE },
  [LAB_SERVER_DEAD] = { "dead", "refuse at once", NULL, FALSE, FALSE },
  [LAB_SERVER_FAILING] = { "failing", "answer with an error", "--error 500", TRUE, TRUE },
  [LAB_SERVER_STALLING] = { "stalling", "stop within an answer by TCP, say nothing by UDP",
                            "--stall", TRUE, FALSE },
  [LAB_SERVER_TRUNCATING] = { "truncating", "send half of each answer", "--truncate", TRUE, TRUE },
  [LAB_SERVER_FLOODING] = { "flooding", "send each answer 50 times", "--flood 50", TRUE, TRUE },
  [LAB_SERVER_ELSEWHERE] = { "elsewhere", "answer from the port that was not asked", "--elsewhere",
                             TRUE, FALSE },
  [LAB_SERVER_IGNORING_CHANGE] = { "ignoring-change", "answer from where they were asked, always",
                                   "--ignore-change", TRUE, TRUE },
  [LAB_SERVER_DEAD_ALTERNATE] = { "dead-alternate", "have another address that never answers",
                                  "--dead-alternate @a:3479", TRUE, FALSE },
  [LAB_SERVER_SAME_ALTERNATE] = { "same-alternate", "announce another port as another address",
                                  "--same-alternate", TRUE, TRUE },
  [LAB_SERVER_PLAIN] = { "plain", "have no other address", "--plain", TRUE, FALSE },
  [LAB_SERVER_COTURN] = { "coturn", "are Debian's coturn", NULL, TRUE, TRUE },
};
