/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-host-options.h"

#include "aionet-commands.h"
#include "aionet-wait.h"

#define STUN_PORT 3478
#define MAX_TIMEOUT_MS 600000

void
_host_options_add_backend (HostOptions *self, CommandLine *line)
{
  const GOptionEntry entries[] = {
    { "backend", 0, 0, G_OPTION_ARG_STRING, &self->backend,
      "address backend to use (the best there is)", "BACKEND" },
    { NULL },
  };

  _line_add (line, "Options", entries);
}

void
_host_options_add_asking (HostOptions *self, CommandLine *line)
{
  const GOptionEntry entries[] = {
    { "timeout", 0, 0, G_OPTION_ARG_INT, &self->timeout_ms,
      "how long to wait for answers, 1 to 600000 milliseconds (3000)", "MS" },
    { "provider", 0, 0, G_OPTION_ARG_STRING, &self->provider,
      "STUN provider to use (the best there is)", "PROVIDER" },
    { NULL },
  };

  _line_add (line, "Asking STUN servers", entries);
}

void
_host_options_add_consensus (HostOptions *self, CommandLine *line)
{
  const GOptionEntry entries[] = {
    { "stun-server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->stun_servers,
      "server to ask instead of the usual ones, at port 3478 unless told; can be given several "
      "times",
      "SERVER[:PORT]" },
    { "min-agree", 0, 0, G_OPTION_ARG_INT, &self->min_agree,
      "believe in an address when so many distinct networks agree, 1 or more (2)", "N" },
    { "allow-private", 0, 0, G_OPTION_ARG_NONE, &self->allow_private,
      "believe in external addresses that are private, as behind two NATs", NULL },
    { NULL },
  };

  _line_add (line, "Asking STUN servers", entries);
}

void
_host_options_clear (HostOptions *self)
{
  g_clear_pointer (&self->stun_servers, g_strfreev);
  g_clear_pointer (&self->backend, g_free);
  g_clear_pointer (&self->provider, g_free);
}

static gboolean
set_stun_servers (HostOptions *self, AionetHost *host, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) servers = NULL;

  if (self->stun_servers == NULL)
    return TRUE;
  for (char **text = self->stun_servers; *text != NULL; text++)
    {
      g_autoptr (AionetTarget) target = aionet_target_new_from_string (*text, STUN_PORT, error);
      g_autofree char *server = NULL;

      if (target == NULL)
        return FALSE;
      server = aionet_target_to_string (target);
      g_strv_builder_add (builder, server);
    }
  servers = g_strv_builder_end (builder);
  aionet_host_set_stun_servers (host, (const char *const *) servers);
  return TRUE;
}

/* A backend that is not of this host, as “replay”, has answers of its own. */
static const char *
choose_provider (HostOptions *self, AionetRegistry *registry)
{
  if (self->provider != NULL || self->backend == NULL)
    return self->provider;
  return aionet_registry_lookup (registry, AIONET_TYPE_STUN_PROVIDER, self->backend) != NULL
             ? self->backend
             : NULL;
}

static gboolean
set_providers (HostOptions *self, AionetHost *host, GError **error)
{
  AionetRegistry *registry = aionet_host_get_registry (host);
  const char     *provider_name = choose_provider (self, registry);

  if (self->backend != NULL)
    {
      g_autoptr (AionetProvider) backend = aionet_registry_create_provider (
          registry, AIONET_TYPE_ADDRESS_BACKEND, self->backend, error);

      if (backend == NULL)
        return FALSE;
      aionet_host_set_address_backend (host, AIONET_ADDRESS_BACKEND (backend));
    }
  if (provider_name != NULL)
    {
      g_autoptr (AionetProvider) provider = aionet_registry_create_provider (
          registry, AIONET_TYPE_STUN_PROVIDER, provider_name, error);

      if (provider == NULL)
        return FALSE;
      aionet_host_set_stun_provider (host, AIONET_STUN_PROVIDER (provider));
    }
  return TRUE;
}

AionetHost *
_host_options_make_host (HostOptions *self, const char *program, int *status)
{
  g_autoptr (AionetHost) host = aionet_host_new ();
  g_autoptr (GError) error = NULL;

  *status = EXIT_USAGE;
  if (self->timeout_ms < 0 || self->timeout_ms > MAX_TIMEOUT_MS)
    _cmd_misuse (program, "--timeout is 1 to %d milliseconds", MAX_TIMEOUT_MS);
  else if (self->min_agree < 0)
    _cmd_misuse (program, "--min-agree is 1 or more");
  else if (!set_stun_servers (self, host, &error))
    _cmd_misuse (program, "--stun-server: %s", error->message);
  else if (!set_providers (self, host, &error))
    *status = _cmd_fail_error (error);
  else
    *status = EXIT_DONE;
  if (*status != EXIT_DONE)
    return NULL;
  if (self->timeout_ms > 0)
    aionet_host_set_timeout (host, (guint) self->timeout_ms);
  if (self->min_agree > 0)
    aionet_host_set_min_agree (host, (guint) self->min_agree);
  if (self->allow_private)
    aionet_host_set_allow_private (host, TRUE);
  return g_steal_pointer (&host);
}

gboolean
_host_refresh (AionetHost *host, int *status)
{
  g_autoptr (AionetWait) wait = _wait_new ("listing the interfaces");
  g_autoptr (GError) error = NULL;

  aionet_host_refresh_async (host, _wait_get_cancellable (wait), _wait_ready, wait);
  if (aionet_host_refresh_finish (host, _wait_run (wait), &error))
    return TRUE;
  *status = _wait_fail (wait, error);
  return FALSE;
}
