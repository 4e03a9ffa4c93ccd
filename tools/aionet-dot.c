/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-dot.h"

#include <aionet.h>
#include <string.h>

/* One table an interface, with a row (and a port to draw from) an address; a dot an address pool
 * that is translated, all in the box of the NAT; the external addresses in a box of their own.
 * An external address that two interfaces have is one node. Filled shapes have dark text of their
 * own, all else is of a grey that is read on light and on dark paper; the paper stays as it is. */

#define GREY "#7d8590"
#define RED "#c4554d"
#define GREEN "#4c9a62"
/* Beyond this, numbers say less than words: the guide has "a lot of IPs" for a /64. */
#define MANY G_GUINT64_CONSTANT (0xffffffff)

static const char HEAD[] =
    "digraph aionet {\n"
    "  graph [rankdir=LR, bgcolor=transparent, fontname=\"Helvetica,Arial,sans-serif\","
    " fontsize=11, fontcolor=\"" GREY "\", nodesep=0.18, ranksep=0.9];\n"
    "  node [shape=plain, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11];\n"
    "  edge [color=\"" GREY "\", fontcolor=\"" GREY "\", fontname=\"Helvetica,Arial,sans-serif\","
    " fontsize=9, arrowsize=0.7];\n";

typedef struct
{
  GString    *inside;    /* (owned) tables of interfaces */
  GString    *between;   /* (owned) boxes of NATs */
  GString    *outside;   /* (owned) external addresses */
  GString    *silence;   /* (owned) why there is none */
  GString    *edges;     /* (owned) */
  GHashTable *externals; /* (owned) (element-type utf8 guint) */
  GHashTable *reasons;   /* (owned) (element-type utf8 guint) */
} Picture;

/* What is being drawn of one interface. */
typedef struct
{
  Picture    *picture;
  JsonObject *document;
  guint       number;
  GPtrArray  *rows;  /* (owned) (element-type utf8) keys; the position is the port */
  GPtrArray  *links; /* (owned) (element-type utf8) keys of link-local addresses */
  GString    *nats;  /* (owned) the dots in the box of the NAT */
  guint       n_nats;
} Card;

/* ------------------------------------------------------------------ text */

/* Names come from outside: they are quoted, and nothing invisible is left of them. */
static char *
escape (const char *text)
{
  GString         *escaped = g_string_new (NULL);
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (strchr ("&<>\"", (int) *p) != NULL)
        g_string_append_printf (escaped, "&#%d;", *p);
      else if (g_unichar_isprint (character))
        g_string_append_unichar (escaped, character);
      else
        g_string_append_c (escaped, '?');
    }
  return g_string_free (escaped, FALSE);
}

/* "8.8.0.0/16", and an address without its prefix when it is a single one */
static char *
key_of_range (JsonObject *range)
{
  const char *ip = json_object_get_string_member_with_default (range, "ip", "");
  gint64      width = strchr (ip, ':') != NULL ? 128 : 32;
  gint64      length = json_object_get_int_member_with_default (range, "cidr", width);

  return length == width ? g_strdup (ip) : g_strdup_printf ("%s/%" G_GINT64_FORMAT, ip, length);
}

/* What stands beside an address: how many there are, or where it can be reached from. */
static char *
text_of_extent (const char *key)
{
  g_autoptr (AionetIpRange) range = aionet_ip_range_new_from_string (key, NULL);
  guint64 n = range != NULL ? aionet_ip_range_get_n_addresses (range) : 1;

  if (n > MANY)
    return g_strdup ("a lot of addresses");
  if (n > 1)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " addresses", n);
  if (range == NULL)
    return g_strdup ("");
  if (aionet_ip_range_is_link_local (range))
    return g_strdup ("link-local");
  if (g_inet_address_get_is_loopback (aionet_ip_range_get_address (range)))
    return g_strdup ("loopback");
  return g_strdup (aionet_ip_range_is_public (range) ? "public" : "private");
}

/* "random delta (local port == rand port)" is too long for a box. */
static char *
first_words (const char *label)
{
  const char *end = strstr (label, " (");

  return end != NULL ? g_strndup (label, (gsize) (end - label)) : g_strdup (label);
}

static char *
text_of_nat (JsonObject *nat)
{
  JsonObject      *delta = json_object_get_object_member (nat, "delta");
  g_autofree char *type = NULL;
  g_autofree char *ports = NULL;
  gint64           value = json_object_get_int_member_with_default (delta, "value", 0);

  if (!json_object_get_boolean_member_with_default (nat, "tested", FALSE))
    return g_strdup ("NAT, not tested");
  type = first_words (json_object_get_string_member_with_default (nat, "nat_info", ""));
  ports = first_words (json_object_get_string_member_with_default (nat, "delta_info", ""));
  if (json_object_get_int_member_with_default (delta, "type", 0) ==
      AIONET_DELTA_TYPE_NOT_APPLICABLE)
    return g_strdup_printf ("NAT: %s", type);
  if (value != 0)
    return g_strdup_printf ("NAT: %s<br/>%s, %+" G_GINT64_FORMAT, type, ports, value);
  return g_strdup_printf ("NAT: %s<br/>%s", type, ports);
}

/* ------------------------------------------------------------------ nodes */

static JsonArray *
get_array (JsonObject *object, const char *member)
{
  return json_object_has_member (object, member) ? json_object_get_array_member (object, member)
                                                 : NULL;
}

static guint
length_of (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static void
collect_keys (GPtrArray *keys, JsonArray *ranges)
{
  for (guint i = 0; i < length_of (ranges); i++)
    {
      g_autofree char *key = key_of_range (json_array_get_object_element (ranges, i));

      if (!g_ptr_array_find_with_equal_func (keys, key, g_str_equal, NULL))
        g_ptr_array_add (keys, g_steal_pointer (&key));
    }
}

static gboolean
has_key (GPtrArray *keys, const char *key)
{
  return g_ptr_array_find_with_equal_func (keys, key, g_str_equal, NULL);
}

/* The node of a text; made at first need by node, which takes its number. */
static guint
intern (GHashTable *numbers, const char *text, gboolean *is_new)
{
  gpointer known;

  *is_new = !g_hash_table_lookup_extended (numbers, text, NULL, &known);
  if (!*is_new)
    return GPOINTER_TO_UINT (known);
  g_hash_table_insert (numbers, g_strdup (text), GUINT_TO_POINTER (g_hash_table_size (numbers)));
  return g_hash_table_size (numbers) - 1;
}

static guint
add_external (Picture *self, const char *key)
{
  g_autofree char *extent = text_of_extent (key);
  g_autofree char *text = escape (key);
  gboolean         is_new;
  guint            number = intern (self->externals, key, &is_new);

  if (is_new)
    g_string_append_printf (self->outside,
                            "    ext%u [shape=box, style=\"rounded,filled\", color=\"" GREEN
                            "\", fillcolor=\"#d9efdc\","
                            " fontcolor=\"#12351d\", margin=\"0.12,0.06\", label=<<b>%s</b><br/>"
                            "<font point-size=\"9\">%s</font>>];\n",
                            number, text, extent);
  return number;
}

static guint
add_reason (Picture *self, const char *reason)
{
  g_autofree char *text = escape (reason);
  gboolean         is_new;
  guint            number = intern (self->reasons, reason, &is_new);

  if (is_new)
    g_string_append_printf (
        self->silence,
        "  none%u [shape=box, style=\"rounded,filled,dashed\", color=\"" RED "\","
        " fillcolor=\"#f7dfdc\", fontcolor=\"#4d1713\", margin=\"0.12,0.06\","
        " label=<<b>no external address</b><br/><font point-size=\"9\">%s</font>>];\n",
        number, text);
  return number;
}

/* The port is at the right end, where edges begin. */
static void
add_row (GString *table, guint port, const char *key, gboolean is_link_local)
{
  g_autofree char *text = escape (key);
  g_autofree char *extent = text_of_extent (key);
  const char      *fill = is_link_local ? "#e6e9ee" : "#dce9f7";

  g_string_append_printf (table,
                          "<tr><td align=\"left\" bgcolor=\"%s\"><font color=\"%s\">%s</font></td>"
                          "<td port=\"p%u\" align=\"right\" bgcolor=\"%s\">"
                          "<font color=\"#5c6773\" point-size=\"9\">%s</font></td></tr>",
                          fill, is_link_local ? "#4c5560" : "#10263c", text, port, fill, extent);
}

/* "ethernet, default, 02:00:00:00:00:02" */
static char *
text_of_facts (JsonObject *document)
{
  const char *hardware =
      json_object_get_string_member_with_default (document, "hardware_address", NULL);
  JsonObject *is_default = json_object_has_member (document, "is_default")
                               ? json_object_get_object_member (document, "is_default")
                               : NULL;
  g_autoptr (GList) values = is_default != NULL ? json_object_get_values (is_default) : NULL;
  g_autoptr (GString) text =
      g_string_new (json_object_get_string_member_with_default (document, "kind", "other"));
  gboolean is_preferred = FALSE;

  for (GList *l = values; l != NULL; l = l->next)
    is_preferred |= json_node_get_boolean (l->data);
  if (is_preferred)
    g_string_append (text, ", default");
  if (!json_object_get_boolean_member_with_default (document, "is_up", TRUE))
    g_string_append (text, ", down");
  if (hardware != NULL)
    g_string_append_printf (text, ", %s", hardware);
  return escape (text->str);
}

static void
add_table (Card *self)
{
  GString         *table = self->picture->inside;
  g_autofree char *name =
      escape (json_object_get_string_member_with_default (self->document, "name", ""));
  g_autofree char *facts = text_of_facts (self->document);

  g_string_append_printf (
      table,
      "  nic%u [label=<<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"5\""
      " color=\"#3d6c9e\"><tr><td colspan=\"2\" align=\"left\" bgcolor=\"#3d6c9e\">"
      "<font color=\"#f4f8fc\"><b>%s</b></font><br align=\"left\"/>"
      "<font color=\"#d3e2f1\" point-size=\"9\">%s</font><br align=\"left\"/></td></tr>",
      self->number, name, facts);
  for (guint i = 0; i < self->rows->len; i++)
    add_row (table, i, self->rows->pdata[i], has_key (self->links, self->rows->pdata[i]));
  if (self->rows->len == 0)
    g_string_append (table, "<tr><td colspan=\"2\" align=\"left\" bgcolor=\"#e6e9ee\">"
                            "<font color=\"#4c5560\">no address</font></td></tr>");
  g_string_append (table, "</table>>];\n");
}

/* ------------------------------------------------------------------ edges */

static void
add_edge_from (Card *self, const char *key, const char *to, guint number, const char *attributes)
{
  guint port;

  if (!g_ptr_array_find_with_equal_func (self->rows, key, g_str_equal, &port))
    return;
  g_string_append_printf (self->picture->edges, "  nic%u:p%u:e -> %s%u", self->number, port, to,
                          number);
  g_string_append_printf (self->picture->edges, "%s;\n", attributes);
}

/* Translated addresses meet in a dot, which all externals of the route come from. */
static void
add_translation (Card *self, GPtrArray *translated, GPtrArray *externals, gboolean confirmed)
{
  GString         *edges = self->picture->edges;
  g_autofree char *dot = g_strdup_printf ("nat%u_", self->number);
  guint            number = self->n_nats++;

  g_string_append_printf (self->nats,
                          "    %s%u [shape=circle, width=0.14, fixedsize=true, label=\"\","
                          " style=filled, color=\"#b5812f\", fillcolor=\"#f0c47c\"];\n",
                          dot, number);
  for (guint i = 0; i < translated->len; i++)
    add_edge_from (self, translated->pdata[i], dot, number,
                   confirmed ? " [arrowhead=none]" : " [arrowhead=none, style=dashed]");
  for (guint i = 0; i < externals->len; i++)
    g_string_append_printf (edges, "  %s%u -> ext%u%s;\n", dot, number,
                            add_external (self->picture, externals->pdata[i]),
                            confirmed ? "" : " [style=dashed, label=\"not confirmed\"]");
}

static void
add_route (Card *self, JsonObject *route)
{
  g_autoptr (GPtrArray) locals = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) externals = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) translated = g_ptr_array_new ();
  gboolean confirmed = json_object_get_boolean_member_with_default (route, "confirmed", TRUE);

  collect_keys (locals, get_array (route, "nic_ips"));
  collect_keys (externals, get_array (route, "ext_ips"));
  for (guint i = 0; i < locals->len; i++)
    if (!has_key (externals, locals->pdata[i]) && !has_key (self->links, locals->pdata[i]))
      g_ptr_array_add (translated, locals->pdata[i]);
  if (translated->len > 0)
    add_translation (self, translated, externals, confirmed);
  for (guint i = 0; i < externals->len; i++)
    {
      guint number = add_external (self->picture, externals->pdata[i]);

      add_edge_from (self, externals->pdata[i], "ext", number,
                     confirmed ? " [color=\"" GREEN "\"]"
                               : " [color=\"" GREEN "\", style=dashed, label=\"not confirmed\"]");
      for (guint k = 0; k < self->links->len; k++)
        if (has_key (locals, self->links->pdata[k]))
          add_edge_from (self, self->links->pdata[k], "ext", number,
                         " [style=dotted, arrowhead=none]");
    }
}

static void
add_routes (Card *self)
{
  JsonObject *rp = json_object_get_object_member (self->document, "rp");
  g_autoptr (GList) members = json_object_get_members (rp);

  for (GList *l = members; l != NULL; l = l->next)
    for (guint i = 0; i < length_of (get_array (rp, l->data)); i++)
      add_route (self, json_array_get_object_element (get_array (rp, l->data), i));
}

static void
add_unreachable (Card *self)
{
  JsonArray  *unreachable = get_array (self->document, "unreachable");
  const char *kind = json_object_get_string_member_with_default (self->document, "kind", "");

  /* That nobody answers there is no news. */
  if (strcmp (kind, "loopback") == 0)
    return;
  for (guint i = 0; i < length_of (unreachable); i++)
    {
      JsonObject      *item = json_array_get_object_element (unreachable, i);
      g_autofree char *key = key_of_range (item);
      const char *reason = json_object_get_string_member_with_default (item, "reason", "not known");

      add_edge_from (self, key, "none", add_reason (self->picture, reason),
                     " [color=\"" RED "\", style=dashed]");
    }
}

static void
add_nat_box (Card *self)
{
  g_autofree char *text = text_of_nat (json_object_get_object_member (self->document, "nat"));

  if (self->n_nats == 0)
    return;
  g_string_append_printf (self->picture->between,
                          "  subgraph cluster_nat%u {\n"
                          "    label=<%s>; fontsize=10; style=\"rounded,dashed\";"
                          " color=\"#b5812f\"; margin=12;\n%s  }\n",
                          self->number, text, self->nats->str);
}

/* Blocks of a route are not always among the addresses. */
static void
collect_rows (Card *self)
{
  JsonObject *rp = json_object_get_object_member (self->document, "rp");
  g_autoptr (GList) members = json_object_get_members (rp);

  collect_keys (self->links, get_array (self->document, "link_local_ips"));
  collect_keys (self->rows, get_array (self->document, "addresses"));
  for (GList *l = members; l != NULL; l = l->next)
    for (guint i = 0; i < length_of (get_array (rp, l->data)); i++)
      collect_keys (
          self->rows,
          get_array (json_array_get_object_element (get_array (rp, l->data), i), "nic_ips"));
  collect_keys (self->rows, get_array (self->document, "unreachable"));
  /* Last, whatever they were found in. */
  for (guint i = 0; i < self->links->len; i++)
    {
      guint position;

      if (g_ptr_array_find_with_equal_func (self->rows, self->links->pdata[i], g_str_equal,
                                            &position))
        g_ptr_array_remove_index (self->rows, position);
      g_ptr_array_add (self->rows, g_strdup (self->links->pdata[i]));
    }
}

static void
add_card (Picture *picture, JsonObject *document, guint number)
{
  Card self = { .picture = picture, .document = document, .number = number };

  self.rows = g_ptr_array_new_with_free_func (g_free);
  self.links = g_ptr_array_new_with_free_func (g_free);
  self.nats = g_string_new (NULL);
  collect_rows (&self);
  add_table (&self);
  add_routes (&self);
  add_unreachable (&self);
  add_nat_box (&self);
  g_ptr_array_unref (self.rows);
  g_ptr_array_unref (self.links);
  g_string_free (self.nats, TRUE);
}

static char *
join (Picture *self)
{
  GString *text = g_string_new (HEAD);

  g_string_append (text, self->inside->str);
  g_string_append (text, self->between->str);
  if (self->outside->len > 0)
    g_string_append_printf (text,
                            "  subgraph cluster_outside {\n"
                            "    label=\"outside\"; style=rounded; color=\"" GREY
                            "\"; margin=12;\n%s  }\n",
                            self->outside->str);
  g_string_append (text, self->silence->str);
  g_string_append (text, self->edges->str);
  g_string_append (text, "}\n");
  return g_string_free (text, FALSE);
}

char *
_interfaces_to_dot (JsonArray *interfaces)
{
  Picture self = { 0 };
  char   *text;

  self.inside = g_string_new (NULL);
  self.between = g_string_new (NULL);
  self.outside = g_string_new (NULL);
  self.silence = g_string_new (NULL);
  self.edges = g_string_new (NULL);
  self.externals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < json_array_get_length (interfaces); i++)
    add_card (&self, json_array_get_object_element (interfaces, i), i);
  text = join (&self);
  g_string_free (self.inside, TRUE);
  g_string_free (self.between, TRUE);
  g_string_free (self.outside, TRUE);
  g_string_free (self.silence, TRUE);
  g_string_free (self.edges, TRUE);
  g_hash_table_unref (self.externals);
  g_hash_table_unref (self.reasons);
  return text;
}
