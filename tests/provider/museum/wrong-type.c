/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "museum.h"

typedef AionetProviderClass MuseumWrongTypeClass;
typedef struct
{
  AionetProvider parent_instance;
} MuseumWrongType;

static GType museum_wrong_type_get_type (void);

/* A provider of no kind. */
G_DEFINE_FINAL_TYPE (MuseumWrongType, museum_wrong_type, AIONET_TYPE_PROVIDER)

static void
museum_wrong_type_class_init (MuseumWrongTypeClass *klass)
{
}

static void
museum_wrong_type_init (MuseumWrongType *self)
{
}

static const AionetPluginProvider providers[] = { { museum_wrong_type_get_type, 0 }, { NULL } };

AIONET_PLUGIN_DEFINE (
    wrong_type, "wrong-type", "1.0", "Is of no kind", "LGPL-2.1-or-later", providers)
