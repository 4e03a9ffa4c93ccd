/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-selection-private.h"

#include "provider/aionet-plugin-info-private.h"
#include "provider/aionet-provider-private.h"
#include "value/aionet-error.h"

static gboolean
is_candidate (AionetPluginInfo *info, GType kind)
{
  GType type = aionet_plugin_info_get_provider_type (info);

  return type != G_TYPE_INVALID && g_type_is_a (type, kind);
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  AionetPluginInfo *first = *(AionetPluginInfo *const *) a;
  AionetPluginInfo *second = *(AionetPluginInfo *const *) b;
  int               difference;

  difference =
      (aionet_plugin_info_get_priority (second) > aionet_plugin_info_get_priority (first)) -
      (aionet_plugin_info_get_priority (second) < aionet_plugin_info_get_priority (first));
  return difference != 0 ? difference
                         : g_strcmp0 (aionet_plugin_info_get_name (first),
                                      aionet_plugin_info_get_name (second));
}

/* (transfer container): best first */
static GPtrArray *
list_candidates (GPtrArray *infos, GType kind)
{
  GPtrArray *candidates = g_ptr_array_new ();

  for (guint i = 0; i < infos->len; i++)
    {
      if (is_candidate (infos->pdata[i], kind))
        g_ptr_array_add (candidates, infos->pdata[i]);
    }
  g_ptr_array_sort (candidates, compare_candidates);
  return candidates;
}

/* Makes the provider, and keeps in info whether it works. */
static AionetProvider *
try_candidate (AionetPluginInfo *info, GError **error)
{
  g_autoptr (AionetProvider) provider = NULL;
  g_autoptr (GError) reason = NULL;
  const char *name = aionet_plugin_info_get_name (info);

  provider = g_object_new (aionet_plugin_info_get_provider_type (info), NULL);
  _aionet_provider_set_name (provider, name);
  if (aionet_provider_is_supported (provider, &reason))
    {
      _aionet_plugin_info_set_state (info, AIONET_PLUGIN_STATE_READY, NULL);
      return g_steal_pointer (&provider);
    }
  g_debug ("Provider “%s” is not supported: %s", name, reason->message);
  _aionet_plugin_info_set_state (info, AIONET_PLUGIN_STATE_UNSUPPORTED, reason->message);
  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

static char *
join_names (GPtrArray *candidates)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < candidates->len; i++)
    g_string_append_printf (names, i == 0 ? "%s" : ", %s",
                            aionet_plugin_info_get_name (candidates->pdata[i]));
  return g_strdup (names->len > 0 ? names->str : "none");
}

/* A module of that name that was refused says more than a list of other names. */
static const char *
find_refusal (GPtrArray *infos, const char *name)
{
  for (guint i = 0; i < infos->len; i++)
    {
      if (aionet_plugin_info_get_state (infos->pdata[i]) == AIONET_PLUGIN_STATE_REFUSED &&
          g_str_equal (aionet_plugin_info_get_name (infos->pdata[i]), name))
        return aionet_plugin_info_get_reason (infos->pdata[i]);
    }
  return NULL;
}

static void
set_unknown_error (
    GPtrArray *infos, GType kind, const char *kind_name, const char *name, GError **error)
{
  g_autoptr (GPtrArray) candidates = list_candidates (infos, kind);
  g_autofree char *names = join_names (candidates);
  const char      *refusal = find_refusal (infos, name);

  if (refusal != NULL)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER, "Plugin “%s” was refused: %s", name,
                 refusal);
  else
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER,
                 "No %s is named “%s”; there are: %s", kind_name, name, names);
}

static AionetProvider *
create_named (GPtrArray *infos, GType kind, const char *kind_name, const char *name, GError **error)
{
  AionetPluginInfo *info = _aionet_selection_find (infos, kind, name);
  AionetProvider   *provider;
  g_autoptr (GError) reason = NULL;

  if (info == NULL)
    {
      set_unknown_error (infos, kind, kind_name, name, error);
      return NULL;
    }
  provider = try_candidate (info, &reason);
  if (provider == NULL)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER, "%s “%s” does not work here: %s",
                 kind_name, name, reason->message);
  return provider;
}

static AionetProvider *
create_best (GPtrArray *infos, GType kind, const char *kind_name, GError **error)
{
  g_autoptr (GPtrArray) candidates = list_candidates (infos, kind);
  g_autoptr (GString) reasons = g_string_new (NULL);

  for (guint i = 0; i < candidates->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      AionetProvider *provider = try_candidate (candidates->pdata[i], &reason);

      if (provider != NULL)
        return provider;
      g_string_append_printf (reasons, "%s%s: %s", i == 0 ? "" : "; ",
                              aionet_plugin_info_get_name (candidates->pdata[i]), reason->message);
    }
  if (candidates->len == 0)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER, "No plugin provides a %s",
                 kind_name);
  else
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_NO_PROVIDER, "No %s works here: %s", kind_name,
                 reasons->str);
  return NULL;
}

AionetPluginInfo *
_aionet_selection_find (GPtrArray *infos, GType kind, const char *name)
{
  for (guint i = 0; i < infos->len; i++)
    {
      if (is_candidate (infos->pdata[i], kind) &&
          g_str_equal (aionet_plugin_info_get_name (infos->pdata[i]), name))
        return infos->pdata[i];
    }
  return NULL;
}

/* Whoever sets the variable means it: another provider would only hide a mistake. */
static const char *
get_chosen_name (const AionetProviderKind *kind)
{
  const char *name = kind->environment != NULL ? g_getenv (kind->environment) : NULL;

  return name != NULL && name[0] != '\0' ? name : NULL;
}

AionetProvider *
_aionet_selection_create (GPtrArray *infos, GType kind, const char *name, GError **error)
{
  const AionetProviderKind *about = NULL;
  AionetProvider           *provider;
  const char               *chosen;

  _aionet_provider_type_get_kind (kind, &about);
  if (name != NULL)
    return create_named (infos, kind, about->name, name, error);
  chosen = get_chosen_name (about);
  if (chosen == NULL)
    return create_best (infos, kind, about->name, error);
  provider = create_named (infos, kind, about->name, chosen, error);
  if (provider == NULL)
    g_prefix_error (error, "%s=%s: ", about->environment, chosen);
  return provider;
}

void
_aionet_selection_check (GPtrArray *infos)
{
  for (guint i = 0; i < infos->len; i++)
    {
      g_autoptr (AionetProvider) provider = NULL;

      if (aionet_plugin_info_get_provider_type (infos->pdata[i]) != G_TYPE_INVALID)
        provider = try_candidate (infos->pdata[i], NULL);
    }
}

static const char *
describe_state (AionetPluginState state)
{
  switch (state)
    {
    case AIONET_PLUGIN_STATE_READY:
      return "ready";
    case AIONET_PLUGIN_STATE_UNSUPPORTED:
      return "does not work here";
    case AIONET_PLUGIN_STATE_REFUSED:
      return "refused";
    case AIONET_PLUGIN_STATE_SHADOWED:
      return "not used";
    default:
      return "unknown";
    }
}

static void
explain_info (GString *text, AionetPluginInfo *info, gboolean with_priority)
{
  const char *reason = aionet_plugin_info_get_reason (info);
  const char *path = aionet_plugin_info_get_path (info);

  g_string_append_printf (text, "  %s", aionet_plugin_info_get_name (info));
  if (with_priority)
    g_string_append_printf (text, ", priority %d", aionet_plugin_info_get_priority (info));
  if (path != NULL)
    g_string_append_printf (text, ", %s", path);
  g_string_append_printf (text, ": %s", describe_state (aionet_plugin_info_get_state (info)));
  if (reason != NULL)
    g_string_append_printf (text, ": %s", reason);
  g_string_append_c (text, '\n');
}

char *
_aionet_selection_explain (GPtrArray *infos, GType kind)
{
  g_autoptr (GPtrArray) candidates = list_candidates (infos, kind);
  g_autoptr (GString) text = g_string_new (NULL);
  const AionetProviderKind *about = NULL;

  _aionet_provider_type_get_kind (kind, &about);
  g_string_append (text, about->name);
  if (get_chosen_name (about) != NULL)
    g_string_append_printf (text, ", %s=%s", about->environment, get_chosen_name (about));
  g_string_append (text, ":\n");
  for (guint i = 0; i < candidates->len; i++)
    explain_info (text, candidates->pdata[i], TRUE);
  for (guint i = 0; i < infos->len; i++)
    {
      if (aionet_plugin_info_get_provider_type (infos->pdata[i]) == G_TYPE_INVALID)
        explain_info (text, infos->pdata[i], FALSE);
    }
  return g_strdup (text->str);
}
