/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-changes.h"
#include "aionet-commands.h"
#include "aionet-host-options.h"
#include "aionet-link-json.h"
#include "aionet-table.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Two states of the host are compared whenever the address backend tells of a change: first its
 * links, and with --load then the routes of the interfaces whose links have changed. One listing
 * and one load run at a time; what happens meanwhile makes the next. */

#define POLL_EVERY_MS 1000
#define LIST_TIMEOUT_MS 10000

static const char PROGRAM[] = "aionet watch";

typedef struct
{
  HostOptions host;
  gboolean    json;
  gboolean    load;
  int         count;
  int         timeout_s;
} WatchOptions;

static void
watch_options_clear (WatchOptions *self)
{
  _host_options_clear (&self->host);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WatchOptions, watch_options_clear)

typedef struct
{
  const WatchOptions   *options;
  char                **names;   /* (unowned) none: all interfaces */
  AionetHost           *host;    /* (unowned) */
  AionetAddressBackend *backend; /* (unowned) */
  GMainLoop            *loop;    /* (owned) */
  GCancellable         *cancellable;
  JsonNode             *links;   /* (owned) (nullable) the last state */
  GHashTable           *routes;  /* (owned) (element-type utf8 JsonNode) of loaded interfaces */
  GHashTable           *stale;   /* (owned) (element-type utf8) interfaces to load */
  char                 *failure; /* (owned) (nullable) the last that was told */
  guint                 n_running;
  guint                 n_loads;
  int                   n_left;     /* changes until the end; negative: no end */
  gboolean              again;      /* something happened while a run was under way */
  gboolean              is_present; /* all that was there at first has been told */
  int                   status;
} Watch;

static void run (Watch *self);

static void
end (Watch *self, int status)
{
  self->status = status;
  g_cancellable_cancel (self->cancellable);
  g_main_loop_quit (self->loop);
}

/* ------------------------------------------------------------------ telling */

/* Whoever read it has gone, as `head` does: that is an end like any other. Nothing can be written
 * there any more, so that what is still buffered must not fail the end. */
static gboolean
on_output_closed (int fd, GIOCondition condition, gpointer user_data)
{
  int null = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  if (null >= 0)
    {
      dup2 (null, STDOUT_FILENO);
      close (null);
    }
  clearerr (stdout);
  end (user_data, EXIT_DONE);
  return G_SOURCE_REMOVE;
}

static void
flush (Watch *self)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return;
  if (errno == EPIPE)
    on_output_closed (STDOUT_FILENO, G_IO_ERR, self);
  else
    end (self, EXIT_FAILED); /* main() tells why */
}

static void
print_json (JsonObject *details, const char *event, const char *interface)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  g_autoptr (JsonObject) line = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GList) members = json_object_get_members (details);
  g_autofree char *text = NULL;

  json_object_set_string_member (line, "time", time);
  json_object_set_string_member (line, "event", event);
  _output_add_string (line, "interface", interface);
  for (GList *l = members; l != NULL; l = l->next)
    json_object_set_member (line, l->data,
                            json_node_copy (json_object_get_member (details, l->data)));
  json_node_set_object (node, line);
  text = json_to_string (node, FALSE);
  _output_json_text (text);
}

/* Columns of a fixed width, as the next line is not known yet; "interface-up" is "up". */
static char *
text_of_event (const char *event)
{
  g_autofree char *padded = NULL;

  if (g_str_has_prefix (event, "interface-"))
    event += strlen ("interface-");
  padded = g_strdup_printf ("%-15s", event);
  return g_strdelimit (g_steal_pointer (&padded), "-", ' ');
}

static void
add_row (AionetTable *table, const Change *change)
{
  static const OutputStyle STYLES[] = {
    [CHANGE_NEUTRAL] = STYLE_PLAIN, [CHANGE_GAIN] = STYLE_GOOD, [CHANGE_LOSS] = STYLE_BAD
  };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");
  g_autofree char *interface =
      g_strdup_printf ("%-8s", change->interface != NULL ? change->interface : "none");
  g_autofree char *event = text_of_event (change->event);

  _table_add_row (table, STYLES[change->tone],
                  (const char *[]){ time, interface, event, change->text });
}

static gboolean
is_name (Watch *self, const char *name)
{
  return name != NULL && g_strv_contains ((const char *const *) self->names, name);
}

/* A change of name or of the default concerns both: the new one and the old one. */
static gboolean
is_wanted (Watch *self, const Change *change)
{
  JsonNode *was = json_object_has_member (change->details, "was")
                      ? json_object_get_member (change->details, "was")
                      : NULL;

  return self->names[0] == NULL || is_name (self, change->interface) ||
         (was != NULL && json_node_get_value_type (was) == G_TYPE_STRING &&
          is_name (self, json_node_get_string (was)));
}

/* Takes changes. */
static void
tell (Watch *self, GPtrArray *changes)
{
  g_autoptr (GPtrArray) owned = changes;
  g_autoptr (AionetTable) table = _table_new (4, NULL);

  for (guint i = 0; i < changes->len && self->n_left != 0; i++)
    {
      const Change *change = changes->pdata[i];

      if (!is_wanted (self, change))
        continue;
      if (self->is_present && self->n_left > 0)
        self->n_left--;
      if (self->options->json)
        print_json (change->details, change->event, change->interface);
      else
        add_row (table, change);
    }
  _table_print (table);
  flush (self);
  if (self->n_left == 0)
    end (self, EXIT_DONE);
}

static void
tell_present (Watch *self)
{
  gboolean    can_watch = aionet_address_backend_can_watch (self->backend);
  const char *backend = aionet_provider_get_name (AIONET_PROVIDER (self->backend));
  g_autoptr (JsonObject) details = json_object_new ();

  self->is_present = TRUE;
  if (!can_watch)
    _output_tell ("aionet: the address backend “%s” cannot watch; looking every %g s instead\n",
                  backend, POLL_EVERY_MS / 1000.0);
  if (!self->options->json)
    return;
  json_object_set_string_member (details, "backend", backend);
  json_object_set_boolean_member (details, "polling", !can_watch);
  print_json (details, "watching", NULL);
  flush (self);
}

/* The first listing must work; later ones may be tried again, and are told once. */
static void
tell_failure (Watch *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (self->links == NULL)
    {
      end (self, _cmd_fail_error (error));
      return;
    }
  if (g_strcmp0 (self->failure, error->message) == 0)
    return;
  g_free (self->failure);
  self->failure = g_strdup (error->message);
  _cmd_fail_error (error);
}

/* ------------------------------------------------------------------ routes */

static void
end_run (Watch *self)
{
  self->n_running--;
  if (self->n_running > 0)
    return;
  if (!self->is_present && self->links != NULL)
    tell_present (self);
  if (self->again)
    run (self);
}

/* nic: (nullable) it is gone */
static void
compare_routes (Watch *self, const char *name, AionetInterface *nic)
{
  g_autoptr (JsonNode) document = nic != NULL ? aionet_interface_to_json (nic) : NULL;
  JsonNode *before = g_hash_table_lookup (self->routes, name);
  JsonNode *after =
      document != NULL ? json_object_get_member (json_node_get_object (document), "rp") : NULL;

  tell (self, _changes_of_routes (name, before != NULL ? json_node_get_object (before) : NULL,
                                  after != NULL ? json_node_get_object (after) : NULL,
                                  !self->is_present));
  if (after != NULL)
    g_hash_table_replace (self->routes, g_strdup (name), json_node_copy (after));
  else
    g_hash_table_remove (self->routes, name);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch           *self = user_data;
  AionetInterface *nic = AIONET_INTERFACE (source);
  g_autoptr (GError) error = NULL;

  if (!aionet_interface_load_finish (nic, result, &error))
    tell_failure (self, error);
  else
    compare_routes (self, aionet_interface_get_name (nic), nic);
  end_run (self);
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) stale = g_steal_pointer (&self->stale);
  GHashTableIter iter;
  gpointer       name;

  self->stale = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!aionet_host_refresh_finish (AIONET_HOST (source), result, &error))
    tell_failure (self, error);
  g_hash_table_iter_init (&iter, stale);
  while (error == NULL && g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_autoptr (AionetInterface) nic = aionet_host_get_interface (self->host, name);

      if (nic == NULL)
        {
          compare_routes (self, name, NULL);
          continue;
        }
      self->n_running++;
      aionet_interface_load_async (nic, self->cancellable, on_loaded, self);
    }
  end_run (self);
}

/* ------------------------------------------------------------------ links */

static void
mark_stale (Watch *self, GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];
      const char   *was = NULL;

      if (g_strcmp0 (change->event, "interface-renamed") == 0)
        was = json_object_get_string_member (change->details, "was");
      if (was != NULL)
        g_hash_table_add (self->stale, g_strdup (was));
      if (change->interface != NULL && is_wanted (self, change))
        g_hash_table_add (self->stale, g_strdup (change->interface));
    }
}

static void
on_links (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) links =
      aionet_address_backend_list_links_finish (AIONET_ADDRESS_BACKEND (source), result, &error);
  g_autoptr (JsonNode) before = NULL;
  GPtrArray *changes;

  if (links == NULL)
    {
      tell_failure (self, error);
      end_run (self);
      return;
    }
  before = g_steal_pointer (&self->links);
  self->links = _links_to_json (links);
  changes = _changes_of_links (before != NULL ? json_node_get_array (before) : NULL,
                               json_node_get_array (self->links));
  if (self->options->load)
    mark_stale (self, changes);
  tell (self, changes);
  if (g_hash_table_size (self->stale) > 0)
    {
      self->n_running++;
      aionet_host_refresh_async (self->host, self->cancellable, on_refreshed, self);
    }
  end_run (self);
}

static void
run (Watch *self)
{
  self->again = self->n_running > 0;
  if (self->again || g_cancellable_is_cancelled (self->cancellable))
    return;
  self->n_running++;
  aionet_address_backend_list_links_async (self->backend, LIST_TIMEOUT_MS, self->cancellable,
                                           on_links, self);
}

static gboolean
on_poll (gpointer user_data)
{
  Watch *self = user_data;

  if (!aionet_address_backend_can_watch (self->backend))
    run (self);
  return G_SOURCE_CONTINUE;
}

/* ------------------------------------------------------------------ the command */

static gboolean
on_end (gpointer user_data)
{
  end (user_data, EXIT_DONE);
  return G_SOURCE_CONTINUE;
}

static void
watch_in_loop (Watch *self)
{
  guint timeout_s = (guint) self->options->timeout_s;
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_end, self),
    g_unix_signal_add (SIGTERM, on_end, self),
    g_unix_fd_add (STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_output_closed, self),
    g_timeout_add (POLL_EVERY_MS, on_poll, self),
    timeout_s > 0 ? g_timeout_add_seconds (timeout_s, on_end, self) : 0,
  };
  gulong handler = g_signal_connect_swapped (self->backend, "changed", G_CALLBACK (run), self);

  /* Writing to nobody is an error to look at, not a death. */
  signal (SIGPIPE, SIG_IGN);
  run (self);
  g_main_loop_run (self->loop);
  g_signal_handler_disconnect (self->backend, handler);
  while (self->n_running > 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (sources[i] != 0 && g_main_context_find_source_by_id (NULL, sources[i]) != NULL)
      g_source_remove (sources[i]);
}

static int
watch (AionetHost *host, const WatchOptions *options, char **names)
{
  Watch self = { .options = options, .names = names, .host = host, .status = EXIT_DONE };
  g_autoptr (GError) error = NULL;

  self.backend = aionet_host_get_address_backend (host, &error);
  if (self.backend == NULL)
    return _cmd_fail_error (error);
  self.n_left = options->count > 0 ? options->count : -1;
  self.loop = g_main_loop_new (NULL, FALSE);
  self.cancellable = g_cancellable_new ();
  self.routes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  self.stale = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  watch_in_loop (&self);
  g_hash_table_unref (self.stale);
  g_hash_table_unref (self.routes);
  g_clear_pointer (&self.links, json_node_unref);
  g_free (self.failure);
  g_object_unref (self.cancellable);
  g_main_loop_unref (self.loop);
  return self.status;
}

static const char *const EXAMPLES[] = {
  "aionet watch --timeout=1",
  "What is there, and what changes within a second.",
  "aionet watch eth0 --json",
  "One interface, for a program: an object a line.",
  "aionet watch --load --timeout=1",
  "External addresses, too.",
  NULL,
};

int
_cmd_watch (int argc, char *argv[])
{
  g_auto (WatchOptions) options = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print one JSON object a line", NULL },
    { "load", 0, 0, G_OPTION_ARG_NONE, &options.load,
      "ask servers for external addresses, again when an interface changes", NULL },
    { "count", 0, 0, G_OPTION_ARG_INT, &options.count,
      "end after so many changes, 1 or more (never)", "N" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &options.timeout_s,
      "end after so many seconds, 1 or more (never)", "SECONDS" },
    { NULL },
  };
  const GOptionEntry asking[] = {
    { "provider", 0, 0, G_OPTION_ARG_STRING, &options.host.provider,
      "STUN provider to use (the best there is)", "PROVIDER" },
    { NULL },
  };
  g_autoptr (CommandLine) line =
      _line_new (PROGRAM, "[NIC…]",
                 "Prints what is there, and then what changes on this host as it happens: "
                 "interfaces, addresses, gateways and default routes. With names, only of those "
                 "interfaces, which need not be there yet.");
  g_autoptr (AionetHost) host = NULL;
  int status;

  line->examples = EXAMPLES;
  line->exit_status = "0 ended by a signal, by --count or --timeout, or because nobody reads on; 1 "
                      "failed (one line on standard error says why), 2 wrong command line.";
  _line_add (line, "Options", entries);
  _host_options_add_backend (&options.host, line);
  _host_options_add_consensus (&options.host, line);
  _line_add (line, "Asking STUN servers", asking);
  if (!_line_parse (line, &argc, &argv, &status))
    return status;
  if (options.count < 0)
    return _cmd_misuse (PROGRAM, "--count is 1 or more");
  if (options.timeout_s < 0)
    return _cmd_misuse (PROGRAM, "--timeout is 1 or more seconds");
  host = _host_options_make_host (&options.host, PROGRAM, &status);
  return host != NULL ? watch (host, &options, argv + 1) : status;
}
