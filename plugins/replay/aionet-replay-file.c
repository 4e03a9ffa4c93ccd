/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-replay-file.h"

#include "aionet-replay-shape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Providers must not block. A regular file of bounded size is read at once; anything that could
 * make us wait (pipes, devices) is refused, and opened in a way that does not wait either. */

char *
aionet_replay_file_dup_default (void)
{
  const char *path = secure_getenv ("AIONET_REPLAY_FILE");

  return path != NULL && path[0] != '\0' ? g_strdup (path) : NULL;
}

static gboolean
fail_with_errno (const char *path, GError **error)
{
  const int number = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "Replay file “%s”: %s", path,
               g_strerror (number));
  return FALSE;
}

static gboolean
read_all (int fd, const char *path, GByteArray *bytes, GError **error)
{
  guint8 chunk[16384];
  gssize n = 0;

  do
    {
      n = read (fd, chunk, sizeof chunk);
      if (n > 0)
        g_byte_array_append (bytes, chunk, (guint) n);
    }
  while ((n > 0 && bytes->len <= AIONET_REPLAY_MAX_BYTES) || (n < 0 && errno == EINTR));
  return n >= 0 || fail_with_errno (path, error);
}

static gboolean
read_file (const char *path, GByteArray *bytes, GError **error)
{
  const int   fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status = { 0 };
  gboolean    ok = FALSE;

  if (fd < 0)
    return fail_with_errno (path, error);
  if (fstat (fd, &status) != 0)
    fail_with_errno (path, error);
  else if (!S_ISREG (status.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 "Replay file “%s”: is no regular file", path);
  else
    ok = read_all (fd, path, bytes, error);
  close (fd);
  return ok;
}

AionetReplayDocument *
aionet_replay_file_load (const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  AionetReplayDocument *document = NULL;

  if (!read_file (path, bytes, error))
    return NULL;
  document = aionet_replay_document_new (bytes->len > 0 ? (const char *) bytes->data : "",
                                         bytes->len, error);
  if (document == NULL)
    g_prefix_error (error, "Replay file “%s”: ", path);
  return document;
}

guint64
aionet_replay_file_get_stamp (const char *path)
{
  struct stat status = { 0 };
  guint64     stamp = 1;

  if (stat (path, &status) != 0)
    return 0;
  stamp = stamp * 31 + (guint64) status.st_ino;
  stamp = stamp * 31 + (guint64) status.st_size;
  stamp = stamp * 31 + (guint64) status.st_mtim.tv_sec;
  stamp = stamp * 31 + (guint64) status.st_mtim.tv_nsec;
  return MAX (stamp, 1);
}
