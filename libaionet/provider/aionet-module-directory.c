/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-module-directory-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/aionet-compat-private.h"
#include "value/aionet-error.h"

/* The directory is opened once, and everything after goes through the descriptor: what was checked
 * is what is loaded, even if somebody replaces a directory on the way to it meanwhile. Modules are
 * opened as /proc/self/fd/N/NAME, not as the descriptor of the file, since a module's $ORIGIN must
 * lead somewhere. The dynamic linker remembers modules by that name and does not look again, so a
 * descriptor that was used so stays open and keeps its number; one a directory and process. */

struct _AionetModuleDirectory
{
  char    *path; /* (owned) */
  int      fd;
  gboolean is_kept;  /* fd belongs to the table of the process */
  GError  *distrust; /* (owned) (nullable): why nothing in it is to be trusted */
};

static gboolean distrust (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
distrust (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error,
                     g_error_new_valist (AIONET_ERROR, AIONET_ERROR_PLUGIN_INVALID, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
distrust_errno (GError **error, const char *what)
{
  return distrust (error, "%s: %s", what, g_strerror (errno));
}

/* For root, geteuid () is root: nobody else is trusted. */
static gboolean
check_owner (const struct stat *status, const char *what, GError **error)
{
  if (status->st_uid != 0 && status->st_uid != geteuid ())
    return distrust (error, "%s belongs to user %u", what, (guint) status->st_uid);
  if ((status->st_mode & S_IWOTH) != 0)
    return distrust (error, "%s can be written by everybody", what);
  if ((status->st_mode & S_IWGRP) != 0)
    return distrust (error, "%s can be written by its group", what);
  return TRUE;
}

static gboolean
check_file (const struct stat *status, GError **error)
{
  if (!S_ISREG (status->st_mode))
    return distrust (error, "it is no regular file");
  if ((status->st_mode & (S_ISUID | S_ISGID)) != 0)
    return distrust (error, "its file has a setuid or setgid bit");
  return check_owner (status, "its file", error);
}

AionetModuleDirectory *
_aionet_module_directory_open (const char *path, GError **error)
{
  AionetModuleDirectory *self;
  struct stat            status;
  int                    fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 || fstat (fd, &status) < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Cannot read plugin directory “%s”: %s", path, g_strerror (code));
      _aionet_clear_fd (&fd);
      return NULL;
    }
  self = g_new0 (AionetModuleDirectory, 1);
  self->path = g_strdup (path);
  self->fd = fd;
  check_owner (&status, "its directory", &self->distrust);
  return self;
}

void
_aionet_module_directory_free (AionetModuleDirectory *self)
{
  if (!self->is_kept)
    _aionet_clear_fd (&self->fd);
  g_clear_error (&self->distrust);
  g_free (self->path);
  g_free (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char **
_aionet_module_directory_list (AionetModuleDirectory *self, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct dirent *entry;
  int            fd = openat (self->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR           *stream = fd >= 0 ? fdopendir (fd) : NULL;

  if (stream == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Cannot read plugin directory “%s”: %s", self->path, g_strerror (code));
      _aionet_clear_fd (&fd);
      return NULL;
    }
  while ((entry = readdir (stream)) != NULL)
    {
      if (g_str_has_prefix (entry->d_name, "libaionet-") && g_str_has_suffix (entry->d_name, ".so"))
        g_ptr_array_add (names, g_strdup (entry->d_name));
    }
  closedir (stream);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* A link within the directory is as good as the directory; one out of it leads to a place that was
 * not checked, and so may a link to a link. */
static gboolean
check_link (AionetModuleDirectory *self, const char *file_name, GError **error)
{
  char   target[NAME_MAX + 2];
  char   further[1];
  gssize length = readlinkat (self->fd, file_name, target, sizeof target - 1);

  if (length < 0)
    return errno == EINVAL || distrust_errno (error, "it cannot be read");
  target[length] = '\0';
  if (length > NAME_MAX || strchr (target, '/') != NULL)
    return distrust (error, "it is a symbolic link out of its directory");
  if (readlinkat (self->fd, target, further, sizeof further) >= 0)
    return distrust (error, "it is a symbolic link to another one");
  return TRUE;
}

/* O_NONBLOCK: a FIFO must not stop us. */
static gboolean
stat_file (AionetModuleDirectory *self, const char *file_name, struct stat *status, GError **error)
{
  int fd = openat (self->fd, file_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 || fstat (fd, status) < 0)
    {
      distrust_errno (error, "it cannot be read");
      _aionet_clear_fd (&fd);
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* The descriptor of this directory that names in the dynamic linker are made of. */
static int
keep_fd (AionetModuleDirectory *self)
{
  static GMutex      lock;
  static GHashTable *kept; /* (element-type utf8 int) (mutex lock) */
  struct stat        status;
  g_autofree char   *key = NULL;
  int                fd;

  if (self->is_kept || fstat (self->fd, &status) < 0)
    return self->fd;
  key = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64) status.st_dev,
                         (guint64) status.st_ino);
  g_mutex_lock (&lock);
  if (kept == NULL)
    kept = g_hash_table_new (g_str_hash, g_str_equal);
  fd = GPOINTER_TO_INT (g_hash_table_lookup (kept, key));
  if (fd == 0)
    g_hash_table_insert (kept, g_steal_pointer (&key), GINT_TO_POINTER (fd = self->fd));
  else
    _aionet_clear_fd (&self->fd);
  g_mutex_unlock (&lock);
  self->fd = fd;
  self->is_kept = TRUE;
  return fd;
}

/* Without /proc the plain path has to do, if it still leads to the file that was checked. */
static char *
dup_plain_path (AionetModuleDirectory *self,
                const char            *file_name,
                const struct stat     *status,
                GError               **error)
{
  g_autofree char *path = g_build_filename (self->path, file_name, NULL);
  struct stat      now;

  if (stat (path, &now) == 0 && now.st_dev == status->st_dev && now.st_ino == status->st_ino)
    return g_steal_pointer (&path);
  distrust (error, "it was replaced while it was being checked");
  return NULL;
}

char *
_aionet_module_directory_dup_trusted (AionetModuleDirectory *self,
                                      const char            *file_name,
                                      GError               **error)
{
  g_autofree char *path = NULL;
  struct stat      status;

  if (self->distrust != NULL)
    {
      g_propagate_error (error, g_error_copy (self->distrust));
      return NULL;
    }
  if (!check_link (self, file_name, error) || !stat_file (self, file_name, &status, error) ||
      !check_file (&status, error))
    return NULL;
  path = g_strdup_printf ("/proc/self/fd/%d/%s", keep_fd (self), file_name);
  if (access (path, R_OK) == 0)
    return g_steal_pointer (&path);
  return dup_plain_path (self, file_name, &status, error);
}
