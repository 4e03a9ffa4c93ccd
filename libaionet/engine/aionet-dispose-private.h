/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef void (*AionetDisposeFunc) (GObject *object);

/* A thread, also after its end. */
typedef struct _AionetHome AionetHome;

AionetHome                *_aionet_home_ref_current (void);
void                       _aionet_home_unref (AionetHome *self);

/* For dispose () of an object whose sources run in context: calls func, which does what dispose ()
 * would and chains up, in the thread that runs the context, or, while nobody runs it, in the one
 * where the object was made. Another, as when a script's garbage collector drops the object, leaves
 * it to the context to call func; if home has ended and nobody runs the context, it does so itself.
 * func may be called once more for the same object: then it finds nothing left to do. */
void _aionet_dispose_in (GMainContext     *context,
                         AionetHome       *home,
                         GObject          *object,
                         AionetDisposeFunc func);
/* The same, also if this thread has the context: when the stack is unwound. */
void _aionet_dispose_later (GMainContext *context, GObject *object, AionetDisposeFunc func);

G_END_DECLS
