/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A directory of modules, and the trust rule: modules run with all rights of the program, so
 * nobody but root and the program's own user may be able to write them. */
typedef struct _AionetModuleDirectory AionetModuleDirectory;

/* Errors: G_IO_ERROR, when it cannot be read. */
AionetModuleDirectory *_aionet_module_directory_open (const char *path, GError **error);
void                   _aionet_module_directory_free (AionetModuleDirectory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AionetModuleDirectory, _aionet_module_directory_free)

/* (transfer full) names of the files libaionet-*.so, sorted; NULL with error */
char **_aionet_module_directory_list (AionetModuleDirectory *self, GError **error);

/* (transfer full) a name to open the file by that nobody can put another file behind, if it is to
 * be trusted; else NULL with AIONET_ERROR_PLUGIN_INVALID. */
char *_aionet_module_directory_dup_trusted (AionetModuleDirectory *self,
                                            const char            *file_name,
                                            GError               **error);

G_END_DECLS
