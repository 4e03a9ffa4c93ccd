/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <aionet.h>

G_BEGIN_DECLS

/* A directory for modules, and a registry that may scan it. Modules are copied there, since the
 * rights of files in a build directory are anybody's guess. */
typedef struct
{
  char           *directory;
  AionetRegistry *registry;
} MuseumFixture;

typedef struct
{
  const char *path;
  void (*run) (MuseumFixture *f, gconstpointer data);
} MuseumCase;

/* cases: ends with a NULL path */
int  museum_run (const MuseumCase *cases);

void museum_set_up (MuseumFixture *f, gconstpointer data);
void museum_tear_down (MuseumFixture *f, gconstpointer data);
void museum_write (const char *path, const char *contents, gssize length, guint mode);

/* Modules that are opened are the same files in all cases, by hard links: a second file with the
 * same types could not be loaded into one process. */
void museum_copy (MuseumFixture *f, const char *name);
/* museum: path below the museum. Returns: (transfer full) where the copy is. Not to be opened. */
char *museum_copy_as (MuseumFixture *f, const char *museum, const char *name, guint mode);

void  museum_scan (MuseumFixture *f);
/* (transfer none) The last info of that name: built-in plugins come first. */
AionetPluginInfo *museum_find (AionetRegistry *registry, const char *name);
void              museum_assert_refused (MuseumFixture *f, const char *name, const char *words);

G_END_DECLS
