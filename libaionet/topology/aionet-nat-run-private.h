/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-local-private.h"
#include "topology/aionet-load-context-private.h"
#include "value/aionet-nat.h"

G_BEGIN_DECLS

/* Finds the NAT in front of one local address: sends what the survey wants sent, tells it what comes
 * back. TCP joins when UDP is silent. One main context. */
typedef struct _AionetNatRun AionetNatRun;

/* Called once, when the result is there. May be called out of start (). */
typedef void (*AionetNatRunFunc) (AionetNatRun *run, gpointer user_data);

AionetNatRun *_aionet_nat_run_new (AionetLoadContext *context,
                                   const AionetLocal *local,
                                   AionetNatRunFunc   func,
                                   gpointer           user_data);
void          _aionet_nat_run_start (AionetNatRun *self);
/* The time is over: ends with what is known, func is called. Nothing when it has ended. */
void _aionet_nat_run_expire (AionetNatRun *self);
/* Cancels what is under way, tells nobody. */
void _aionet_nat_run_free (AionetNatRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetNatRun, _aionet_nat_run_free)

/* After the end. (transfer none); not tested when there was no server to ask */
AionetNat *_aionet_nat_run_get_nat (AionetNatRun *self);
/* Why no server was asked; without full stop */
char *_aionet_nat_run_explain (AionetNatRun *self);

G_END_DECLS
