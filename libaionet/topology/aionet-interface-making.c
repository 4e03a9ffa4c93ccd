/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "topology/aionet-interface.h"

#include <string.h>

#include "topology/aionet-interface-json-private.h"
#include "topology/aionet-interface-private.h"
#include "value/aionet-json-private.h"

/* The part of AionetInterface that makes interfaces, out of names and out of JSON, and JSON out of
 * them. */

#define TEXT_BEFORE "Interface.from_dict("
#define TEXT_AFTER ")"

/**
 * aionet_interface_new:
 * @name: (nullable): the system's name of the interface, `default`, or %NULL for the one that the
 *   system prefers
 *
 * Makes an interface by its name.
 *
 * Does no input or output: whether there is such an interface shows when it is loaded. `default`
 * is the same as [ctor@Interface.new_default].
 *
 * Returns: (transfer full): a new interface
 *
 * Since: 0.1
 */
AionetInterface *
aionet_interface_new (const char *name)
{
  return g_object_new (AIONET_TYPE_INTERFACE, "name", name, NULL);
}

/**
 * aionet_interface_new_default:
 *
 * Makes the lightweight interface that leaves all choices to the system.
 *
 * It is usable at once and never does input or output by itself. Its pools are empty, as nothing
 * is known about addresses; [method@Interface.get_route] gives a route that binds to any address.
 *
 * Returns: (transfer full): a new interface
 *
 * Since: 0.1
 */
AionetInterface *
aionet_interface_new_default (void)
{
  return aionet_interface_new ("default");
}

/**
 * aionet_interface_new_from_json:
 * @node: what [method@Interface.to_json] gave, or the same of an other library of this form
 * @error: return location for an error
 *
 * Makes an interface out of what is known about it, without looking anything up.
 *
 * Members that are not known are kept and written again. Of labels and numbers that contradict each
 * other, numbers win. Address families are read by the numbers of any platform: 2 is IPv4; 10, 23,
 * 24, 28 and 30 are IPv6.
 *
 * Errors: %AIONET_ERROR_INVALID_JSON when the document has not the expected form.
 *
 * Returns: (transfer full): a new interface, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetInterface *
aionet_interface_new_from_json (JsonNode *node, GError **error)
{
  g_autoptr (AionetInterface) self = NULL;
  AionetInterfaceState *state;

  g_return_val_if_fail (node != NULL, NULL);

  self = aionet_interface_new (NULL);
  state = _aionet_interface_state_from_json (node, self, error);
  if (state == NULL)
    return NULL;
  _aionet_interface_put_state (self, state);
  return g_steal_pointer (&self);
}

/**
 * aionet_interface_new_from_json_string:
 * @text: a JSON document, or what [method@Interface.to_string] gave
 * @error: return location for an error
 *
 * Makes an interface out of a JSON text, see [ctor@Interface.new_from_json].
 *
 * Errors: %AIONET_ERROR_INVALID_JSON when the text is no JSON, too deep, too large, or has not the
 * expected form.
 *
 * Returns: (transfer full): a new interface, or %NULL with @error set
 *
 * Since: 0.1
 */
AionetInterface *
aionet_interface_new_from_json_string (const char *text, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  if (g_str_has_prefix (text, TEXT_BEFORE) && g_str_has_suffix (text, TEXT_AFTER))
    {
      text += strlen (TEXT_BEFORE);
      length -= strlen (TEXT_BEFORE) + strlen (TEXT_AFTER);
    }
  node = _aionet_json_parse (text, (gssize) length, error);
  return node != NULL ? aionet_interface_new_from_json (node, error) : NULL;
}

/**
 * aionet_interface_to_json:
 * @self: the interface
 *
 * Describes the interface as JSON: `name`, `nat`, `rp` (the routes by address family), and more.
 *
 * Returns: (transfer full): an object node
 *
 * Since: 0.1
 */
JsonNode *
aionet_interface_to_json (AionetInterface *self)
{
  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  return _aionet_interface_state_to_json (_aionet_interface_get_state (self));
}

/**
 * aionet_interface_to_json_string:
 * @self: the interface
 *
 * Describes the interface as JSON text, indented by four spaces.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
aionet_interface_to_json_string (AionetInterface *self)
{
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  node = aionet_interface_to_json (self);
  return _aionet_json_to_string (node, TRUE);
}

/**
 * aionet_interface_to_string:
 * @self: the interface
 *
 * Describes the interface for people: `Interface.from_dict(` JSON `)`.
 *
 * [ctor@Interface.new_from_json_string] reads it.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
aionet_interface_to_string (AionetInterface *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), NULL);

  text = aionet_interface_to_json_string (self);
  return g_strconcat (TEXT_BEFORE, text, TEXT_AFTER, NULL);
}

/**
 * aionet_interface_equal:
 * @self: an interface
 * @other: another one
 *
 * Tells whether two interfaces are described by the same JSON.
 *
 * Returns: %TRUE when they are
 *
 * Since: 0.1
 */
gboolean
aionet_interface_equal (AionetInterface *self, AionetInterface *other)
{
  g_autofree char *text = NULL;
  g_autofree char *other_text = NULL;

  g_return_val_if_fail (AIONET_IS_INTERFACE (self), FALSE);
  g_return_val_if_fail (AIONET_IS_INTERFACE (other), FALSE);

  if (self == other)
    return TRUE;
  text = aionet_interface_to_json_string (self);
  other_text = aionet_interface_to_json_string (other);
  return strcmp (text, other_text) == 0;
}

void
_aionet_interface_refresh (AionetInterface *self, AionetLink *link, GListModel *links)
{
  _aionet_interface_put_state (self, _aionet_interface_state_new_refreshed (
                                         _aionet_interface_get_state (self), link, links));
}
