/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-commands.h"
#include "aionet-host-options.h"
#include "aionet-link-json.h"
#include "aionet-mask.h"
#include "aionet-output.h"
#include "aionet-recorder.h"
#include "aionet-wait.h"

/* A load shows which local addresses ask; then each of them asks every server, as a load is content
 * with the first three that agree, and a replay may ask others. */

#define STUN_PORT 3478
#define LIST_TIMEOUT_MS 10000
/* Asked at once; more wait. */
#define MAX_PENDING 64

static const char PROGRAM[] = "aionet record";

typedef struct
{
  HostOptions host;
  gboolean    no_external;
  gboolean    mask;
  gboolean    mask_macs;
  gboolean    mask_addresses;
} RecordOptions;

static void
record_options_clear (RecordOptions *self)
{
  _host_options_clear (&self->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RecordOptions, record_options_clear)

/* ------------------------------------------------------------------ servers */

static void
add_server (GPtrArray *servers, GInetAddress *address, guint16 port)
{
  g_autoptr (GSocketAddress) server = g_inet_socket_address_new (address, port);

  for (guint i = 0; i < servers->len; i++)
    {
      GInetSocketAddress *known = servers->pdata[i];

      if (g_inet_address_equal (g_inet_socket_address_get_address (known), address) &&
          g_inet_socket_address_get_port (known) == port)
        return;
    }
  g_ptr_array_add (servers, g_steal_pointer (&server));
}

/* As loads do: of each name the first address of each family. A name that is not found is none. */
static int
look_up (GPtrArray *servers, AionetTarget *target)
{
  static const GResolverNameLookupFlags FAMILIES[] = { G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY,
                                                       G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY };
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (AionetWait) wait = _wait_new ("looking up the servers");

  for (guint i = 0; i < G_N_ELEMENTS (FAMILIES); i++)
    {
      g_autoptr (GError) error = NULL;
      GList *addresses;

      g_resolver_lookup_by_name_with_flags_async (resolver, aionet_target_get_hostname (target),
                                                  FAMILIES[i], _wait_get_cancellable (wait),
                                                  _wait_ready, wait);
      addresses = g_resolver_lookup_by_name_with_flags_finish (resolver, _wait_run (wait), &error);
      if (addresses != NULL)
        add_server (servers, addresses->data, aionet_target_get_port (target));
      g_resolver_free_addresses (addresses);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return _wait_fail (wait, error);
    }
  return EXIT_DONE;
}

static gboolean
find_servers (AionetHost *host, GPtrArray *servers, int *status)
{
  const char *const *names = aionet_host_get_stun_servers (host);

  for (; names != NULL && *names != NULL && *status == EXIT_DONE; names++)
    {
      g_autoptr (AionetTarget) target = aionet_target_new_from_string (*names, STUN_PORT, NULL);

      if (target == NULL)
        continue;
      if (aionet_target_get_address (target) == NULL)
        *status = look_up (servers, target);
      else
        add_server (servers, aionet_target_get_address (target), aionet_target_get_port (target));
    }
  return *status == EXIT_DONE;
}

/* ------------------------------------------------------------------ questions */

typedef struct
{
  AionetStunProvider *provider; /* (unowned) */
  GCancellable       *cancellable;
  guint               timeout_ms;
  GPtrArray          *questions; /* (owned) (element-type Question) */
  guint               n_asked;
  guint               n_pending;
  GError             *error; /* (owned) (nullable) it was interrupted */
} Sweep;

typedef struct
{
  Sweep                *sweep;
  const RecordedSource *source; /* (unowned) */
  GInetSocketAddress   *server; /* (unowned) */
  GSocketProtocol       protocol;
  AionetMapping        *mapping; /* (owned) (nullable) */
  char                 *failure; /* (owned) (nullable) neither: silence */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_object (&self->mapping);
  g_free (self->failure);
  g_free (self);
}

static void ask_more (Sweep *self);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *self = user_data;
  Sweep    *sweep = self->sweep;
  g_autoptr (GError) error = NULL;

  self->mapping = aionet_stun_provider_ask_finish (AIONET_STUN_PROVIDER (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&sweep->error);
      sweep->error = g_steal_pointer (&error);
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    self->failure = g_strdup (error->message);
  sweep->n_pending--;
  ask_more (sweep);
}

static void
ask_more (Sweep *self)
{
  while (self->n_pending < MAX_PENDING && self->n_asked < self->questions->len)
    {
      Question *question = self->questions->pdata[self->n_asked++];
      g_autoptr (GSocketAddress) local =
          g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", question->source->local, "port", 0u,
                        "scope-id", question->source->scope_id, NULL);

      self->n_pending++;
      aionet_stun_provider_ask_async (self->provider, question->server, question->protocol, local,
                                      question->source->interface, AIONET_STUN_CHANGE_NONE,
                                      self->timeout_ms, self->cancellable, on_answer, question);
    }
}

static void
add_question (Sweep                *self,
              const RecordedSource *source,
              GInetSocketAddress   *server,
              GSocketProtocol       protocol)
{
  Question *question = g_new0 (Question, 1);

  question->sweep = self;
  question->source = source;
  question->server = server;
  question->protocol = protocol;
  g_ptr_array_add (self->questions, question);
}

static void
add_questions (Sweep *self, GPtrArray *sources, GPtrArray *servers)
{
  for (guint i = 0; i < sources->len; i++)
    for (guint k = 0; k < servers->len; k++)
      {
        const RecordedSource *source = sources->pdata[i];
        GInetSocketAddress   *server = servers->pdata[k];

        if (g_inet_address_get_family (source->local) !=
            g_socket_address_get_family (G_SOCKET_ADDRESS (server)))
          continue;
        add_question (self, source, server, G_SOCKET_PROTOCOL_UDP);
        if (source->tcp)
          add_question (self, source, server, G_SOCKET_PROTOCOL_TCP);
      }
}

static JsonObject *
question_to_json (const Question *self)
{
  JsonObject      *object = json_object_new ();
  GInetAddress    *server = g_inet_socket_address_get_address (self->server);
  g_autofree char *local = g_inet_address_to_string (self->source->local);
  g_autofree char *remote = g_inet_address_to_string (server);
  gint64           round_trip_us;

  json_object_set_string_member (object, "local", local);
  json_object_set_string_member (object, "server", remote);
  json_object_set_int_member (object, "port", g_inet_socket_address_get_port (self->server));
  json_object_set_string_member (object, "protocol",
                                 self->protocol == G_SOCKET_PROTOCOL_TCP ? "tcp" : "udp");
  if (self->mapping == NULL)
    json_object_set_string_member (object, "fail", self->failure);
  else
    {
      g_autofree char *external = g_inet_address_to_string (
          g_inet_socket_address_get_address (aionet_mapping_get_external (self->mapping)));

      round_trip_us = aionet_mapping_get_round_trip_us (self->mapping);
      json_object_set_string_member (object, "external", external);
      json_object_set_int_member (object, "rtt_ms", MAX (round_trip_us, 0) / 1000);
    }
  return object;
}

/* (transfer full) what each server said; NULL: interrupted, with *status */
static JsonArray *
sweep (AionetStunProvider *provider,
       guint               timeout_ms,
       GPtrArray          *sources,
       GPtrArray          *servers,
       int                *status)
{
  g_autoptr (AionetWait) wait = _wait_new ("asking all STUN servers");
  g_autoptr (GPtrArray) questions = g_ptr_array_new_with_free_func (question_free);
  g_autoptr (JsonArray) mappings = json_array_new ();
  Sweep self = { provider, _wait_get_cancellable (wait), timeout_ms, questions };

  add_questions (&self, sources, servers);
  ask_more (&self);
  while (self.n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
  if (self.error != NULL)
    {
      *status = _wait_fail (wait, self.error);
      g_clear_error (&self.error);
      return NULL;
    }
  for (guint i = 0; i < questions->len; i++)
    {
      const Question *question = questions->pdata[i];

      if (question->mapping != NULL || question->failure != NULL)
        json_array_add_object_element (mappings, question_to_json (question));
    }
  return g_steal_pointer (&mappings);
}

/* ------------------------------------------------------------------ the document */

static JsonArray *
servers_to_json (GPtrArray *servers)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < servers->len; i++)
    {
      g_autofree char *text = g_socket_connectable_to_string (servers->pdata[i]);

      json_array_add_string_element (array, text);
    }
  return array;
}

static gboolean
record_links (AionetHost *host, JsonObject *document, int *status)
{
  g_autoptr (AionetWait) wait = _wait_new ("listing the interfaces");
  AionetAddressBackend *backend;
  g_autoptr (GListModel) links = NULL;
  g_autoptr (GError) error = NULL;

  backend = aionet_host_get_address_backend (host, &error);
  if (backend == NULL)
    {
      *status = _cmd_fail_error (error);
      return FALSE;
    }
  aionet_address_backend_list_links_async (backend, LIST_TIMEOUT_MS, _wait_get_cancellable (wait),
                                           _wait_ready, wait);
  links = aionet_address_backend_list_links_finish (backend, _wait_run (wait), &error);
  if (links == NULL)
    {
      *status = _wait_fail (wait, error);
      return FALSE;
    }
  json_object_set_member (document, "links", _links_to_json (links));
  return TRUE;
}

static gboolean
load_all (AionetHost *host, int *status)
{
  g_autoptr (AionetWait) wait = _wait_new ("asking STUN servers");
  g_autoptr (GError) error = NULL;

  aionet_host_load_all_async (host, _wait_get_cancellable (wait), _wait_ready, wait);
  if (aionet_host_load_all_finish (host, _wait_run (wait), &error))
    return TRUE;
  *status = _wait_fail (wait, error);
  return FALSE;
}

static gboolean
record_mappings (AionetHost *host, JsonObject *document, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AionetStunProvider) provider = aionet_host_get_stun_provider (host, &error);
  g_autoptr (AionetRecorder) recorder = NULL;
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *mappings;

  if (provider == NULL)
    {
      *status = _cmd_fail_error (error);
      return FALSE;
    }
  g_object_ref (provider);
  recorder = aionet_recorder_new (provider);
  aionet_host_set_stun_provider (host, AIONET_STUN_PROVIDER (recorder));
  if (!load_all (host, status) || !find_servers (host, servers, status))
    return FALSE;
  mappings = sweep (provider, aionet_host_get_timeout (host),
                    aionet_recorder_get_sources (recorder), servers, status);
  if (mappings == NULL)
    return FALSE;
  json_object_set_array_member (document, "stun_servers", servers_to_json (servers));
  json_object_set_array_member (document, "mappings", mappings);
  return TRUE;
}

static gboolean
mask (JsonNode *document, const RecordOptions *options, int *status)
{
  g_autoptr (GError) error = NULL;

  if (options->mask || options->mask_macs)
    _mask_macs (document);
  if ((!options->mask && !options->mask_addresses) || _mask_addresses (document, &error))
    return TRUE;
  *status = _cmd_fail_error (error);
  return FALSE;
}

static int
record (AionetHost *host, const RecordOptions *options)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) document = json_node_new (JSON_NODE_OBJECT);
  int status = EXIT_DONE;

  json_object_set_string_member (object, "description", "Recorded by aionet " AIONET_VERSION_TEXT);
  json_node_set_object (document, object);
  if (!record_links (host, object, &status) ||
      (!options->no_external && !record_mappings (host, object, &status)) ||
      !mask (document, options, &status))
    return status;
  _output_json (g_steal_pointer (&document));
  return EXIT_DONE;
}

static const char *const EXAMPLES[] = {
  "aionet record --mask > host.json",
  "What others may see of this host, to tell why something does not work on it.",
  "AIONET_REPLAY_FILE=host.json aionet show --all --backend=replay",
  "The recorded host, wherever that runs, and without a network.",
  NULL,
};

int
_cmd_record (int argc, char *argv[])
{
  g_auto (RecordOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "no-external", 0, 0, G_OPTION_ARG_NONE, &options.no_external,
      "ask no server: only interfaces, addresses and gateways", NULL },
    { "mask", 0, 0, G_OPTION_ARG_NONE, &options.mask, "replace hardware and IP addresses", NULL },
    { "mask-macs", 0, 0, G_OPTION_ARG_NONE, &options.mask_macs, "replace hardware addresses only",
      NULL },
    { "mask-addresses", 0, 0, G_OPTION_ARG_NONE, &options.mask_addresses,
      "replace IP addresses only", NULL },
    { NULL },
  };
  g_autoptr (CommandLine) line = _line_new (
      PROGRAM, NULL,
      "Records this host as JSON: its interfaces, and what each STUN server says to each of "
      "their addresses. With AIONET_REPLAY_FILE naming that file, “--backend=replay” reproduces "
      "the host anywhere.");
  g_autoptr (AionetHost) host = NULL;
  int status;

  line->examples = EXAMPLES;
  _line_add (line, "Options", entries);
  _host_options_add_backend (&options.host, line);
  _host_options_add_consensus (&options.host, line);
  _host_options_add_asking (&options.host, line);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return _cmd_misuse (PROGRAM, "“%s” is too much", argv[1]);
  host = _host_options_make_host (&options.host, PROGRAM, &status);
  return host != NULL ? record (host, &options) : status;
}
