/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef void (*AionetDisposeFunc) (GObject *object);

/* For dispose () of an object whose sources run in context: calls func, which does what dispose ()
 * would and chains up, with the context in the hands of this thread. If another thread has it, as
 * when a script's garbage collector drops the object, func is called over there later. It may be
 * called once more for an object it has been called for: then it finds nothing left to do. */
void _aionet_dispose_in (GMainContext *context, GObject *object, AionetDisposeFunc func);
/* The same, also if this thread has the context: when the stack is unwound. */
void _aionet_dispose_later (GMainContext *context, GObject *object, AionetDisposeFunc func);

G_END_DECLS
